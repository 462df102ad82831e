"""Runs one cell with one program: starts it with a sink behind it, puts the load on it, reads from outside what that cost and what became of
the traces."""

import pathlib
import statistics
import sys
import time

from held_memory import HeldMemory
from programs import CONFIG, BareServer, BenchError, Daemon, Exporter, Generator, Load, Sink, wait_for
from window import TAG_AND_LENGTH, all_forwarded, lag_buckets, quantile

from .cells import BARE, TAILRACE
from .peers import POLICIES, Peer

BUDGET_MIB = 10240
HELD_BYTES = 6 << 30  # about what a program grows to in the largest cells
START_TRIES = 3
MUST_KEEP = ("error", "slow")
QUEUE = "sending_queue: {sizer: bytes, queue_size: 4000000000}"
RETRY_S = 30


class Runner:
    def __init__(self, build: pathlib.Path, peers, placement, window_s: int, quick: bool = False):
        self.tailrace, self.bare = build / "tailrace", build / "bench" / "bench_bare_server"
        for binary in (self.tailrace, self.bare):
            if not binary.exists():
                raise BenchError(f"{binary} is not there; build it: cmake --preset release && cmake --build {build}")
        self.peers, self.placement, self.window_s, self.quick = peers, placement, window_s, quick
        self.held = HeldMemory(0 if quick else HELD_BYTES)

    def run(self, cell, program: str, rate: float) -> dict:
        """Once more where another process had taken a port between its choice and its use."""
        for attempt in range(1, START_TRIES + 1):
            try:
                return self._bare(cell) if program == BARE else self._with_sink(cell, program, rate)
            except BenchError as error:
                if "in use" not in str(error) or attempt == START_TRIES:
                    raise
        raise AssertionError("not reached")

    def warm_s(self, cell) -> int:
        """A quick run waits for what is waited for in the cell, not for it to come to rest."""
        return cell.warm_s if cell.live_traces or cell.dimension == "memory" or not self.quick else 1

    def _load(self, cell, port: int, seconds: float, more: list, core) -> Generator:
        args = [*cell.load_args(), "--duration", seconds, *more]
        if cell.protocol != "json":
            return Load(self.tailrace, port, args, core)
        script = pathlib.Path(__file__).with_name("json_load.py")
        return Generator([sys.executable, script, "--tailrace", self.tailrace, "--endpoint", f"127.0.0.1:{port}", *args], core, "JSON load")

    def _subject(self, cell, program: str, sink, rate: float):
        core, num_traces = self.placement.program(cell.both_cores), cell.num_traces(rate)
        if program != TAILRACE:
            return Peer(program, self.peers.find(program), cell, sink.port, num_traces, core)
        exporter = Exporter(sink.port, "otlphttp", options=QUEUE)
        template = CONFIG.replace("    page:", f"    storage_compression: {cell.storage}\n    page:")
        daemon = Daemon(self.tailrace, [exporter], cell.wait_s, num_traces, BUDGET_MIB, POLICIES[cell.policies], core=core, shards=cell.shards,
                        template=template)
        daemon.ports = {"grpc": daemon.port, "http": daemon.http_port, "json": daemon.http_port}
        return daemon

    def _bare(self, cell) -> dict:
        with BareServer(self.bare, self.placement.program(False)) as server:
            with self._load(cell, server.port, self.window_s + 2, [], self.placement.load) as load:
                return watch(server, load, None, 1, self.window_s)

    def sink_alone(self, cell) -> dict:
        """What the sink takes when nothing stands before it: they change cores, so that it has one to itself."""
        with Sink(self.tailrace, self.placement.program(False)) as sink:
            with self._load(cell, sink.port, self.window_s + 2, [], self.placement.load) as load:
                return watch(sink, load, None, 1, self.window_s)

    def _with_sink(self, cell, program: str, rate: float) -> dict:
        self.held.fill()
        with Sink(self.tailrace, self.placement.load) as sink, self._subject(cell, program, sink, rate) as subject, \
                self.held.feeding(subject.rss_bytes):
            empty = subject.rss_bytes()
            warm_s, more = self.warm_s(cell), ["--retry", RETRY_S] + (["--rate", round(rate)] if rate else [])
            with self._load(cell, subject.ports[cell.protocol], warm_s + self.window_s + 1, more, self.placement.load) as load:
                result = watch(subject, load, sink, warm_s, self.window_s, is_ours=program == TAILRACE, cell=cell)
                sent = load.result()
            settle(subject, sink, sent, cell, is_ours=program == TAILRACE)
            result |= {"rate": rate, "cores": cell.shards, "empty_rss": empty, "residual": subject.residual(),
                       "answer_p50_ms": sent["latency_ms"]["p50"], "answer_p99_ms": sent["latency_ms"]["p99"],
                       "late_spans": subject.metrics().sum_or_zero("tailrace_late_spans") if program == TAILRACE else None,
                       "traces": fate(sent, sink.report())}
        return result


