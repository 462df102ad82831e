#!/usr/bin/env python3
"""Measures delivery: what it costs to send everything on, what a hanging backend does to another, how a backlog is sent after an outage, and
how quick the queue on disk is.

    python3 bench/delivery.py            about four minutes; any of export hang outage disk as arguments: those only

The program runs on core 0, load generator and sinks on core 1, as in bench/run.py.
"""

import argparse
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from policies import ALL, THREE_POLICIES
from programs import LOAD_CORE, ROOT, BenchError, Daemon, Exporter, Load, Sink, free_port
from run import Bench
from window import window

# One trace in five, so that the exporters have something to do and the sampler too.
A_FIFTH = "      - {name: a-fifth, type: probabilistic, probabilistic: {sampling_percentage: 20}}"
ROUNDS = 3
SHAPE = ["--connections", 8, "--inflight", 4, "--interleave"]
QUEUE = "sending_queue: {sizer: bytes, queue_size: 4000000000}"


def say(text: str) -> None:
    print(text, flush=True)


def export_cost(bench: Bench) -> None:
    """Spans per CPU-second with all traces kept against about two in a hundred, by compression of what is sent on."""
    for compression in ("none", "gzip"):
        runs = {"2%": [], "100%": []}
        for _ in range(ROUNDS):
            for name, policies in (("2%", THREE_POLICIES), ("100%", ALL)):
                with Sink(bench.tailrace) as sink, \
                     Daemon(bench.tailrace, [Exporter(sink.port, compression=compression, options=QUEUE)], 1, 600_000, 6144, policies) as daemon:
                    rate = [] if name == "2%" else ["--rate", 1_000_000 if compression == "none" else 250_000]
                    with Load(bench.tailrace, daemon.port, ["--duration", 15, *SHAPE, *rate]) as load:
                        runs[name].append(window(daemon, load, 8, 6))
                    if daemon.residual() != 0:
                        raise BenchError("the ledger's residual is not 0")
        kept = {name: statistics.median(r["spans_per_cpu_s"] for r in some) for name, some in runs.items()}
        shares = ", ".join(f"{name} {statistics.median(r['core_share'] for r in some):.0%}" for name, some in runs.items())
        say(f"export {compression}: {kept['100%'] / kept['2%']:.1%} of the 2 % figure ({kept['100%'] / 1e6:.2f} M of {kept['2%'] / 1e6:.2f} M "
            f"spans per CPU-second; core share {shares})")



def hang(bench: Bench) -> None:
    """Two backends; in every other run one of them is stopped: what the other one gets, and how long spans wait for it."""
    rates = {False: [], True: []}
    waits = {False: [], True: []}
    cpu = {False: [], True: []}
    for _ in range(ROUNDS):
        for stopped in (False, True):
            with Sink(bench.tailrace) as good, Sink(bench.tailrace) as bad:
                exporters = [Exporter(good.port, "otlp/good", options=QUEUE), Exporter(bad.port, "otlp/bad", options=QUEUE)]
                with Daemon(bench.tailrace, exporters, 1, 600_000, 6144, A_FIFTH) as daemon:
                    if stopped:
                        bad.process.send_signal(signal.SIGSTOP)
                    try:
                        with Load(bench.tailrace, daemon.port, ["--duration", 15, "--rate", 600_000, *SHAPE]) as load:
                            load.progress(6)
                            before, cpu_before, at = good.report()["spans"], daemon.cpu_s(), time.monotonic()
                            oldest = []
                            while time.monotonic() < at + 8:
                                oldest.append(daemon.metrics().sum("tailrace_exporter_oldest_item_seconds", exporter="otlp/good"))
                                time.sleep(0.02)
                            seconds = time.monotonic() - at
                            rates[stopped].append((good.report()["spans"] - before) / seconds)
                            cpu[stopped].append((daemon.cpu_s() - cpu_before) / seconds)
                            waits[stopped].append(sorted(oldest)[int(len(oldest) * 0.99)] * 1000)
                    finally:
                        bad.process.send_signal(signal.SIGCONT)
                    if daemon.residual() != 0:
                        raise BenchError("the ledger's residual is not 0")
    rate = {k: statistics.median(v) for k, v in rates.items()}
    wait = {k: statistics.median(v) for k, v in waits.items()}
    core = {k: statistics.median(v) for k, v in cpu.items()}
    say(f"hang: the other backend gets {rate[True] / rate[False]:.1%} of what it gets beside a good one ({rate[True]:.0f} of {rate[False]:.0f} "
        f"spans/s); p99 of the oldest waiting for it {wait[True]:.0f} ms against {wait[False]:.0f} ms; core {core[True]:.0%} against {core[False]:.0%}")


