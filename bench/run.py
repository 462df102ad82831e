#!/usr/bin/env python3
"""Measures what Tailrace reaches on one core, against the limit of the machine: a bare server that throws everything away.

    python3 bench/run.py            about ten minutes
    python3 bench/run.py --quick    about three
    python3 bench/run.py --write    also writes the table into docs/BENCHMARKS.md

The program runs on core 0, load generator and sink on core 1. Everything is measured in turns within one run (bare, plain, gzip, ten policies, bare, ...), for
machines differ from hour to hour; what counts are the ratios. A figure where the program did not have its core to do is not printed: there
the load generator or the sink was what was measured.
"""

import argparse
import contextlib
import json
import os
import pathlib
import statistics
import sys

from policies import TEN_POLICIES, THREE_POLICIES
from held_memory import HeldMemory
from programs import LOAD_CORE, ROOT, BareServer, BenchError, Daemon, Exporter, Load, Sink, wait_for
from report import print_table, write_docs
from window import BUSY_ENOUGH, TAG_AND_LENGTH, all_forwarded, lag_buckets, quantile, say, window

SPAN_BYTES = 456
WAIT_S = 2
BUDGET_MIB = 6144
SPANS_PER_TRACE = 20
NUM_TRACES = 600_000          # twice what lives at 3 M spans a second
TOP_LOAD = ["--connections", "8", "--inflight", "4", "--pool", "64"]


class Bench:
    def __init__(self, args):
        self.tailrace = args.build / "tailrace"
        self.bare = args.build / "bench" / "bench_bare_server"
        for binary in (self.tailrace, self.bare):
            if not binary.exists():
                raise BenchError(f"{binary} is not there; build it: cmake --preset release && cmake --build {args.build}")
        self.rounds = args.rounds
        self.warm_s, self.window_s = (7, 4) if args.quick else (9, 8)  # until resident memory hardly grows any more
        self.held = HeldMemory(6 << 30)
        self.shape = ["--span-bytes", str(SPAN_BYTES)] + ([] if args.ordered else ["--interleave"])
        self.residuals = []

    def daemon(self, sink, wait_s=WAIT_S, num_traces=NUM_TRACES, budget_mib=BUDGET_MIB, policies=THREE_POLICIES) -> Daemon:
        return Daemon(self.tailrace, [Exporter(sink.port)], wait_s, num_traces, budget_mib, policies)

    @contextlib.contextmanager
    def running(self, **options):
        """A daemon before its sink, with touched memory held ready for it."""
        self.held.fill()
        with Sink(self.tailrace) as sink, self.daemon(sink, **options) as daemon, self.held.feeding(daemon.rss_bytes):
            yield sink, daemon
            self.residuals.append(daemon.residual())

    def top_of_bare(self) -> dict:
        with BareServer(self.bare) as server:
            with Load(self.tailrace, server.port, ["--duration", self.window_s + 2, *TOP_LOAD, *self.shape]) as load:
                return window(server, load, 1, self.window_s)

    def top_of_daemon(self, compression: str, policies: str = THREE_POLICIES) -> dict:
        args = ["--duration", self.warm_s + self.window_s + 1, "--compression", compression, *TOP_LOAD, *self.shape]
        with self.running(policies=policies) as (_, daemon), Load(self.tailrace, daemon.port, args) as load:
            return window(daemon, load, self.warm_s, self.window_s)

    def memory(self, rate: int, wait_s: int) -> dict:
        """RSS over the empty daemon's against the wire bytes of the spans that are held, at a calm rate."""
        live = rate * wait_s // SPANS_PER_TRACE
        with Sink(self.tailrace) as sink, self.daemon(sink, wait_s, num_traces=3 * live) as daemon:
            empty = daemon.rss_bytes()
            ratios = []
            with Load(self.tailrace, daemon.port, ["--duration", wait_s + 8, "--rate", rate, *self.shape]) as load:
                for second in range(wait_s + 3, wait_s + 8):
                    load.progress(second)
                    held = daemon.metrics().sum("tailrace_in_table_spans") * (SPAN_BYTES + TAG_AND_LENGTH)
                    ratios.append((daemon.rss_bytes() - empty) / held)
            self.residuals.append(daemon.residual())
            return {"ratio": statistics.median(ratios), "held_bytes": held, "empty_rss_bytes": empty}

    def live_traces(self, traces: int, rate: int) -> dict:
        """CPU for a span with so many traces alive. Small spans, four a trace; the same rate for every number of traces."""
        spans_per_trace = 4
        wait_s = traces * spans_per_trace / rate
        warm_s = 2 * int(wait_s) + 5  # every page has been touched once, and a stall on the way has come round again
        shape = ["--spans-per-trace", spans_per_trace, "--services", 1, "--span-bytes", 128, "--rate", rate]
        args = ["--duration", warm_s + self.window_s + 1, *shape]
        with self.running(wait_s=wait_s, num_traces=4 * traces) as (_, daemon), Load(self.tailrace, daemon.port, args) as load:
            result = window(daemon, load, warm_s, self.window_s)
            result["live_traces"] = daemon.metrics().sum("otelcol_processor_tail_sampling_sampling_traces_on_memory")
        if result["spans_per_s"] < 0.97 * rate:
            raise BenchError(f"{rate} spans/s with {traces} live traces was not reached, only {result['spans_per_s']:.0f}")
        if abs(result["live_traces"] / traces - 1) > 0.15:
            raise BenchError(f"{traces} live traces were asked for, {result['live_traces']:.0f} lived")
        return result

    def calm(self, rate: int) -> dict:
        """At a rate below the top: how late decisions come, and whether every trace that has to be kept arrives."""
        seconds = self.warm_s + 2 * self.window_s
        args = ["--duration", seconds + 1, "--rate", rate, "--retry", 30, *self.shape]
        with self.running() as (sink, daemon):
            with Load(self.tailrace, daemon.port, args) as load:
                load.progress(self.warm_s)
                before = lag_buckets(daemon)
                load.progress(seconds)
                lag = quantile(before, lag_buckets(daemon), 0.99)
                sent = load.result()
            wait_for(lambda: daemon.metrics().sum("tailrace_in_table_spans") == 0, "every trace is decided", WAIT_S + 30)
            wait_for(lambda: all_forwarded(daemon), "everything kept is delivered", 60)
            arrived = sink.report()["traces"]
        kept = {}
        for name in ("error", "slow"):
            whole, expected = arrived[name]["whole"], sent["traces"][name]["whole"]
            kept[name] = {"sent": expected, "whole": whole, "broken": arrived[name]["broken"], "doubled": arrived[name]["doubled"]}
        return {"rate": rate, "lag_p99_ms": lag, "kept": kept, "partly_sent": sum(c["partial"] for c in sent["traces"].values())}


