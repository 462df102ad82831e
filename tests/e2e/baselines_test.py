"""What /api/v1/baselines says of the traffic: all of it, whatever the policies keep, from two shards together."""

import unittest

from tests.support import daemon, otlp

NOTHING_KEPT = "- {name: never, type: probabilistic, probabilistic: {sampling_percentage: 0}}"
TWO_SHARDS = "  tailrace: {shards: 2}\n"


class BaselinesTest(unittest.TestCase):
    def test_calls_errors_and_quantiles_of_all_traffic(self):
        with daemon.Daemon(daemon.one_pipeline(NOTHING_KEPT, "100ms", service_extra=TWO_SHARDS)) as d:
            for n in range(10):  # connections spread over the shards
                spans = [otlp.span(name="GET /", duration_ms=10 * n + i + 1, error=i == 0) for i in range(10)]
                self.assertEqual(d.post(otlp.request(*spans, service="cart")).status, 200)
            self.assertEqual(d.post(otlp.request(otlp.span(name="PUT /", kind=3), service="shop")).status, 200)
            answer = d.api("baselines?window_s=300").json()
            self.assertEqual([(s["service"], s["calls"], s["errors"]) for s in answer["services"]],
                             [("cart", 100, 10), ("shop", 1, 0)])
            first = answer["rows"][0]
            self.assertEqual((first["service"], first["operation"], first["kind"], first["calls"], first["errors"]),
                             ("cart", "GET /", "server", 100, 10))
            self.assertAlmostEqual(first["total_ms"], 5050, delta=1)
            for quantile, exact in (("p50_ms", 50), ("p95_ms", 95), ("p99_ms", 99)):
                self.assertAlmostEqual(first[quantile], exact, delta=exact * 0.02, msg=quantile)
            self.assertEqual((answer["exact"], answer["overflow_calls"], answer["error"]), (True, 0, 0.01))
            self.assertEqual(d.api("baselines?ago_s=3600").json()["rows"], [])
            self.assertEqual(d.api("baselines?window_s=-1").status, 400)

    def test_more_operations_than_there_is_room_for(self):
        budget = "  tailrace: {shards: 1, memory_budget_mib: 64}\n"
        with daemon.Daemon(daemon.one_pipeline(NOTHING_KEPT, "100ms", service_extra=budget)) as d:
            for n in range(20):
                spans = [otlp.span(name=f"GET /{n}/{i}") for i in range(500)]
                self.assertEqual(d.post(otlp.request(*spans, service="cart")).status, 200)
            answer = d.api("baselines?limit=10000").json()
            self.assertEqual(sum(row["calls"] for row in answer["rows"]) + answer["overflow_calls"], 10_000)
            self.assertGreater(answer["overflow_calls"], 0)
            self.assertEqual(d.metrics().sum("tailrace_baseline_overflow_calls"), answer["overflow_calls"])

    def test_it_can_be_turned_off(self):
        off = "  tailrace: {baselines: {enabled: false}}\n"
        with daemon.Daemon(daemon.one_pipeline(NOTHING_KEPT, "100ms", service_extra=off)) as d:
            self.assertEqual(d.post(otlp.request(otlp.span())).status, 200)
            self.assertEqual(d.api("baselines").json()["rows"], [])


if __name__ == "__main__":
    daemon.main()
