"""The spanmetrics connector and the prometheus exporter in the running daemon: every span is counted at its arrival,
whatever becomes of it, on two shards."""

import re
import time
import unittest

from tests.support import daemon, metrics, otlp, web

CALLS = "traces_span_metrics_calls_total"
DURATION = "traces_span_metrics_duration_milliseconds"
EVENTS = "traces_span_metrics_events_total"
CONNECTORS = """
  prometheus:
    endpoint: 127.0.0.1:@SERIES@
connectors:
  spanmetrics:
    dimensions: [{name: http.route, default: none}]"""
PIPELINES = """\
    traces:
      receivers: [otlp]
      processors: [tail_sampling]
      exporters: [file, spanmetrics]
    metrics:
      receivers: [spanmetrics]
      exporters: [prometheus]"""
FILE = "  file:\n    path: @DIR@/kept.jsonl\n    flush_interval: 50ms"
ERRORS_ONLY = """\
  tail_sampling:
    decision_wait: 60s
    policies:
      - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}"""
TWO_SHARDS = "  tailrace: {shards: 2}\n"


OPEN_METRICS = {"Accept": "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"}
_EXEMPLAR = re.compile(r'^(\w+)\{(.*)\} \S+ # \{span_id="([0-9a-f]{16})",trace_id="([0-9a-f]{32})"\} (\S+) (\S+)$')


def exemplars(d: daemon.Daemon) -> list:
    """(metric, labels, span id, trace id, value, unix time) of each."""
    answer = web.request(d.ports["SERIES"], "GET", "/metrics", headers=OPEN_METRICS, timeout=20)
    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0"), answer.headers
    text = answer.body.decode()
    assert text.endswith("\n# EOF\n"), text[-200:]
    found = [_EXEMPLAR.match(line) for line in text.splitlines() if " # " in line]
    assert None not in found, text
    return [(*m.groups()[:4], float(m.group(5)), float(m.group(6))) for m in found]


def series(d: daemon.Daemon) -> metrics.Metrics:
    response = web.request(d.ports["SERIES"], "GET", "/metrics", timeout=20)
    assert response.status == 200, response.status
    return metrics.parse(response.body.decode())


