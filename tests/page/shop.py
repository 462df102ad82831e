"""A made-up shop as the fake daemon tells of it: counters that grow with the clock, traces, votes, baselines."""

import math
import time

BILLION = 1_000_000_000
SERVICES = ("storefront", "cart", "payment", "inventory", "shipping", "ledger-db")
# operation, service, kind, calls/s, error share, p50, p95, p99
OPERATIONS = (
    ("POST /checkout", "storefront", "server", 42.0, 0.021, 310.0, 790.0, 1240.0),
    ("GET /product/{id}", "storefront", "server", 510.0, 0.0004, 11.2, 38.0, 92.0),
    ("GET /cart", "cart", "server", 230.0, 0.0, 8.1, 21.0, 44.0),
    ("POST /charge", "payment", "server", 41.5, 0.018, 188.0, 540.0, 910.0),
    ("SELECT balance", "ledger-db", "client", 166.0, 0.0, 4.2, 12.5, 61.0),
    ("reserve", "inventory", "server", 41.8, 0.0007, 24.0, 66.0, 131.0),
    ("publish order.created", "storefront", "producer", 41.0, 0.0, 1.3, 3.9, 8.8),
    ("consume order.created", "shipping", "consumer", 41.0, 0.003, 52.0, 130.0, 420.0),
)
POLICIES = (("errors", "status_code", 0.021), ("slow", "latency", 0.034), ("checkout", "ottl_condition", 0.012),
            ("one-per-cent", "probabilistic", 0.01), ("rest", "rate_limiting", 0.004))


def trace_id(number: int) -> str:
    return f"{0x4bf92f3577b34da6 ^ number * 0x9E3779B97F4A7C15 & (1 << 64) - 1:016x}{0xa3ce929d0e0e4736 + number:016x}"


