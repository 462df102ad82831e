"""From start to stop: ready when it listens, late spans follow the decision, bounds decide early, a stop loses nothing."""

import http.client
import signal
import socket
import unittest

from tests.support import daemon, otlp, web

ERRORS_ONLY = "- {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}"
ON_MEMORY = "otelcol_processor_tail_sampling_sampling_traces_on_memory"
DECIDED = "otelcol_processor_tail_sampling_global_count_traces_sampled"


def kept_ids(d) -> set:
    return otlp.trace_ids(otlp.read_file_exporter(d.dir / "kept.jsonl"))


class LifecycleTest(unittest.TestCase):
    def test_ready_means_that_every_port_listens(self):
        with daemon.Daemon(daemon.one_pipeline()) as d:
            for name in ("GRPC", "HTTP", "METRICS", "HEALTH"):
                with self.subTest(port=name):
                    socket.create_connection(("127.0.0.1", d.ports[name]), timeout=5).close()

    def test_both_ports_take_http(self):
        with daemon.Daemon(daemon.one_pipeline()) as d:
            spans = {port: otlp.span() for port in ("HTTP", "GRPC")}
            for port, span in spans.items():
                self.assertEqual(d.post(otlp.request(span), port=port).status, 200, port)
            expected = {s["traceId"] for s in spans.values()}
            daemon.wait_for(lambda: kept_ids(d) == expected, "both traces in the file")

    def test_a_stop_decides_what_waits_and_flushes_it(self):
        for sig in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=sig.name), daemon.Daemon(daemon.one_pipeline(ERRORS_ONLY, "1h")) as d:
                bad = [otlp.span(error=True) for _ in range(50)]
                good = [otlp.span() for _ in range(50)]
                self.assertEqual(d.post(otlp.request(*bad, *good)).status, 200)
                self.assertEqual(d.metrics().sum(ON_MEMORY), 100)
                self.assertEqual(kept_ids(d), set())
                d.stop(sig)
                self.assertEqual(kept_ids(d), {s["traceId"] for s in bad})

    def test_pending_traces_can_be_dropped_at_stop(self):
        config = daemon.one_pipeline(decision_wait="1h", extra="drop_pending_traces_on_shutdown: true")
        with daemon.Daemon(config) as d:
            self.assertEqual(d.post(otlp.request(otlp.span())).status, 200)
            d.stop()
            self.assertEqual(kept_ids(d), set())

    def test_late_spans_follow_the_decision(self):
        with daemon.Daemon(daemon.one_pipeline(ERRORS_ONLY, "100ms")) as d:
            bad, good = otlp.span(error=True), otlp.span()
            d.post(otlp.request(bad, good))
            daemon.wait_for(lambda: d.metrics().sum_or_zero(DECIDED) == 2, "both decided")
            # The late ones alone would be decided the other way round.
            late_of_bad, late_of_good = otlp.span(bad["traceId"]), otlp.span(good["traceId"], error=True)
            d.post(otlp.request(late_of_bad, late_of_good))
            d.stop()
            spans = {s["spanId"] for _, _, s in otlp.each_span(otlp.read_file_exporter(d.dir / "kept.jsonl"))}
            self.assertEqual(spans, {bad["spanId"], late_of_bad["spanId"]})

    def test_num_traces_bounds_the_table_and_forgets_nothing(self):
        config = daemon.one_pipeline(decision_wait="1h", extra="num_traces: 20",
                                     service_extra="  tailrace:\n    shards: 1\n")
        with daemon.Daemon(config) as d:
            spans = [otlp.span() for _ in range(100)]
            for span in spans:
                self.assertEqual(d.post(otlp.request(span)).status, 200)
            seen = d.metrics()
            self.assertLessEqual(seen.sum(ON_MEMORY), 20)
            self.assertGreaterEqual(seen.sum(ON_MEMORY), 1)
            self.assertEqual(seen.sum("otelcol_processor_tail_sampling_sampling_trace_dropped_too_early"),
                             100 - seen.sum(ON_MEMORY))
            d.stop()
            self.assertEqual(kept_ids(d), {s["traceId"] for s in spans}, "decided early is not forgotten")

    def test_pipelines_decide_for_themselves(self):
        config = daemon.config(
            f"  tail_sampling/errors:\n    decision_wait: 100ms\n    policies: [{ERRORS_ONLY[2:]}]\n"
            "  tail_sampling/slow:\n    decision_wait: 100ms\n"
            "    policies: [{name: slow, type: latency, latency: {threshold_ms: 500}}]",
            "  file/errors: {path: @DIR@/errors.jsonl}\n  file/slow: {path: @DIR@/slow.jsonl}\n"
            "  file/both: {path: @DIR@/both.jsonl}",
            "    traces/errors: {receivers: [otlp], processors: [tail_sampling/errors], exporters: [file/errors, file/both]}\n"
            "    traces/slow: {receivers: [otlp], processors: [tail_sampling/slow], exporters: [file/slow, file/both]}")
        with daemon.Daemon(config) as d:
            error, slow, plain = otlp.span(error=True), otlp.span(duration_ms=900), otlp.span()
            self.assertEqual(d.post(otlp.request(error, slow, plain)).status, 200)
            d.stop()
            ids = {n: otlp.trace_ids(otlp.read_file_exporter(d.dir / f"{n}.jsonl")) for n in ("errors", "slow", "both")}
            self.assertEqual(ids, {"errors": {error["traceId"]}, "slow": {slow["traceId"]},
                                   "both": {error["traceId"], slow["traceId"]}})

    def test_without_tail_sampling_every_trace_passes(self):
        config = daemon.config("  batch: {timeout: 50ms}", "  file: {path: @DIR@/kept.jsonl, flush_interval: 50ms}",
                               "    traces: {receivers: [otlp], processors: [batch], exporters: [file]}")
        with daemon.Daemon(config) as d:
            span = otlp.span()
            self.assertEqual(d.post(otlp.request(span)).status, 200)
            daemon.wait_for(lambda: kept_ids(d) == {span["traceId"]}, "the trace in the file")

    def test_a_stop_is_not_held_up_by_open_connections(self):
        with daemon.Daemon(daemon.one_pipeline()) as d:
            idle = [socket.create_connection(("127.0.0.1", d.ports[p])) for p in ("GRPC", "HTTP")]
            kept_alive = http.client.HTTPConnection("127.0.0.1", d.ports["HTTP"])
            kept_alive.request("POST", "/v1/traces", b"{}", {"Content-Type": "application/json"})
            self.assertEqual(kept_alive.getresponse().read() and 200, 200)
            d.stop()
            for s in idle:
                s.close()
            kept_alive.close()

    def test_after_a_stop_the_ports_are_free(self):
        with daemon.Daemon(daemon.one_pipeline()) as d:
            d.stop()
            for name in ("GRPC", "HTTP", "METRICS", "HEALTH"):
                with self.subTest(port=name), self.assertRaises(OSError):
                    web.request(d.ports[name], "GET", "/", timeout=2)


if __name__ == "__main__":
    daemon.main()
