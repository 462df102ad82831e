"""What the objects of a value set say of each other: Services find pods, ports have names, pods are restricted, a stop is long enough."""

import re
import unittest

import yaml

from tests.chart import helm, pods


def selects(selector: dict, labels: dict) -> bool:
    return all(labels.get(key) == value for key, value in selector.items())


def pod_specs(things: list) -> list:
    return [thing["spec"]["template"]["spec"] for thing in helm.workloads(things)] + [thing["spec"] for thing in things if thing["kind"] == "Pod"]


class ObjectsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rendered = {values: helm.render(values) for values in helm.SETS}

    def selected(self, things: list, selector: dict) -> list:
        return [thing for thing in helm.workloads(things) if selects(selector, thing["spec"]["template"]["metadata"]["labels"])]

    def test_selectors_find_their_pods_and_no_others(self):
        for values, things in self.rendered.items():
            with self.subTest(values.name):
                for workload in helm.workloads(things):
                    self.assertEqual(self.selected(things, workload["spec"]["selector"]["matchLabels"]), [workload])
                for thing in things:
                    spec = thing.get("spec", {})
                    if thing["kind"] == "Service":
                        found = self.selected(things, spec["selector"])
                        self.assertEqual(len(found), len(helm.workloads(things)) if thing["metadata"]["name"].endswith("-metrics") else 1)
                        for workload in found:
                            names = {port["name"] for port in pods.container(workload)["ports"]}
                            self.assertLessEqual({port["targetPort"] for port in spec["ports"]}, names)
                    elif thing["kind"] == "PodDisruptionBudget":
                        self.assertEqual(len(self.selected(things, spec["selector"]["matchLabels"])), 1)
                    elif thing["kind"] == "NetworkPolicy":
                        self.assertEqual(len(self.selected(things, spec["podSelector"]["matchLabels"])), 1)
                    elif thing["kind"] == "HorizontalPodAutoscaler":
                        target = helm.find(things, "Deployment", spec["scaleTargetRef"]["name"])
                        self.assertNotIn("replicas", target["spec"])
                    elif thing["kind"] == "StatefulSet":
                        self.assertEqual(helm.find(things, "Service", spec["serviceName"])["spec"]["clusterIP"], "None")

    def test_every_listener_is_a_port(self):
        for values, things in self.rendered.items():
            with self.subTest(values.name):
                for workload in helm.workloads(things):
                    config = yaml.safe_load(pods.configurations(things)[workload["metadata"]["name"]])
                    ports = {port["name"]: port["containerPort"] for port in pods.container(workload)["ports"]}
                    self.assertEqual(config["receivers"]["otlp"]["protocols"]["grpc"]["endpoint"], f"0.0.0.0:{ports['otlp']}")
                    self.assertEqual(config["receivers"]["otlp"]["protocols"]["http"]["endpoint"], f"0.0.0.0:{ports['otlp-http']}")
                    self.assertEqual(config["extensions"]["health_check"]["endpoint"], f"0.0.0.0:{ports['health']}")

    def test_pods_are_restricted(self):
        """The restricted profile of the Pod Security Standards, which `helm template` does not check."""
        for values, things in self.rendered.items():
            with self.subTest(values.name):
                for spec in pod_specs(things):
                    self.assertEqual(spec["securityContext"]["runAsUser"], 10001)
                    self.assertFalse(spec.get("hostNetwork") or spec.get("hostPID") or spec.get("hostIPC"))
                    for container in spec["containers"] + spec.get("initContainers", []):
                        if container["name"] in ("wait", "proxy"):  # a user's own, of set 18
                            continue
                        context = container["securityContext"]
                        self.assertEqual(context["capabilities"], {"drop": ["ALL"]})
                        self.assertEqual(context["seccompProfile"], {"type": "RuntimeDefault"})
                        self.assertTrue(context["readOnlyRootFilesystem"] and context["runAsNonRoot"])
                        self.assertFalse(context["allowPrivilegeEscalation"])
                        self.assertNotIn("command", container, "the image's program, without a shell")

    def test_a_stop_is_long_enough(self):
        for values, things in self.rendered.items():
            with self.subTest(values.name):
                for workload in helm.workloads(things):
                    pod = workload["spec"]["template"]["spec"]
                    config = yaml.safe_load(pods.configurations(things)[workload["metadata"]["name"]])
                    timeout = config["service"].get("tailrace", {}).get("shutdown_timeout", "30s")
                    seconds = sum(float(n) * {"h": 3600, "m": 60, "s": 1}[unit] for n, unit in re.findall(r"([0-9.]+)([hms])", timeout))
                    sleep = pods.container(workload).get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
                    self.assertGreater(pod["terminationGracePeriodSeconds"], seconds + sleep)

    def test_before_1_30_the_pause_is_a_program(self):
        stop = pods.container(helm.workloads(helm.render({}, "1.29.0"))[0])["lifecycle"]["preStop"]
        self.assertEqual(stop, {"exec": {"command": ["/bin/sleep", "5"]}})

    def test_one_pod_at_a_time(self):
        things = helm.render({"mode": "gateway"})
        router, sampler = helm.find(things, "Deployment", "shop-tailrace-router"), helm.find(things, "StatefulSet", "shop-tailrace-sampler")
        self.assertEqual(router["spec"]["strategy"]["rollingUpdate"], {"maxSurge": 1, "maxUnavailable": 0})
        self.assertEqual(sampler["spec"]["updateStrategy"], {"type": "RollingUpdate"})
        for tier in ("router", "sampler"):
            self.assertEqual(helm.find(things, "PodDisruptionBudget", f"shop-tailrace-{tier}")["spec"]["maxUnavailable"], 1)

    def test_rights_are_those_of_the_k8s_resolver(self):
        for values, things in self.rendered.items():
            with self.subTest(values.name):
                config = yaml.safe_load(values.read_text(encoding="utf-8"))
                needs = config.get("mode") == "gateway" and config.get("router", {}).get("resolver", {}).get("type", "k8s") == "k8s"
                roles = [thing for thing in things if thing["kind"] == "Role"]
                self.assertEqual(len(roles), 1 if needs else 0)
                for role in roles:
                    self.assertEqual(role["rules"], [{"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": ["get", "list", "watch"]}])
                self.assertEqual([thing for thing in things if thing["kind"].startswith("ClusterRole")], [])
                for workload in helm.workloads(things):
                    self.assertEqual(workload["spec"]["template"]["spec"]["automountServiceAccountToken"], needs and workload["kind"] == "Deployment")

    def test_samplers_take_spans_from_routers_only(self):
        things = helm.render({"mode": "gateway"})
        rules = helm.find(things, "NetworkPolicy", "shop-tailrace-sampler")["spec"]["ingress"]
        spans = [rule for rule in rules if any(port["port"] == "otlp" for port in rule["ports"])]
        self.assertEqual([rule["from"] for rule in spans], [[{"podSelector": {"matchLabels": helm.find(things, "Deployment", "shop-tailrace-router")["spec"]["selector"]["matchLabels"]}}]])

    def test_the_operator_finds_the_metrics(self):
        things = helm.render(helm.CHART / "ci" / "11-monitoring-values.yaml")
        monitor = helm.find(things, "ServiceMonitor", "shop-tailrace")
        self.assertEqual(monitor["metadata"]["labels"]["release"], "prometheus")
        found = [thing for thing in things if thing["kind"] == "Service" and selects(monitor["spec"]["selector"]["matchLabels"], thing["metadata"]["labels"])]
        self.assertEqual([thing["metadata"]["name"] for thing in found], ["shop-tailrace-metrics"])
        self.assertLessEqual({endpoint["port"] for endpoint in monitor["spec"]["endpoints"]}, {port["name"] for port in found[0]["spec"]["ports"]})
        rules = helm.find(things, "PrometheusRule", "shop-tailrace")["spec"]["groups"]
        shipped = yaml.safe_load((helm.ROOT / "docker" / "prometheus" / "rules" / "tailrace.yaml").read_text(encoding="utf-8"))["groups"]
        self.assertEqual(rules, shipped + [{"name": "mine", "rules": rules[-1]["rules"]}])

    def test_labels_of_the_chart_go_before_others(self):
        for workload in helm.workloads(helm.render(helm.CHART / "ci" / "17-names-values.yaml")):
            self.assertEqual(workload["metadata"]["labels"]["app.kubernetes.io/component"], "standalone")
            self.assertEqual(workload["metadata"]["labels"]["team"], "platform")
            self.assertEqual(workload["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/instance"], helm.RELEASE)

    def test_the_test_hook_leaves_nothing_behind(self):
        for values, things in self.rendered.items():
            with self.subTest(values.name):
                hooks = [thing for thing in things if "helm.sh/hook" in thing["metadata"].get("annotations", {})]
                self.assertGreaterEqual(len(hooks), 1)
                for hook in hooks:
                    self.assertEqual(hook["metadata"]["annotations"]["helm.sh/hook"], "test")
                    self.assertEqual(hook["metadata"]["annotations"]["helm.sh/hook-delete-policy"], "before-hook-creation,hook-succeeded")


if __name__ == "__main__":
    unittest.main(verbosity=2)