class SpanMetricsTest(unittest.TestCase):
    def test_every_span_is_counted_before_any_decision(self):
        text = daemon.config(ERRORS_ONLY, FILE + CONNECTORS, PIPELINES, TWO_SHARDS)
        with daemon.Daemon(text) as d:
            fast = [otlp.span(name="GET /cart", duration_ms=5) for _ in range(300)]
            slow = [otlp.span(name="GET /cart", duration_ms=700, error=True) for _ in range(7)]
            routed = [otlp.span(name="PUT /cart", duration_ms=3,
                                attributes=[{"key": "http.route", "value": {"stringValue": "/cart/{id}"}}])]
            for spans in (fast, slow, routed):
                self.assertEqual(d.post(otlp.request(*spans, service="cart")).status, 200)
            seen = series(d)
            self.assertEqual(seen.sum(CALLS), 308)
            self.assertEqual(seen.sum(CALLS, service_name="cart", span_name="GET /cart", span_kind="SPAN_KIND_SERVER",
                                      status_code="STATUS_CODE_ERROR", http_route="none", job="cart"), 7)
            self.assertEqual(seen.sum(CALLS, http_route="/cart/{id}"), 1)
            self.assertEqual(seen.sum(DURATION + "_count"), 308)
            self.assertEqual(seen.sum(DURATION + "_bucket", span_name="GET /cart", le="400"), 300)
            self.assertEqual(seen.sum(DURATION + "_bucket", span_name="GET /cart", le="800"), 307)
            self.assertAlmostEqual(seen.sum(DURATION + "_sum", status_code="STATUS_CODE_ERROR"), 4900, delta=0.1)
            self.assertEqual((seen.types[CALLS], seen.types[DURATION]), ("counter", "histogram"))
            self.assertEqual(d.metrics().sum("tailrace_in_table_spans"), 308, "nothing has been decided yet")
            self.assertIn("counts every span at its arrival, before tail_sampling", d.stderr())

    def test_calls_and_durations_with_dimensions_of_their_own(self):
        own = CONNECTORS + "\n    calls_dimensions: [{name: tenant}]\n    histogram: {dimensions: [{name: zone, default: z}]}"
        with daemon.Daemon(daemon.config(ERRORS_ONLY, FILE + own, PIPELINES, TWO_SHARDS)) as d:
            for tenant in ("a", "b", "b"):
                attributes = [{"key": "tenant", "value": {"stringValue": tenant}}]
                self.assertEqual(d.post(otlp.request(otlp.span(attributes=attributes))).status, 200)
            seen = series(d)
            self.assertEqual((seen.sum(CALLS, tenant="a"), seen.sum(CALLS, tenant="b")), (1, 2))
            self.assertEqual((seen.sum(CALLS), seen.sum(CALLS, zone="z")), (3, 0))
            self.assertEqual(seen.sum(DURATION + "_count", zone="z", http_route="none"), 3)
            self.assertEqual(len(seen.find(DURATION + "_count")), 1)

    def test_exemplars_are_of_kept_traces_alone(self):
        own = CONNECTORS.replace("@SERIES@", "@SERIES@\n    enable_open_metrics: true") + "\n    exemplars: {enabled: true}"
        text = daemon.config(ERRORS_ONLY.replace("60s", "200ms"), FILE + own, PIPELINES, TWO_SHARDS)
        before = time.time()
        with daemon.Daemon(text) as d:
            kept = [otlp.span(name="GET /cart", duration_ms=ms, error=True) for ms in (3, 700)]
            dropped = [otlp.span(name="GET /cart", duration_ms=ms) for ms in (3, 700)]
            for span in kept + dropped:
                self.assertEqual(d.post(otlp.request(span, service="cart")).status, 200)
            daemon.wait_for(lambda: d.metrics().sum("tailrace_in_table_spans") == 0, "all are decided")
            found = exemplars(d)
            calls = [one for one in found if one[0] == CALLS]
            self.assertEqual(len(calls), 1, found)
            self.assertIn(calls[0][3], {span["traceId"] for span in kept})
            buckets = {(trace, span, value) for name, _, span, trace, value, _ in found if name == DURATION + "_bucket"}
            self.assertEqual(buckets, {(one["traceId"], one["spanId"], ms) for one, ms in zip(kept, (3, 700))})
            self.assertTrue(all(before < at < time.time() for *_, at in found), found)
            self.assertEqual(series(d).sum(CALLS), 4, "who does not ask for OpenMetrics gets text")

    def test_events_in_a_metric_of_their_own(self):
        own = CONNECTORS + "\n    events: {enabled: true, dimensions: [{name: exception.type, default: none}]}"
        with daemon.Daemon(daemon.config(ERRORS_ONLY, FILE + own, PIPELINES, TWO_SHARDS)) as d:
            def event(**attributes: str) -> dict:
                return {"timeUnixNano": "1", "name": "exception", "attributes": [
                    {"key": key.replace("_", "."), "value": {"stringValue": value}} for key, value in attributes.items()]}
            spans = [otlp.span(name="GET /cart"),
                     otlp.span(name="GET /cart", events=[event(exception_type="io"), event(), event(exception_type="io")]),
                     otlp.span(name="PUT /cart", error=True, events=[event(exception_type="parse", http_route="/of/event")])]
            for _ in range(2):
                self.assertEqual(d.post(otlp.request(*spans, service="cart")).status, 200)
            seen = series(d)
            self.assertEqual((seen.sum(CALLS), seen.sum(CALLS, http_route="none"), seen.types[EVENTS]), (6, 6, "counter"))
            self.assertEqual(seen.sum(EVENTS, job="cart", service_name="cart", span_name="GET /cart", http_route="none",
                                      status_code="STATUS_CODE_UNSET", exception_type="io"), 4)
            self.assertEqual(seen.sum(EVENTS, exception_type="none"), 2)
            self.assertEqual(seen.sum(EVENTS, http_route="/of/event", status_code="STATUS_CODE_ERROR"), 2)
            self.assertEqual(seen.sum(EVENTS), 8)
            self.assertEqual(d.metrics().sum("tailrace_spanmetrics_series"), 2 + 3)

    def test_a_pipeline_that_ends_in_the_connector_alone(self):
        pipelines = PIPELINES.replace("[file, spanmetrics]", "[file]") + """
    traces/counted:
      receivers: [otlp]
      exporters: [spanmetrics]"""
        with daemon.Daemon(daemon.config(ERRORS_ONLY, FILE + CONNECTORS, pipelines)) as d:
            self.assertEqual(d.post(otlp.request(*[otlp.span() for _ in range(50)])).status, 200)
            self.assertEqual(series(d).sum(CALLS), 50)
            seen = d.metrics()
            self.assertEqual(seen.sum("tailrace_pipeline_kept_spans", pipeline="traces/counted"), 50)
            self.assertEqual(seen.sum("tailrace_ledger_spans", exporter="file", state="accepted"), 50)

    def test_a_refused_request_is_not_counted(self):
        with daemon.Daemon(daemon.config(ERRORS_ONLY, FILE + CONNECTORS, PIPELINES)) as d:
            bad = otlp.request(otlp.span(), otlp.span(traceId="00" * 16))
            self.assertEqual(d.post(bad).rejected_spans(), 1)
            self.assertEqual(d.post(b"\xff\xff", "application/x-protobuf").status, 400)
            self.assertEqual(series(d).sum(CALLS), 1)


if __name__ == "__main__":
    daemon.main()