def outage(bench: Bench) -> None:
    """A backend away for ten seconds: what it gets in each second before and after."""
    away_s = 10
    with Sink(bench.tailrace) as sink:
        with Daemon(bench.tailrace, [Exporter(sink.port, options=QUEUE)], 1, 600_000, 6144, A_FIFTH) as daemon:
            with Load(bench.tailrace, daemon.port, ["--duration", 40, "--rate", 200_000, *SHAPE]) as load:
                load.progress(4)
                seconds = []
                last, stopped_at, back_at, drained_at = sink.report()["spans"], None, None, None
                began = time.monotonic()
                for second in range(1, 32):
                    while time.monotonic() < began + second:
                        time.sleep(0.005)
                    if second == 5:
                        sink.process.send_signal(signal.SIGSTOP)
                        stopped_at = second
                    if second == 5 + away_s:
                        sink.process.send_signal(signal.SIGCONT)
                        back_at = second
                    if stopped_at and not (back_at and second > back_at):
                        continue
                    now = sink.report()["spans"]
                    seconds.append((second, now - last))
                    last = now
                    queued = daemon.metrics().sum("tailrace_exporter_queue_bytes")
                    if back_at and not drained_at and queued < 2_000_000:
                        drained_at = second
                load.result()
            if daemon.residual() != 0:
                raise BenchError("the ledger's residual is not 0")
    steady = statistics.median(n for s, n in seconds if s <= 4)
    after = [n for s, n in seconds if back_at < s <= (drained_at or 99)]
    drain = statistics.median(after)
    say(f"outage of {away_s} s: steady {steady:.0f} spans/s; in the seconds after it {after}; drain {drain / steady:.1f} times the intake, "
        f"the highest second {max(after) / drain:.2f} times the drain's median; drained after {drained_at - back_at if drained_at else '?'} s")


def dd_bytes_per_s(folder: str) -> float:
    began = time.monotonic()
    subprocess.run(["dd", "if=/dev/zero", f"of={folder}/dd", "oflag=dsync", "bs=4M", "count=150"], check=True, capture_output=True, timeout=120)
    seconds = time.monotonic() - began
    os.unlink(f"{folder}/dd")
    return 150 * 4 * 1024 * 1024 / seconds


def disk(bench: Bench) -> None:
    """All traces kept, no backend, and a queue on disk: bytes a second that get there. The program may use both cores."""
    for options in ("", "fsync: true"):
        rates, dds = [], []
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
                dds.append(dd_bytes_per_s(folder))
                storage = "sending_queue: {sizer: bytes, queue_size: 40000000000, storage: file_storage}"
                nobody = free_port()
                exporters = [Exporter(nobody, options=storage)]
                with Daemon(bench.tailrace, exporters, 1, 600_000, 6144, ALL, storage=folder + ("/q, " + options if options else "/q"),
                            core="0,1") as daemon:
                    with Load(bench.tailrace, daemon.port, ["--duration", 14, "--rate", 700_000, *SHAPE]) as load:
                        load.progress(5)
                        before, at = daemon.metrics().sum("tailrace_exporter_stored_bytes"), time.monotonic()
                        load.progress(13)
                        rates.append((daemon.metrics().sum("tailrace_exporter_stored_bytes") - before) / (time.monotonic() - at))
                    daemon.process.kill()
        rate, dd = statistics.median(rates), statistics.median(dds)
        say(f"disk {options or 'fsync: false'}: {rate / 1e6:.0f} MB/s (rounds {[round(r / 1e6) for r in rates]}); "
            f"dd oflag=dsync bs=4M: {dd / 1e6:.0f} MB/s, half of it {dd / 2e6:.0f}")


STEPS = {"export": export_cost, "hang": hang, "outage": outage, "disk": disk}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("steps", nargs="*", choices=[*STEPS, []], help="which (default all)")
    args = parser.parse_args()
    args.rounds, args.quick, args.ordered = ROUNDS, True, False
    try:
        os.sched_setaffinity(0, {LOAD_CORE})
        bench = Bench(args)
        for name in args.steps or STEPS:
            STEPS[name](bench)
    except (BenchError, OSError) as error:
        say(f"bench: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
