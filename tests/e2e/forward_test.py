"""The `otlp` exporter end to end: one daemon samples and forwards to another, which writes what it got to a file."""

import unittest

from tests.support import daemon, otlp

RECEIVES = daemon.config("  batch: {timeout: 20ms}", "  file: {path: @DIR@/kept.jsonl, flush_interval: 20ms}",
                         "    traces: {receivers: [otlp], processors: [batch], exporters: [file]}")


def samples(port: int, options: str = "") -> str:
    """Errors are kept and go to the daemon on this port."""
    return daemon.config(
        "  tail_sampling:\n    decision_wait: 100ms\n"
        "    policies: [{name: errors, type: status_code, status_code: {status_codes: [ERROR]}}]",
        f"  otlp/next:\n    endpoint: 127.0.0.1:{port}\n    tls: {{insecure: true}}\n{options}",
        "    traces: {receivers: [otlp], processors: [tail_sampling], exporters: [otlp/next]}")


def rich_traces(count: int, error_every: int = 2) -> list:
    """Requests of traces in two pieces, one in `error_every` of them with an error, with what a span may have."""
    requests = []
    for n in range(count):
        trace = otlp.trace_id()
        root = otlp.span(trace, name="POST /checkout", traceState="a=1,b=2", flags=257,
                         attributes=[{"key": "n", "value": {"intValue": str(n)}}, {"key": "", "value": {"stringValue": ""}},
                                     {"key": "deep", "value": {"kvlistValue": {"values": [
                                         {"key": "list", "value": {"arrayValue": {"values": [{"doubleValue": 0.5}, {}]}}}]}}}])
        child = otlp.span(trace, parent=root["spanId"], error=n % error_every == 0,
                          events=[{"timeUnixNano": "5", "name": "e", "droppedAttributesCount": 3}],
                          links=[{"traceId": otlp.trace_id(), "spanId": otlp.span_id(), "traceState": "x=y"}])
        for span, service in ((root, "frontend"), (child, "payment")):
            request = otlp.request(span, service=service)
            request["resourceSpans"][0]["schemaUrl"] = "https://example.org/resource"
            request["resourceSpans"][0]["scopeSpans"][0]["schemaUrl"] = "https://example.org/scope"
            requests.append(request)
    return requests


class ForwardTest(unittest.TestCase):
    def forward(self, options: str) -> None:
        """What should be kept, and only that, comes out of the second daemon as it was sent to the first."""
        sent = rich_traces(200)
        wanted = {s["traceId"] for _, _, s in otlp.each_span(sent) if s.get("status", {}).get("code") == 2}
        with daemon.Daemon(RECEIVES) as second:
            with daemon.Daemon(samples(second.ports["GRPC"], options)) as first:
                for request in sent:
                    self.assertEqual(first.post(request).status, 200)
                first.stop()
                self.assertEqual(second.metrics().sum("otelcol_receiver_accepted_spans", transport="grpc"), 2 * len(wanted))
            second.stop()
            came_out = otlp.whole_traces(otlp.read_file_exporter(second.dir / "kept.jsonl"))
        expected = {trace: spans for trace, spans in otlp.whole_traces(sent).items() if trace in wanted}
        self.assertEqual(len(expected), 100)
        self.assertEqual(came_out, expected)

    def test_plain(self):
        self.forward("    compression: none")

    def test_gzip(self):
        self.forward("    compression: gzip")

    def test_a_backend_that_comes_later_gets_what_waited(self):
        port, = daemon.free_ports(1)
        retry = "    retry_on_failure: {initial_interval: 50ms, max_interval: 200ms}"
        with daemon.Daemon(samples(port, retry)) as first:
            sent = otlp.request(*(otlp.span(error=True) for _ in range(20)))
            self.assertEqual(first.post(sent).status, 200)
            daemon.wait_for(lambda: first.metrics().sum_or_zero("tailrace_exporter_retries") >= 2, "two retries")
            self.assertEqual(first.metrics().sum_or_zero("otelcol_exporter_sent_spans"), 0)
            first.check_residual()
            with daemon.Daemon(RECEIVES.replace("@GRPC@", str(port))) as second:
                daemon.wait_for(lambda: first.metrics().sum_or_zero("otelcol_exporter_sent_spans") == 20, "all delivered")
                second.stop()
                came_out = otlp.read_file_exporter(second.dir / "kept.jsonl")
                self.assertEqual(otlp.whole_traces(came_out), otlp.whole_traces([sent]))

    def test_a_backend_that_never_comes_is_accounted_for(self):
        port, = daemon.free_ports(1)
        with daemon.Daemon(samples(port, "    retry_on_failure: {initial_interval: 20ms, max_interval: 50ms, max_elapsed_time: 300ms}")) as d:
            self.assertEqual(d.post(otlp.request(*(otlp.span(error=True) for _ in range(7)))).status, 200)
            daemon.wait_for(lambda: d.metrics().sum_or_zero("tailrace_dropped_spans", reason="retries_exhausted") == 7, "given up")


if __name__ == "__main__":
    daemon.main()