class Shop:
    """Counters are what they would be had the shop begun ten minutes ago."""

    def __init__(self):
        self.started = time.time() - 600

    def elapsed(self) -> float:
        return time.time() - self.started

    def _grown(self, rate: float, wave: float = 0.12) -> int:
        t = self.elapsed()
        return int(rate * t + rate * wave * 9 * (math.sin(t / 9) + 0.4 * math.sin(t / 2.3)) + 40 * rate)

    def memory(self) -> dict:
        t = self.elapsed()
        return {"budget_bytes": 4_000_000_000, "rss_bytes": int(1.21e9 + 6e7 * math.sin(t / 14)), "table_bytes": int(7.9e8 + 5e7 * math.sin(t / 14)),
                "buffer_bytes": 61_000_000}

    def status(self) -> dict:
        now = time.time()
        return {"version": "0.1.0", "instance": "shop-eu-1", "state": "ready", "started_unix_ms": int(self.started * 1000), "now_unix_ms": int(now * 1000),
                "uptime_s": now - self.started, "shards": 4, "cpu_seconds": 0.2 * self.elapsed(), "memory": self.memory(),
                "accepted_spans": self._grown(18400), "refused_spans": 0, "failed_spans": 0, "residual_spans": 0}

    def flow(self) -> dict:
        t = self.elapsed()
        grpc, http = self._grown(15900), self._grown(2500)
        kept = int((grpc + http) * 0.081)
        in_table, queued, in_flight = 184_200 + int(9000 * math.sin(t / 14)), 512, 1024
        dropped = grpc + http - kept - in_table
        traces = (grpc + http) // 14
        def transport(name, spans):
            return {"transport": name, "accepted_spans": spans, "refused_spans": 0, "failed_spans": 0, "requests_ok": spans // 200,
                    "requests_refused": 0, "requests_failed": 0, "body_bytes": spans * 431}
        def exporter(name, address, state, queue, error):
            return {"id": name, "server_address": address, "state": state, "received_spans": kept, "forwarded_spans": kept - queued - in_flight,
                    "dropped_spans": {}, "queued_spans": queued, "in_flight_spans": in_flight, "queue_batches": 3, "queue_bytes": int(queue * 6.4e7),
                    "queue_full": queue, "requests_ok": kept // 900, "requests_failed": 12 if error else 0, "retries": 31 if error else 0,
                    "splits": 0, "dead_letter_spans": 0, "oldest_item_s": 0.4 if not error else 7.2, "last_error": error}
        return {
            "now_unix_ms": int(time.time() * 1000), "memory": self.memory(),
            "stress": {"exporter_queue": 0.31, "num_traces": 0.18, "span_memory": 0.24, "buffers": 0.05},
            "receivers": [{"id": "otlp", "transports": [transport("grpc", grpc), transport("http", http)]}],
            "pipelines": [{"id": "traces", "processor": "tail_sampling", "receivers": ["otlp"], "exporters": ["otlp/jaeger", "otlphttp/archive"],
                           "accepted_spans": grpc + http, "kept_spans": kept, "dropped_by_policy_spans": dropped, "dropped_spans": {},
                           "in_ring_spans": 0, "in_table_spans": in_table, "in_table_traces": in_table // 14, "in_table_bytes": in_table * 402,
                           "in_open_batch_spans": 118, "new_traces": traces, "sampled_traces": int(traces * 0.068), "not_sampled_traces": int(traces * 0.932),
                           "dropped_traces": 0, "early_traces": {"num_traces": 0}, "late_sampled_spans": int(0.4 * t), "late_not_sampled_spans": int(4.1 * t),
                           "decision_lag_ms": {"p50": 3.1 + math.sin(t / 5), "p99": 11.4 + 4 * math.sin(t / 6) + 2 * math.sin(t)}}],
            "exporters": [exporter("otlp/jaeger", "jaeger.example:4317", "healthy", 0.06, ""),
                          exporter("otlphttp/archive", "https://archive.example/v1/traces", "probing", 0.31,
                                   "503 Service Unavailable: compaction is running; asked to wait 5 s")],
            "ledger": [{"exporter": name, "accepted": grpc + http, "forwarded": kept - queued - in_flight, "dropped_by_policy": dropped, "dropped": 0,
                        "in_table": in_table, "queued": queued, "in_flight": in_flight, "residual": 0} for name in ("otlp/jaeger", "otlphttp/archive")],
        }

    def policies(self) -> dict:
        decided = self._grown(1300)
        counts = [{"name": name, "type": kind, "sampled": int(decided * share), "not_sampled": decided - int(decided * share), "dropped": 0, "errors": 0,
                   "cpu_ms": decided * cost} for (name, kind, share), cost in zip(POLICIES, (2.1e-4, 1.4e-4, 1.9e-3, 6e-5, 9e-5))]
        own = [count["sampled"] for count in counts]
        overlap = [[own[i] if i == j else int(min(own[i], own[j]) * part) for j, part in enumerate(row)] for i, row in enumerate(
            ((1, .31, .12, .01, .2), (.31, 1, .44, .01, .1), (.12, .44, 1, .01, .05), (.01, .01, .01, 1, .01), (.2, .1, .05, .01, 1)))]
        return {"pipelines": [{"pipeline": "traces", "processor": "tail_sampling", "decision_wait_ms": 10_000, "decided_traces": decided,
                               "kept_traces": int(decided * 0.068), "policies": counts, "overlap": overlap}]}

    def config(self) -> dict:
        return {"warnings": [], "yaml": "receivers:\n  otlp:\n    protocols:\n      grpc:\n        endpoint: 0.0.0.0:4317\n      http:\n        endpoint: 0.0.0.0:4318\n"
                "processors:\n  tail_sampling:\n    decision_wait: 10s\nexporters:\n  otlp/jaeger:\n    endpoint: jaeger.example:4317\n    headers:\n      authorization: '[REDACTED]'\n"}

    def baselines(self, window_s: int, ago_s: int) -> dict:
        drift = 1.0 if ago_s == 0 else 0.83
        rows = [{"service": service, "operation": name, "kind": kind, "calls": int(rate * window_s * (1 if ago_s == 0 else 0.94)),
                 "errors": int(rate * window_s * errors), "total_ms": rate * window_s * p50 * 1.25 * drift,
                 "p50_ms": p50 * drift, "p95_ms": p95 * (1 if service == "cart" else drift), "p99_ms": p99 * (1.3 - 0.3 * drift if service == "cart" else drift)}
                for name, service, kind, rate, errors, p50, p95, p99 in OPERATIONS]
        totals = {service: sum(row["calls"] for row in rows if row["service"] == service) for service in SERVICES}
        services = [{"service": service, "calls": calls, "errors": calls // 300, "estimated_calls": int(calls * (1.004 + 0.01 * i)),
                     "estimate_error_ratio": 0.004 + 0.01 * i} for i, (service, calls) in enumerate(totals.items())]
        return {"now_unix_ms": int(time.time() * 1000), "window_s": window_s, "ago_s": ago_s, "exact": True, "error": 0.01, "overflow_calls": 0, "unsketched_calls": 0, "rows_left_out": 0,
                "rows": rows, "services": services}

    def summaries(self, count: int) -> list[dict]:
        """Newest first. Number 0 is the checkout that every test opens."""
        now = time.time()
        result = []
        for number in range(count):
            name, service, _, _, _, p50, p95, _ = OPERATIONS[number % 3 if number else 0]
            error = number % 9 == 0
            duration = 812.0 if number == 0 else p50 + (p95 - p50) * ((number * 37) % 23) / 9
            kept = error or duration > 500 or number % 5 == 0
            policy = ("errors" if error else "slow" if duration > 500 else "one-per-cent") if kept else None
            result.append({
                "cursor": str(10_000 - number), "id": trace_id(number), "pipeline": "traces", "decision": "kept" if kept else "dropped", "policy": policy,
                "early": None, "decided_unix_ms": int((now - 3 - number * 1.7) * 1000), "start_unix_ns": str(int((now - 15 - number * 1.7) * BILLION)),
                "duration_ms": duration, "spans": 17 if number == 0 else 5 + number * 7 % 31, "bytes": 5200 + number * 311 % 9000,
                "services": list(SERVICES[: 2 + number * 5 % 5]) if number else list(SERVICES), "root": {"service": service, "operation": name}, "error": error,
                "has_spans": kept or number < 20})
        return result
