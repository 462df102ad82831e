"""Three routers in front of three samplers, clients of three kinds, and one sampler after the other stopped gracefully and started again while
spans come. Every span is in the sum of the ledgers; traces that were judged in two pieces are counted, and are few.

`tier_soak_test.py SECONDS`: how long the traffic goes on (`make tier-soak`: 3 minutes, a sampler each 20 seconds)."""

import json
import re
import sys
import threading
import time
import unittest

from tests.support import daemon, http2, otlp, web, wire

SECONDS = float(sys.argv.pop(1)) if len(sys.argv) > 1 and sys.argv[1].replace(".", "").isdigit() else 20
BETWEEN_CHANGES_S = min(20.0, SECONDS / 3)
SPLIT_SHARE_MAX = 0.01
TRACES_A_REQUEST = 20
SPANS_A_TRACE = 3
PAUSE_S = 0.05  # of a client between its traces: what is measured is restarts, not speed


def sampler(port: int) -> daemon.Daemon:
    return daemon.Daemon(daemon.config(
        "  batch: {timeout: 20ms}\n  tail_sampling: {decision_wait: 5s, num_traces: 1000000, policies: [{name: all, type: always_sample}]}",
        "  file: {path: @DIR@/kept.jsonl, append: true, flush_interval: 20ms}",
        "    traces: {receivers: [otlp], processors: [tail_sampling, batch], exporters: [file]}").replace("@GRPC@", str(port)))


def router(ports: list) -> daemon.Daemon:
    return daemon.Daemon(daemon.config(
        "  batch: {timeout: 20ms}",
        f"  loadbalancing:\n    resolver: {{static: {{hostnames: {json.dumps([f'127.0.0.1:{port}' for port in ports])}}}}}\n    protocol:\n      otlp:\n"
        "        tls: {insecure: true}\n        retry_on_failure: {initial_interval: 50ms, max_interval: 200ms, max_elapsed_time: 0s}",
        "    traces: {receivers: [otlp], processors: [batch], exporters: [loadbalancing]}"))


def ledger(said: str) -> dict:
    """What the one exporter's ledger at stop says."""
    return {what.strip(): int(count) for what, count in re.findall(r"^  (.{28}) +(-?\d+)$", said, re.M)}


def send(kind: str, one: daemon.Daemon, traces: list) -> bool:
    """One span of each trace."""
    if kind == "json":
        return one.post(otlp.request(*(otlp.span(trace=trace.hex()) for trace in traces))).status == 200
    message = wire.request(*(wire.span(trace_id=trace) for trace in traces))
    if kind == "protobuf":
        return web.post(one.ports["HTTP"], message, "application/x-protobuf", {}).status == 200
    return http2.grpc(one.ports["GRPC"], [], message).grpc_status == 0


class Client(threading.Thread):
    """The spans of each trace go to three routers, in requests of three kinds."""

    def __init__(self, number: int, routers: list, end: threading.Event):
        super().__init__()
        self._number, self._routers, self._end = number, routers, end
        self.traces = 0
        self.refused = 0

    def run(self) -> None:
        turn = self._number
        while not self._end.wait(PAUSE_S):
            traces = [bytes.fromhex(otlp.trace_id()) for _ in range(TRACES_A_REQUEST)]
            for piece, kind in enumerate(("grpc", "protobuf", "json")):
                self.refused += not send(kind, self._routers[(turn + piece) % len(self._routers)], traces)
            self.traces += len(traces)
            turn += 1


class TierSoakTest(unittest.TestCase):
    def use(self, one: daemon.Daemon) -> daemon.Daemon:
        self.addCleanup(lambda: one.__exit__(None, None, None))
        return one.__enter__()

    def test_samplers_that_restart_lose_nothing_and_split_little(self):
        ports = daemon.free_ports(3)
        samplers = [self.use(sampler(port)) for port in ports]
        routers = [self.use(router(ports)) for _ in range(3)]
        end = threading.Event()
        clients = [Client(number, routers, end) for number in range(3)]
        stopped, lines, held = [], [[0] for _ in samplers], 0
        for client in clients:
            client.start()
        try:
            stop_at, change = time.monotonic() + SECONDS, 0
            while time.monotonic() + BETWEEN_CHANGES_S < stop_at:
                end.wait(BETWEEN_CHANGES_S)  # traffic goes on meanwhile
                held += sum(self.metric(one, "otelcol_processor_tail_sampling_sampling_traces_on_memory") for one in samplers)
                victim = change % len(samplers)
                stopped.append(ledger(samplers[victim].stop()))
                lines[victim].append(len(otlp.read_file_exporter(samplers[victim].dir / "kept.jsonl")))
                samplers[victim].start()
                change += 1
        finally:
            end.set()
            for client in clients:
                client.join()
        traces = sum(client.traces for client in clients)
        spans = traces * SPANS_A_TRACE
        self.assertEqual(sum(client.refused for client in clients), 0, "routers take everything meanwhile")
        before = sum(one["accepted"] for one in stopped)
        daemon.wait_for(lambda: before + sum(self.metric(one, "tailrace_pipeline_accepted_spans") for one in samplers) == spans, "every span is at a sampler")
        routed = [ledger(one.stop()) for one in routers]
        stopped += [ledger(one.stop()) for one in samplers]
        self.assertEqual(sum(one["accepted"] for one in routed), spans)
        self.assertEqual(sum(one["forwarded"] for one in routed), spans)
        self.assertEqual(sum(one["accepted"] for one in stopped), spans)
        self.assertEqual(sum(one["forwarded"] for one in stopped), spans)
        split = self.count_split(samplers, lines, traces)
        print(f"{spans} spans, {len(stopped) - 3} restarts, {split} of {held:.0f} open traces split")
        self.assertGreater(held, 100)
        self.assertLess(split, SPLIT_SHARE_MAX * held)

    @staticmethod
    def metric(one: daemon.Daemon, name: str) -> float:
        return one.metrics().sum(name)

    def count_split(self, samplers: list, lines: list, traces: int) -> int:
        """Traces that a sampler judged before and after a restart. None is at two samplers."""
        seen, split = set(), 0
        for one, marks in zip(samplers, lines):
            requests = otlp.read_file_exporter(one.dir / "kept.jsonl")
            runs = [otlp.trace_ids(requests[begin:end]) for begin, end in zip(marks, marks[1:] + [len(requests)])]
            here = set().union(*runs)
            split += sum(map(len, runs)) - len(here)
            self.assertFalse(seen & here, "no trace is at two samplers")
            seen |= here
        self.assertEqual(len(seen), traces)
        return split


if __name__ == "__main__":
    daemon.main()
