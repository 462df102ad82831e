"""The resolver `k8s` against a scripted API server: lists, watches, and what such a server may do wrong. The members are addresses of the
loopback, all on one port, as the pods of a Service are."""

import contextlib
import json
import pathlib
import tempfile
import unittest

from tests.e2e.routing_test import MEMBER, router
from tests.support import certificates, daemon, otlp
from tests.support.kube_api import NAMESPACE, SERVICE, KubeApi


class K8sResolverTest(unittest.TestCase):
    def setUp(self):
        self._scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self._scratch.cleanup)
        self.account = pathlib.Path(self._scratch.name)
        self.token("good")
        (self.account / "namespace").write_text(NAMESPACE, encoding="utf-8")
        self.port, = daemon.free_ports(1)

    def token(self, token: str) -> None:
        (self.account / "token").write_text(token + "\n", encoding="utf-8")

    def router(self, api: KubeApi, more: str = "", service: str = SERVICE) -> str:
        return router(f"k8s: {{service: {service}, ports: [{self.port}], api_server: '{api.url}', account_dir: {self.account}{more}}}")

    def await_members(self, d: daemon.Daemon, *hosts: str) -> None:
        def in_use() -> bool:
            series = d.metrics().find("otelcol_loadbalancer_backend_outcome", success="true")
            return {labels["endpoint"] for labels, _ in series} == {f"{host}:{self.port}" for host in hosts}
        daemon.wait_for(in_use, f"the members are {hosts}; the router said: {d.stderr()[-1000:]}")

    def failures(self, d: daemon.Daemon) -> float:
        return d.metrics().sum("otelcol_loadbalancer_num_resolutions", resolver="k8s", success="false")

    def test_follows_what_the_watch_tells(self):
        with KubeApi("127.0.0.1", "127.0.0.2") as api, daemon.Daemon(self.router(api, ", timeout: 30s")) as d:
            self.await_members(d, "127.0.0.1", "127.0.0.2")
            api.set("127.0.0.1", "127.0.0.2", "127.0.0.3")
            self.await_members(d, "127.0.0.1", "127.0.0.2", "127.0.0.3")
            api.set("127.0.0.3")
            self.await_members(d, "127.0.0.3")
            api.set(kind="DELETED")
            self.await_members(d)
            self.assertIn("There are no members", d.stderr())
            api.set("127.0.0.2", kind="ADDED")
            self.await_members(d, "127.0.0.2")
            self.assertEqual((api.lists, self.failures(d)), (1, 0))
            d.stop()

    def test_a_watch_that_is_closed_goes_on_where_it_was(self):
        with KubeApi("127.0.0.1") as api, daemon.Daemon(self.router(api)) as d:
            self.await_members(d, "127.0.0.1")
            daemon.wait_for(lambda: api.watches == 1, "it watches")
            api.set("127.0.0.2")
            self.await_members(d, "127.0.0.2")
            api.cut()
            daemon.wait_for(lambda: api.watches == 2, "it watches again")
            api.set("127.0.0.3")
            self.await_members(d, "127.0.0.3")
            self.assertEqual((api.lists, api.versions[:2], self.failures(d)), (1, ["100", "101"], 0))
            d.stop()

    def test_gone_means_list_again(self):
        with KubeApi("127.0.0.1") as api, daemon.Daemon(self.router(api)) as d:
            daemon.wait_for(lambda: api.watches == 1, "it watches")
            api.set_unheard("127.0.0.2")
            api.say(json.dumps({"type": "ERROR", "object": {"kind": "Status", "code": 410, "message": "too old resource version"}}))
            self.await_members(d, "127.0.0.2")
            api.set_unheard("127.0.0.3")
            api.instead(410)
            api.cut()
            self.await_members(d, "127.0.0.3")
            self.assertEqual((api.lists, self.failures(d)), (3, 0))
            d.stop()

    def test_garbage_is_counted_and_the_list_read_anew(self):
        with KubeApi("127.0.0.1") as api, daemon.Daemon(self.router(api)) as d:
            daemon.wait_for(lambda: api.watches == 1, "it watches")
            api.instead("<html>bad gateway</html>", "[]")
            api.say("{\"type\": \"ADDED\"")
            api.set_unheard("127.0.0.2")
            self.await_members(d, "127.0.0.2")
            self.assertEqual(self.failures(d), 3)
            self.assertIn("is not understood", d.stderr())
            d.stop()

    def test_a_token_that_is_refused_keeps_the_list_until_it_is_renewed(self):
        with KubeApi("127.0.0.1") as api, daemon.Daemon(self.router(api)) as d:
            self.await_members(d, "127.0.0.1")
            daemon.wait_for(lambda: api.watches == 1, "it watches")
            api.token = "new"
            api.set_unheard("127.0.0.2")
            api.cut()
            daemon.wait_for(lambda: self.failures(d) >= 2, "it is refused")
            self.await_members(d, "127.0.0.1")
            self.assertIn("answers 401: the service account's token is not accepted", d.stderr())
            self.assertNotIn("good", d.stderr())
            self.token("new")
            self.await_members(d, "127.0.0.2")
            d.stop()

    def test_over_tls_by_the_clusters_own_authority(self):
        certificates.make_authority(self.account)
        certificates.make_certificate(self.account, "server")
        (self.account / "ca.crt").write_bytes((self.account / "ca.pem").read_bytes())
        files = (self.account / "server.pem", self.account / "server.key")
        with KubeApi("127.0.0.1", files=files) as api, daemon.Daemon(self.router(api, ", return_hostnames: true", f"{SERVICE}.{NAMESPACE}")) as d:
            self.await_members(d, f"sampler-0.{SERVICE}.{NAMESPACE}")
            d.stop()

    def test_an_account_that_is_not_there_stops_the_start(self):
        with tempfile.TemporaryDirectory() as scratch:
            text = router(f"k8s: {{service: {SERVICE}, api_server: 'https://127.0.0.1:1', account_dir: {scratch}/none}}")
            for name in ("GRPC", "HTTP", "METRICS", "HEALTH"):
                text = text.replace(f"@{name}@", str(daemon.free_ports(1)[0]))
            path = pathlib.Path(scratch) / "c.yaml"
            path.write_text(text, encoding="utf-8")
            done = daemon.run_to_end(["--config", str(path)])
            self.assertEqual(done.returncode, 1)
            self.assertIn("none/token", done.stderr)

    def test_what_waited_for_a_member_that_leaves_reaches_another(self):
        """Nobody listens at 127.0.0.2 when its spans come; it leaves, and 127.0.0.3 gets them, once."""
        sent = [otlp.request(otlp.span()) for _ in range(100)]
        member = MEMBER.replace("127.0.0.1:@GRPC@", f"127.0.0.3:{self.port}")
        with KubeApi("127.0.0.2") as api, daemon.Daemon(self.router(api)) as d, contextlib.ExitStack() as stack:
            self.await_members(d, "127.0.0.2")
            for request in sent:
                self.assertEqual(d.post(request).status, 200)
            daemon.wait_for(lambda: d.metrics().sum("tailrace_ledger_spans", state="queued") > 0, "they wait")
            third = stack.enter_context(daemon.Daemon(member))
            api.set("127.0.0.3")
            daemon.wait_for(lambda: d.metrics().sum("otelcol_exporter_sent_spans") == 100, "all is delivered")
            self.assertEqual(d.metrics().sum("tailrace_exporter_rerouted_spans"), 100)
            d.check_residual()
            d.stop()
            third.stop()
            self.assertEqual(otlp.whole_traces(otlp.read_file_exporter(third.dir / "kept.jsonl")), otlp.whole_traces(sent))


if __name__ == "__main__":
    daemon.main()
