"""How far what the kept traces stand for is from what came, on two shards of the running daemon: known traffic in, and the
ratio that follows from it out."""

import hashlib
import unittest

from tests.support import daemon, otlp

TRACES = 20_000
RATIO = "tailrace_estimate_error_ratio"
# Each span is counted, however quickly they come.
SERVICE = "  tailrace: {shards: 2, memory_budget_mib: 512, baselines: {exact_spans_per_second: 0}}\n"
ONE_PERCENT = "- {name: one, type: probabilistic, probabilistic: {sampling_percentage: 1}}"
SLOW = "- {name: slow, type: latency, latency: {threshold_ms: 100}}"


def id_of(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:32]


def kept_by_one_percent(trace: str) -> bool:
    """FNV-1a-64 of the salt, then of the id, as the Collector draws."""
    value = 0xCBF29CE484222325
    for byte in b"default-hash-seed" + bytes.fromhex(trace):
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value <= (2**64 - 1) // 100


class EstimatesTest(unittest.TestCase):
    def decided(self, d: daemon.Daemon) -> bool:
        seen = d.metrics()
        return all(seen.sum("tailrace_ledger_spans", exporter="file", state=state) == 0 for state in ("in_ring", "in_table"))

    def run_with(self, policies: str, spans: dict) -> tuple:
        """Sends the spans of each service; answers the ratios on /metrics, and the API's services by name."""
        with daemon.Daemon(daemon.one_pipeline(policies, "3s", service_extra=SERVICE)) as d:
            for service, all_spans in spans.items():
                for at in range(0, len(all_spans), 2000):
                    self.assertEqual(d.post(otlp.request(*all_spans[at:at + 2000], service=service)).status, 200)
            daemon.wait_for(lambda: self.decided(d), "every trace is decided")
            seen = d.metrics()
            ratios = {service: seen.sum(RATIO, pipeline="traces", service=service) for service in spans}
            self.assertEqual(seen.types[RATIO], "gauge")
            services = {service["service"]: service for service in d.api("baselines?window_s=3600").json()["services"]}
            for service, all_spans in spans.items():
                self.assertEqual(services[service]["calls"], len(all_spans))
                self.assertEqual(services[service]["decided_calls"], len(all_spans))
                self.assertAlmostEqual(services[service]["estimate_error_ratio"], ratios[service], places=9)
            return ratios, services

    def test_one_percent_comes_near_the_truth(self):
        ids = [id_of(number) for number in range(TRACES)]
        kept = sum(kept_by_one_percent(trace) for trace in ids)
        ratios, services = self.run_with(ONE_PERCENT, {"cart": [otlp.span(trace) for trace in ids]})
        self.assertAlmostEqual(services["cart"]["estimated_calls"], kept * 100, places=6)
        self.assertAlmostEqual(ratios["cart"], kept * 100 / TRACES - 1, places=9)
        self.assertLess(abs(ratios["cart"]), 0.1, "within what a draw of 200 among 20 000 may be off by")

    def test_a_latency_policy_alone_leaves_out_what_is_fast(self):
        slow = [otlp.span(id_of(number), duration_ms=700) for number in range(25)]
        fast = [otlp.span(id_of(100 + number), duration_ms=7) for number in range(75)]
        # Two services in one trace: the slow span of the one keeps that of the other.
        beside = [otlp.span(id_of(number), duration_ms=1) for number in range(10)]
        alone = [otlp.span(id_of(200 + number), duration_ms=1) for number in range(6)]
        ratios, services = self.run_with(SLOW, {"cart": slow + fast, "shop": beside + alone})
        self.assertEqual(services["cart"]["estimated_calls"], 25)
        self.assertAlmostEqual(ratios["cart"], -0.75, places=12)
        self.assertEqual(services["shop"]["estimated_calls"], 10)
        self.assertAlmostEqual(ratios["shop"], -0.375, places=12)

    def test_slow_ones_are_not_multiplied_where_both_keep_them(self):
        slow = [otlp.span(id_of(number), duration_ms=700) for number in range(500)]
        fast = [otlp.span(id_of(number), duration_ms=7) for number in range(500, TRACES)]
        drawn = sum(kept_by_one_percent(id_of(number)) for number in range(500, TRACES))
        ratios, services = self.run_with(ONE_PERCENT + "\n" + SLOW, {"cart": slow + fast})
        self.assertAlmostEqual(services["cart"]["estimated_calls"], 500 + drawn * 100, places=6)
        self.assertLess(abs(ratios["cart"]), 0.1)

    def test_a_limit_is_counted_by_the_share_that_it_keeps(self):
        limit = "- {name: some, type: rate_limiting, rate_limiting: {spans_per_second: 1}}"
        ratios, services = self.run_with(limit, {"cart": [otlp.span() for _ in range(100)]})
        self.assertLess(services["cart"]["estimated_calls"], 100)
        self.assertLess(ratios["cart"], 0, "all came at once: the first ones passed before any was refused")


if __name__ == "__main__":
    daemon.main()