def tops(bench: Bench) -> dict:
    runs = {"bare": [], "plain": [], "gzip": [], "ten": []}
    for number in range(1, bench.rounds + 1):
        for name, run in (("bare", bench.top_of_bare), ("plain", lambda: bench.top_of_daemon("none")),
                          ("gzip", lambda: bench.top_of_daemon("gzip")),
                          ("ten", lambda: bench.top_of_daemon("none", TEN_POLICIES))):
            result = run()
            runs[name].append(result)
            say(f"round {number} {name}: {result['spans_per_cpu_s'] / 1e6:.2f} M spans per CPU-second, "
                f"{result['spans_per_s'] / 1e6:.2f} M/s, core {result['core_share']:.0%}")
    return runs


def busy(runs: list) -> bool:
    return statistics.median(r["core_share"] for r in runs) >= BUSY_ENOUGH


def measure(bench: Bench, args) -> dict:
    result = {"tops": tops(bench)}
    steps = {"memory": lambda: bench.memory(*((300_000, 4) if args.quick else (400_000, 5)))}
    plain = result["tops"]["plain"]
    calm_rate = args.calm_rate
    if not calm_rate and busy(plain):
        calm_rate = int(0.7 * statistics.median(r["spans_per_s"] for r in plain))
    if calm_rate:
        steps["calm"] = lambda: bench.calm(calm_rate)
    steps["live_50k"] = lambda: bench.live_traces(50_000, args.live_rate)
    steps["live_1m"] = lambda: bench.live_traces(1_000_000, args.live_rate)
    for name, step in steps.items():
        try:
            result[name] = step()
            say(f"{name}: {json.dumps(result[name])}")
        except BenchError as error:
            result[name] = {"error": str(error)}
            say(f"{name}: {error}")
    result["residual_spans"] = max(bench.residuals) if bench.residuals else None
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, shorter windows")
    parser.add_argument("--rounds", type=int, help="of bare, plain, gzip (default 5, quick 2)")
    parser.add_argument("--ordered", action="store_true", help="whole traces in a request, instead of a service's pieces")
    parser.add_argument("--live-rate", type=int, default=600_000, help="spans/s of the runs with 50 000 and 1 000 000 live traces")
    parser.add_argument("--calm-rate", type=int, help="spans/s of the lag and completeness run (default 70 %% of the top rate)")
    parser.add_argument("--write", action="store_true", help="write docs/BENCHMARKS.md")
    args = parser.parse_args()
    args.rounds = args.rounds or (2 if args.quick else 5)
    try:
        if len(os.sched_getaffinity(0)) < 2:
            raise BenchError("two cores are needed: one for the program, one for load and sink")
        os.sched_setaffinity(0, {LOAD_CORE})
        result = measure(Bench(args), args)
    except (BenchError, OSError) as error:
        say(f"bench: {error}")
        return 1
    result["command"] = "python3 bench/run.py" + "".join(f" {a}" for a in sys.argv[1:] if a != "--write")
    out = ROOT / "build" / "bench" / "result.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result, indent=1) + "\n")
    reached = print_table(result, BUSY_ENOUGH)
    print(f"\nall numbers: {out}")
    if args.write:
        write_docs(result, BUSY_ENOUGH)
    return 0 if reached else 3


if __name__ == "__main__":
    sys.exit(main())
