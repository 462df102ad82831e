"""The exporter `loadbalancing`: a router in front of samplers, as processes. Every trace meets itself in one place."""

import json
import unittest

from tests.e2e.forward_test import rich_traces
from tests.support import daemon, otlp

MEMBER = daemon.config("  batch: {timeout: 20ms}", "  file: {path: @DIR@/kept.jsonl, flush_interval: 20ms}",
                       "    traces: {receivers: [otlp], processors: [batch], exporters: [file]}")


def router(resolver: str, options: str = "", key: str = "traceID") -> str:
    return daemon.config(
        "  batch: {timeout: 20ms}",
        f"  load_balancing:\n    routing_key: {key}\n    resolver: {{{resolver}}}\n    protocol:\n      otlp:\n        tls: {{insecure: true}}\n"
        f"        retry_on_failure: {{initial_interval: 50ms, max_interval: 200ms, max_elapsed_time: 0s}}\n{options}",
        "    traces: {receivers: [otlp], processors: [batch], exporters: [load_balancing]}",
        "  tailrace: {shutdown_timeout: 5s}\n")


def static(members: list) -> str:
    return f"static: {{hostnames: [{', '.join(repr('127.0.0.1:' + str(m.ports['GRPC'])) for m in members)}]}}"


class RoutingTest(unittest.TestCase):
    def test_every_trace_is_whole_at_one_member(self):
        sent = rich_traces(300)
        with daemon.Daemon(MEMBER) as one, daemon.Daemon(MEMBER) as two, daemon.Daemon(MEMBER) as three:
            members = [one, two, three]
            with daemon.Daemon(router(static(members))) as first:
                for request in sent:
                    self.assertEqual(first.post(request).status, 200)
                metrics = first.metrics()
                self.assertEqual(metrics.sum("otelcol_loadbalancer_num_backends", resolver="static"), 3)
                self.assertEqual(metrics.sum("otelcol_loadbalancer_num_backend_updates", resolver="static"), 1)
                self.assertEqual(metrics.sum("otelcol_loadbalancer_num_resolutions", resolver="static", success="true"), 1)
                first.stop()
            got = []
            for member in members:
                member.stop()
                got.append(otlp.whole_traces(otlp.read_file_exporter(member.dir / "kept.jsonl")))
        together = {}
        for traces in got:
            self.assertGreater(len(traces), 30)  # of 300, by chance
            self.assertFalse(together.keys() & traces.keys(), "no trace is in two places")
            together |= traces
        self.assertEqual(together, otlp.whole_traces(sent))

    def test_a_member_that_is_not_there_keeps_its_own_waiting_and_nobody_elses(self):
        port, = daemon.free_ports(1)
        sent = [otlp.request(otlp.span()) for _ in range(100)]
        with daemon.Daemon(MEMBER) as one:
            resolver = f"static: {{hostnames: ['127.0.0.1:{one.ports['GRPC']}', '127.0.0.1:{port}']}}"
            with daemon.Daemon(router(resolver)) as first:
                for request in sent:
                    self.assertEqual(first.post(request).status, 200)
                missing = f"127.0.0.1:{port}"

                def settled():
                    metrics = first.metrics()
                    waiting = metrics.sum("tailrace_exporter_member_queued_spans", member=missing)
                    return metrics.sum("otelcol_exporter_sent_spans") + waiting == 100 and waiting > 10 and waiting
                daemon.wait_for(settled, "half is delivered, half waits")
                first.check_residual()
                self.assertEqual(first.metrics().sum("tailrace_exporter_state", state="probing"), 1)
                with daemon.Daemon(MEMBER.replace("@GRPC@", str(port))) as late:
                    daemon.wait_for(lambda: first.metrics().sum("otelcol_exporter_sent_spans") == 100, "all is delivered")
                    self.assertGreater(first.metrics().sum("otelcol_loadbalancer_backend_outcome", endpoint=missing, success="true"), 0)
                    late.stop()

    def test_names_that_resolve_to_nothing_keep_spans_waiting(self):
        with daemon.Daemon(router("dns: {hostname: no-such-name.invalid, interval: 50ms}")) as first:
            self.assertEqual(first.post(otlp.request(*(otlp.span() for _ in range(9)))).status, 200)
            daemon.wait_for(lambda: first.metrics().sum("otelcol_loadbalancer_num_resolutions", resolver="dns", success="false") >= 2,
                            "two look-ups have failed")
            self.assertEqual(first.metrics().sum("otelcol_loadbalancer_num_backends", resolver="dns"), 0)
            daemon.wait_for(lambda: first.metrics().sum("tailrace_ledger_spans", state="queued") == 9, "the spans wait")
            self.assertIn("cannot be looked up", first.stderr())
            first.process.terminate()
            first.process.wait(daemon.DEADLINE_S)
            self.assertEqual(daemon.ledger_residuals(first.stderr()), [0])

    def test_a_name_of_this_machine(self):
        with daemon.Daemon(MEMBER) as one:
            port = one.ports["GRPC"]
            with daemon.Daemon(router(f"dns: {{hostname: localhost, port: '{port}', interval: 50ms}}")) as first:
                daemon.wait_for(lambda: first.metrics().sum("otelcol_loadbalancer_num_resolutions", resolver="dns", success="true") >= 2, "it is looked up")
                self.assertIn(f"127.0.0.1:{port}", json.dumps(first.metrics().find("otelcol_loadbalancer_backend_outcome")))
                first.stop()


if __name__ == "__main__":
    daemon.main()
