"""The metrics that dashboards made for the Collector query are there, with its names, types and labels."""

import unittest

from tests.support import daemon, otlp

POLICIES = """\
- {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
- {name: slow, type: latency, latency: {threshold_ms: 500}}
- {name: rest, type: probabilistic, probabilistic: {sampling_percentage: 1}}"""
SAMPLING = "otelcol_processor_tail_sampling_"
# name -> (type, labels that every series has)
EXPECTED = {
    "otelcol_receiver_accepted_spans": ("counter", {"receiver", "transport"}),
    "otelcol_receiver_refused_spans": ("counter", {"receiver", "transport"}),
    "otelcol_receiver_failed_spans": ("counter", {"receiver", "transport"}),
    "otelcol_exporter_sent_spans": ("counter", {"exporter"}),
    "otelcol_exporter_queue_size": ("gauge", {"exporter", "data_type"}),
    "otelcol_exporter_queue_capacity": ("gauge", {"exporter", "data_type"}),
    "otelcol_exporter_in_flight_requests": ("gauge", {"exporter", "data_type"}),
    "otelcol_process_cpu_seconds": ("counter", set()),
    "otelcol_process_memory_rss": ("gauge", set()),
    "otelcol_process_uptime": ("counter", set()),
    SAMPLING + "count_traces_sampled": ("counter", {"policy", "sampled", "decision"}),
    SAMPLING + "global_count_traces_sampled": ("counter", {"sampled", "decision"}),
    SAMPLING + "new_trace_id_received": ("counter", set()),
    SAMPLING + "sampling_decision_timer_latency": ("histogram", set()),
    SAMPLING + "sampling_policy_evaluation_error": ("counter", set()),
    SAMPLING + "sampling_policy_execution_count": ("counter", {"policy"}),
    SAMPLING + "sampling_policy_execution_time_sum": ("counter", {"policy"}),
    SAMPLING + "sampling_trace_dropped_too_early": ("counter", set()),
    SAMPLING + "sampling_trace_removal_age": ("histogram", set()),
    SAMPLING + "sampling_traces_on_memory": ("gauge", set()),
    "target_info": ("gauge", {"service_name", "service_version", "service_instance_id"}),
    "tailrace_ledger_residual_spans": ("gauge", set()),
}


class MetricsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with daemon.Daemon(daemon.one_pipeline(POLICIES, "100ms")) as d:
            error, slow = otlp.span(error=True), otlp.span(duration_ms=700)
            plain = [otlp.span(trace=f"{n:032x}") for n in range(1, 51)]
            answer = d.post(otlp.request(error, slow, *plain))
            assert answer.status == 200, answer
            assert d.post(otlp.request(otlp.span(traceId="00" * 16))).rejected_spans() == 1
            decided = SAMPLING + "global_count_traces_sampled"
            daemon.wait_for(lambda: d.metrics().sum_or_zero(decided) == 52, "52 decisions")
            daemon.wait_for(lambda: d.metrics().sum_or_zero("otelcol_exporter_sent_spans") >= 2, "the kept ones sent")
            cls.seen = d.metrics()

    def test_names_types_and_labels(self):
        for name, (kind, labels) in EXPECTED.items():
            with self.subTest(metric=name):
                sample = name + "_count" if kind == "histogram" else name
                series = self.seen.find(sample)
                self.assertTrue(series, f"not there; there are: {', '.join(sorted(self.seen.names()))}")
                self.assertEqual(self.seen.types.get(name), kind)
                for have, _ in series:
                    self.assertLessEqual(labels, set(have))

    def test_no_name_has_a_suffix_that_the_collector_does_not_give(self):
        wrong = [n for n in self.seen.names() if n.startswith("otelcol_") and n.endswith("_total")]
        self.assertEqual(wrong, [])

    def test_spans_are_counted_where_they_went(self):
        self.assertEqual(self.seen.sum("otelcol_receiver_accepted_spans", transport="http"), 52)
        self.assertEqual(self.seen.sum("otelcol_receiver_failed_spans", transport="http"), 1)
        self.assertEqual(self.seen.sum("otelcol_receiver_accepted_spans", transport="grpc"), 0)

    def test_decisions_are_counted_by_policy_and_in_all(self):
        by_policy = SAMPLING + "count_traces_sampled"
        self.assertEqual(self.seen.sum(by_policy, policy="errors", sampled="true", decision="sampled"), 1)
        self.assertEqual(self.seen.sum(by_policy, policy="errors", sampled="false", decision="not_sampled"), 51)
        self.assertEqual(self.seen.sum(by_policy, policy="slow", sampled="true"), 1)
        in_all = SAMPLING + "global_count_traces_sampled"
        kept = self.seen.sum(in_all, sampled="true", decision="sampled")
        self.assertGreaterEqual(kept, 2)
        self.assertEqual(kept, self.seen.sum("otelcol_exporter_sent_spans"))
        self.assertEqual(self.seen.sum(SAMPLING + "new_trace_id_received"), 52)
        self.assertEqual(self.seen.sum(SAMPLING + "sampling_traces_on_memory"), 0)


if __name__ == "__main__":
    daemon.main()