def watch(program, load, sink, warm_s: int, window_s: int, is_ours: bool = False, cell=None) -> dict:
    """Between two of the generator's progress lines: spans acknowledged, CPU time of all three, resident memory each second."""
    begin = load.progress(warm_s)
    everyone = [program, load] + ([sink] if sink else [])
    before = [one.cpu_s() for one in everyone]
    lag = lag_buckets(program) if is_ours else None
    rss, per_byte = [], []
    for second in range(warm_s + 1, warm_s + window_s + 1):
        end = load.progress(second)
        rss.append(program.rss_bytes())
        if is_ours and cell.dimension == "memory":
            per_byte.append((rss[-1], program.metrics().sum("tailrace_in_table_spans") * (cell.span_bytes + TAG_AND_LENGTH)))
    used = [one.cpu_s() - was for one, was in zip(everyone, before)]
    program.check_alive()
    seconds, spans = end["seconds"] - begin["seconds"], end["acknowledged"] - begin["acknowledged"]
    if spans <= 0 or used[0] <= 0:
        raise BenchError("nothing was acknowledged")
    result = {"spans_per_s": spans / seconds, "spans_per_cpu_s": spans / used[0], "core_share": used[0] / seconds,
              "load_share": used[1] / seconds, "sink_share": used[2] / seconds if sink else 0.0,
              "refused_spans": end["refused"] - begin["refused"], "rss": statistics.median(rss), "rss_peak": max(rss)}
    if is_ours:
        after = lag_buckets(program)
        result["lag_p99_ms"] = quantile(lag, after, 0.99) if after != lag else None
        if per_byte:
            result["held"] = per_byte
        if cell.live_traces:
            check_live(cell, program.metrics().sum("otelcol_processor_tail_sampling_sampling_traces_on_memory"))
    return result


def check_live(cell, lived: float) -> None:
    if abs(lived / cell.live_traces - 1) > 0.15:
        raise BenchError(f"{cell.live_traces} live traces were asked for, {lived:.0f} lived")


def settle(subject, sink, sent: dict, cell, is_ours: bool) -> None:
    """Waits until whatever was sent is decided and has arrived. Of a peer only the sink can tell: nothing has come for longer than a wait."""
    if is_ours:
        wait_for(lambda: subject.metrics().sum("tailrace_in_table_spans") == 0, "every trace is decided", cell.wait_s + 30)
        wait_for(lambda: all_forwarded(subject), "everything kept is delivered", 120)
        return
    quiet_s = cell.wait_s + 2
    last, since, end = -1, time.monotonic(), time.monotonic() + cell.wait_s + 60
    while time.monotonic() < end and time.monotonic() - since < quiet_s:
        report = sink.report()
        if all(report["traces"][name]["whole"] >= sent["traces"][name]["whole"] for name in MUST_KEEP):
            return
        if report["spans"] != last:
            last, since = report["spans"], time.monotonic()
        time.sleep(0.1)


def fate(sent: dict, report: dict) -> dict:
    """Of the traces that have to be kept and were acknowledged whole: how many came whole, not whole or not at all, twice."""
    wanted = sum(sent["traces"][name]["whole"] for name in MUST_KEEP)
    arrived = {what: sum(report["traces"][name][what] for name in MUST_KEEP) for what in ("whole", "doubled")}
    partly = sum(sent["traces"][name]["partial"] for name in MUST_KEEP)
    return {"sent": wanted, "whole": arrived["whole"], "doubled": arrived["doubled"],
            "lost": max(0, wanted - arrived["whole"] - arrived["doubled"]), "partly_sent": partly,
            "kept_spans": report["spans"], "sent_spans": sent["spans"]["acknowledged"]}
