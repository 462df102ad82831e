#!/usr/bin/env python3
"""Measures overload: ten times what one core can take, for three minutes, in a budget of 448 MiB.

    python3 bench/overload.py [--seconds 180]

The program runs on core 0, load generator and sink on core 1, as in bench/run.py. First the top rate, then the overload: ten times as many
requests under way at ten times the rate, then half the top rate again. What counts: spans taken a second under overload against the top rate,
resident memory against the budget, how the rest was refused, and how soon the calm load is served as if nothing had been.
"""

import argparse
import pathlib
import sys
import time

from policies import THREE_POLICIES
from programs import ROOT, BenchError, Daemon, Exporter, Load, Sink
from tests.support.memory import Memory

BUDGET_MIB = 448
SLACK_MIB = 64
NUM_TRACES = 600_000
WAIT_S = 10
WARM_S = 12


def load_args(times: int, rate: float, seconds: int) -> list:
    return ["--connections", 8 * times, "--inflight", 4, "--pool", 64, "--interleave", "--rate", round(rate), "--duration", seconds,
            "--retry", 0, "--span-bytes", 456]


def taken(daemon, load, begin_s: int, end_s: int) -> tuple:
    """Spans taken a second, and a second of the program's CPU time: where something else runs beside it, only that one says much."""
    first, cpu_s = load.progress(begin_s), daemon.cpu_s()
    last, cpu_s = load.progress(end_s), daemon.cpu_s() - cpu_s
    spans = last["acknowledged"] - first["acknowledged"]
    return spans / (last["seconds"] - first["seconds"]), spans / cpu_s


def measure(tailrace: pathlib.Path, seconds: int) -> bool:
    with Sink(tailrace) as sink, Daemon(tailrace, [Exporter(sink.port)], WAIT_S, NUM_TRACES, BUDGET_MIB, THREE_POLICIES) as daemon, \
            Memory(daemon.process.pid, 0.1) as memory:
        with Load(tailrace, daemon.port, load_args(1, 0, WARM_S + 9)) as load:
            top, top_per_cpu = taken(daemon, load, WARM_S, WARM_S + 8)
        print(f"top rate: {top / 1e6:.2f} M spans a second, {top_per_cpu / 1e6:.2f} M a CPU-second", flush=True)
        with Load(tailrace, daemon.port, load_args(10, 10 * top, seconds)) as load:
            under, under_per_cpu = taken(daemon, load, WARM_S, seconds - seconds // 10)  # an overloaded generator is late with its lines
            stress = {dict(labels)["bound"]: value for labels, value in daemon.metrics().find("tailrace_stress")}
            result = load.result()
        with Load(tailrace, daemon.port, load_args(1, top / 2, 12)) as load:
            calm, _ = taken(daemon, load, 1, 10)
            after = load.result()
        rss_mib = memory.highest_mib
        residual = daemon.residual()
        early = {dict(labels)["reason"]: int(value) for labels, value in daemon.metrics().find("tailrace_early_decisions")}
    print(f"ten times that for {seconds} s: {under / top:.1%} of the top rate taken, {under_per_cpu / top_per_cpu:.1%} of it a CPU-second")
    print(f"resident memory at its highest: {rss_mib:.0f} MiB of {BUDGET_MIB} MiB + {SLACK_MIB} MiB")
    print(f"answers: {result}")
    print(f"stress: {stress}; early decisions: {early}")
    print(f"half the top rate, from the first to the tenth second behind it: {calm / (top / 2):.1%} of what was sent; {after}")
    print(f"residual: {residual:.0f}")
    return under >= 0.9 * top and rss_mib <= BUDGET_MIB + SLACK_MIB and residual == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    args = parser.parse_args()
    try:
        return 0 if measure(args.build / "tailrace", args.seconds) else 1
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
