"""Two tiers, mixed: the Collector routes to Tailrace, Tailrace routes to the Collector, and both at once in front of the same samplers. Every
trace comes whole to one sampler and is decided there once, none is split, and both kinds of router choose the same sampler.

Each trace has two spans that travel in different requests, to routers by turns. The policy keeps traces with an error; the error is in
one span and the other comes along only where both meet."""

import json
import os
import pathlib
import tempfile
import unittest

from tests.interop.backends import Backend
from tests.interop.collector.programs import PEERS
from tests.support import daemon, otlp

ROUTER = PEERS / "router" / "build" / "otelcol-router"
TRACES = int(os.environ.get("TAILRACE_ROUTED_TRACES", "10000"))
PER_REQUEST = 250
SAMPLERS = 3
POLICIES = "    policies: [{name: errors, type: status_code, status_code: {status_codes: [ERROR]}}]\n"


def collector_receives(ports: dict) -> str:
    return ("receivers: {otlp: {protocols: {"
            f"grpc: {{endpoint: '127.0.0.1:{ports['GRPC']}', max_recv_msg_size_mib: 64}}, http: {{endpoint: '127.0.0.1:{ports['HTTP']}'}}}}}}}}\n")


COLLECTOR_SERVICE = "service:\n  telemetry: {metrics: {level: none}, logs: {level: error}}\n"


class CollectorRouter(Backend):
    def __init__(self, folder: pathlib.Path, endpoints: list):
        super().__init__(ROUTER, folder, dict(zip(("GRPC", "HTTP"), daemon.free_ports(2))))
        self.configure(collector_receives(self.ports) +
                       f"exporters: {{load_balancing: {{protocol: {{otlp: {{tls: {{insecure: true}}}}}}, resolver: {{static: {{hostnames: {json.dumps(endpoints)}}}}}}}}}\n"
                       + COLLECTOR_SERVICE + "  pipelines: {traces: {receivers: [otlp], exporters: [load_balancing]}}\n")


class CollectorSampler(Backend):
    """Decides and writes what it keeps to a file."""

    def __init__(self, folder: pathlib.Path):
        super().__init__(ROUTER, folder, dict(zip(("GRPC", "HTTP"), daemon.free_ports(2))))
        self.kept = folder / "kept.jsonl"
        self.configure(collector_receives(self.ports) + f"processors:\n  tail_sampling:\n    decision_wait: 5s\n    num_traces: 1000000\n{POLICIES}"
                       f"exporters: {{file: {{path: {self.kept}}}}}\n"
                       + COLLECTOR_SERVICE + "  pipelines: {traces: {receivers: [otlp], processors: [tail_sampling], exporters: [file]}}\n")


def sampler() -> daemon.Daemon:
    return daemon.Daemon(daemon.config(f"  tail_sampling:\n    decision_wait: 5s\n    num_traces: 1000000\n{POLICIES}  batch: {{timeout: 50ms}}",
                                       "  file: {path: @DIR@/kept.jsonl, flush_interval: 20ms}",
                                       "    traces: {receivers: [otlp], processors: [tail_sampling, batch], exporters: [file]}"))


def router(endpoints: list) -> daemon.Daemon:
    return daemon.Daemon(daemon.config(
        "  batch: {timeout: 50ms}",
        f"  loadbalancing:\n    resolver: {{static: {{hostnames: {json.dumps(endpoints)}}}}}\n    protocol: {{otlp: {{tls: {{insecure: true}}}}}}",
        "    traces: {receivers: [otlp], processors: [batch], exporters: [loadbalancing]}"))


class TwoTiersTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def use(self, made):
        self.addCleanup(lambda: made.__exit__(None, None, None))
        return made.__enter__()

    def folder_of(self, name: str) -> pathlib.Path:
        path = self.folder / name
        path.mkdir()
        return path

    def send(self, ports: list) -> set:
        """Roots first, all of them, then the children, so that no request holds a whole trace. Returns the ids of those to be kept."""
        roots = [otlp.span(error=i % 5 == 0) for i in range(TRACES)]
        children = [otlp.span(trace=root["traceId"], parent=root["spanId"], name="child") for root in roots]
        sent = 0
        for spans, shift in ((roots, 0), (children, 1)):
            for at in range(0, TRACES, PER_REQUEST):
                answer = daemon.web.post(ports[(sent + shift) % len(ports)], otlp.request(*spans[at:at + PER_REQUEST]), "application/json", {}, "/v1/traces", 60)
                self.assertEqual(answer.status, 200)
                sent += 1
        return {root["traceId"] for root in roots if "status" in root}

    def check(self, files: list, wanted: set) -> None:
        def together() -> list:
            return [otlp.whole_traces(otlp.read_file_exporter(path)) for path in files]
        def spans() -> int:
            return sum(sum(spans.values()) for traces in together() for spans in traces.values())
        daemon.wait_for(lambda: spans() >= 2 * len(wanted), "all that is to be kept has come", 120)
        found = together()
        seen = set()
        for traces in found:
            self.assertGreater(len(traces), len(wanted) / SAMPLERS / 2, "the samplers share")
            self.assertFalse(seen & traces.keys(), "no trace is kept in two places")
            seen |= traces.keys()
            for trace, spans in traces.items():
                self.assertEqual(sum(spans.values()), 2, f"{trace} is whole")
        self.assertEqual(seen, wanted)

    def tailrace_samplers(self) -> list:
        return [self.use(sampler()) for _ in range(SAMPLERS)]

    @staticmethod
    def endpoints(samplers: list) -> list:
        return [f"127.0.0.1:{s.ports['GRPC']}" for s in samplers]

    def test_the_collector_in_front_of_tailrace(self):
        samplers = self.tailrace_samplers()
        first = self.use(CollectorRouter(self.folder_of("router"), self.endpoints(samplers)))
        wanted = self.send([first.ports["HTTP"]])
        self.check([s.dir / "kept.jsonl" for s in samplers], wanted)
        new = sum(s.metrics().sum("otelcol_processor_tail_sampling_new_trace_id_received") for s in samplers)
        self.assertEqual(new, TRACES, "each trace was begun once")

    def test_tailrace_in_front_of_the_collector(self):
        samplers = [self.use(CollectorSampler(self.folder_of(f"sampler-{i}"))) for i in range(SAMPLERS)]
        first = self.use(router(self.endpoints(samplers)))
        wanted = self.send([first.ports["HTTP"]])
        self.check([s.kept for s in samplers], wanted)
        first.check_residual()

    def test_routers_of_both_kinds_in_front_of_the_same_samplers(self):
        samplers = self.tailrace_samplers()
        theirs = self.use(CollectorRouter(self.folder_of("router"), self.endpoints(samplers)))
        ours = self.use(router(self.endpoints(samplers)))
        wanted = self.send([theirs.ports["HTTP"], ours.ports["HTTP"]])
        self.check([s.dir / "kept.jsonl" for s in samplers], wanted)
        new = sum(s.metrics().sum("otelcol_processor_tail_sampling_new_trace_id_received") for s in samplers)
        self.assertEqual(new, TRACES, "each trace was begun once")


if __name__ == "__main__":
    daemon.main()
