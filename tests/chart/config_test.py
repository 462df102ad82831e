"""The configuration that a value set makes is one that the daemon takes, and says what the values say."""

import unittest

import yaml

from tests.chart import helm, pods
from tests.support import daemon


def parsed(values) -> dict:
    return {name: yaml.safe_load(text) for name, text in pods.configurations(helm.render(values)).items()}


class ConfigTest(unittest.TestCase):
    def test_every_set_is_valid(self):
        for values in helm.SETS:
            things = helm.render(values)
            for workload in helm.workloads(things):
                with self.subTest(f"{values.name} {workload['metadata']['name']}"):
                    done = pods.check(things, workload)
                    self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_wrong_one_is_refused_with_its_line(self):
        things = helm.render({"config": {"processors": {"tail_sampling": {"decision_wait": "ten seconds"}}}})
        done = pods.check(things, helm.workloads(things)[0])
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"config\.yaml:\d+: processors::tail_sampling::decision_wait: ")

    def test_memory_is_the_limit_less_the_reserve(self):
        for limit, reserve, budget in (("1Gi", 128, 896), ("256Mi", 128, 128), ("8Gi", 256, 7936)):
            with self.subTest(limit):
                engine = parsed({"resources": {"limits": {"memory": limit}}, "memoryReserveMib": reserve})["shop-tailrace"]["service"]["tailrace"]
                total = pods.quantity(limit) / 2**20
                self.assertLessEqual(total * engine["memory_budget_percentage"] / 100, budget)
                self.assertGreater(total * engine["memory_budget_percentage"] / 100, budget - total / 5000)

    def test_shards_are_the_requested_processors(self):
        for cpu, shards in (("500m", 1), ("1500m", 2), ("4", 4)):
            with self.subTest(cpu):
                things = helm.render({"resources": {"requests": {"cpu": cpu}}})
                self.assertEqual(pods.effective(things, helm.workloads(things)[0])["service"]["tailrace"]["shards"], shards)

    def test_what_config_says_goes_before_what_the_chart_adds(self):
        own = {"shards": 0, "memory_budget_mib": 100}
        engine = parsed({"config": {"service": {"tailrace": own}}})["shop-tailrace"]["service"]["tailrace"]
        self.assertEqual(engine, own)

    def test_null_removes_and_large_numbers_stay_whole(self):
        config = parsed(helm.CHART / "ci" / "05-backend-values.yaml")["shop-tailrace"]
        self.assertEqual(list(config["exporters"]), ["otlp/jaeger"])
        self.assertEqual(config["processors"]["tail_sampling"]["num_traces"], 2500000)
        text = pods.configurations(helm.render({"config": {"processors": {"tail_sampling": {"num_traces": 1000000}}}}))["shop-tailrace"]
        self.assertIn("num_traces: 1000000\n", text)

    def test_routers_resolve_the_headless_service(self):
        for kind, wanted in (("k8s", {"k8s": {"service": "shop-tailrace-sampler.tracing", "ports": [4317]}}),
                             ("dns", {"dns": {"hostname": "shop-tailrace-sampler.tracing.svc.cluster.local", "port": "4317", "interval": "5s"}})):
            with self.subTest(kind):
                things = helm.render({"mode": "gateway", "router": {"resolver": {"type": kind}}})
                config = yaml.safe_load(pods.configurations(things)["shop-tailrace-router"])
                self.assertEqual(config["exporters"]["load_balancing"], {"routing_key": "traceID", "protocol": {"otlp": {"tls": {"insecure": True}}}, "resolver": wanted})
                self.assertEqual(helm.find(things, "Service", "shop-tailrace-sampler")["spec"]["clusterIP"], "None")

    def test_tls_and_users_are_the_entrys_only(self):
        configs = parsed(helm.CHART / "ci" / "07-gateway-tls-and-users-values.yaml")
        for protocol in configs["shop-tailrace-router"]["receivers"]["otlp"]["protocols"].values():
            self.assertEqual(protocol["tls"]["cert_file"], "/etc/tailrace/tls/tls.crt")
            self.assertEqual(protocol["auth"], {"authenticator": "basicauth/clients"})
        self.assertEqual(configs["shop-tailrace-router"]["service"]["extensions"], ["health_check", "basicauth/clients"])
        self.assertNotIn("basicauth", str(configs["shop-tailrace-sampler"]))
        for protocol in configs["shop-tailrace-sampler"]["receivers"]["otlp"]["protocols"].values():
            self.assertEqual(list(protocol), ["endpoint"])

    def test_a_change_of_the_configuration_renews_the_pods(self):
        def checksum(values):
            return helm.workloads(helm.render(values))[0]["spec"]["template"]["metadata"]["annotations"]["checksum/config"]
        changed = {"config": {"processors": {"tail_sampling": {"decision_wait": "11s"}}}}
        self.assertEqual(checksum({}), checksum({"minReadySeconds": 11}))
        self.assertNotEqual(checksum({}), checksum(changed))


if __name__ == "__main__":
    daemon.main()
