#!/usr/bin/env python3
"""A long run with faults: `make soak`, or `python3 tests/attacks/soak.py --seconds 1200`.

The daemon takes honest traffic in turns of protocol and compression, with attackers beside it, giant traces and floods of traces, while its
backend goes away and comes back; queues are on disk. At the end: the ledger's residual is 0, every acknowledged span that was kept arrived or
is accounted for, and between calm moments, a turn each, neither resident memory nor descriptors nor threads have grown.
"""

import argparse
import itertools
import os
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
os.environ["PYTHONPATH"] = sys.path[0]

from tests.attacks import honest  # noqa: E402
from tests.attacks.list_of_attacks import ATTACKS  # noqa: E402
from tests.support import daemon as daemons  # noqa: E402
from tests.support.sink import Sink  # noqa: E402

_BUDGET_MIB = 256
_RATE = 60_000
_TURN_S = 12.0
_AWAY_S = 4.0
# Beforehand everything that has a bound is filled to it: what is touched for the first time is no growth.
_FLOOD_S = 15.0
_ATTACK_S = 3.0
_WARM_TURNS = 4  # before the first one that counts
# Of descriptors and threads a gRPC channel has one more or less at times: the most of so many moments is compared.
_MOMENTS = 10
# What counts as growth: both of a gigabyte a day, and more than what is resident varies by from one calm moment to the next.
_GROWTH_MIB_AN_HOUR = 40.0
_GROWTH_MIB = 4.0
_SHAPES = (("--protocol", "grpc"), ("--protocol", "grpc", "--compression", "gzip"), ("--protocol", "http"),
           ("--protocol", "http2", "--compression", "gzip"), ("--protocol", "grpc", "--spans-per-trace", "5000"),
           ("--protocol", "grpc", "--spans-per-trace", "1", "--services", "1", "--service-prefix", "loud-"))


class Moment:
    """What the daemon holds of the machine."""

    def __init__(self, pid: int):
        proc = pathlib.Path(f"/proc/{pid}")
        self.rss_mib = int((proc / "statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
        self.descriptors = len(list((proc / "fd").iterdir()))
        self.threads = len(list((proc / "task").iterdir()))


def configuration(backend: Sink, storage: str) -> str:
    exporter = (f"  otlp:\n    endpoint: 127.0.0.1:{backend.port}\n    tls: {{insecure: true}}\n"
                "    sending_queue: {sizer: bytes, queue_size: 2000000000, storage: file_storage}\n"
                "    retry_on_failure: {initial_interval: 200ms, max_interval: 1s, max_elapsed_time: 0s}")
    text = honest.configuration(exporter=exporter, exporter_name="otlp", sampling="decision_wait: 1s",
                                tailrace=f"memory_budget_mib: {_BUDGET_MIB}")
    return text.replace("extensions:\n", f"extensions:\n  file_storage: {{directory: {storage}, create_directory: true}}\n", 1).replace(
        "extensions: [health_check]", "extensions: [health_check, file_storage]")


def _attacks() -> list:
    """Those for a listener in plain text."""
    return [name for name, attack in ATTACKS.items() if not attack.tls_port]


def calm(daemon: daemons.Daemon, port: int) -> Moment:
    """After a load that is the same each time, with everything delivered."""
    with honest.Load(port, 3, _RATE) as load:
        load.result()

    def at_rest() -> bool:
        metrics = daemon.metrics()
        waiting = sum(value for labels, value in metrics.find("tailrace_ledger_spans")
                      if dict(labels)["state"] in ("in_table", "in_ring", "in_open_batch", "queued", "in_flight"))
        return waiting == 0 and metrics.sum("tailrace_connections_open") == 0

    daemons.wait_for(at_rest, "everything is delivered and every connection is closed", 120)
    return Moment(daemon.process.pid)


def turn(daemon: daemons.Daemon, backend: Sink, shape: tuple, attack: str) -> None:
    http = "http" in shape[1]
    port = daemon.ports["HTTP" if http else "GRPC"]
    attackers = start_attackers(attack, daemon, _TURN_S / 3)
    with honest.Load(port, _TURN_S / 2, _RATE, *shape) as load:
        backend.kill()
        honest.pause_until(time.monotonic() + _AWAY_S)
        backend.start()
        load.result()
    wait_for_attackers(attackers, attack)


def fill(daemon: daemons.Daemon) -> None:
    """As much of each kind as the daemon takes, and each attacker once."""
    for shape in _SHAPES:
        port = daemon.ports["HTTP" if "http" in shape[1] else "GRPC"]
        with honest.Load(port, _FLOOD_S, 0, *shape) as load:
            load.result()
    for attack in _attacks():
        wait_for_attackers(start_attackers(attack, daemon, _ATTACK_S), attack)


def start_attackers(attack: str, daemon: daemons.Daemon, seconds: float) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-B", "-m", "tests.attacks.attackers", attack, "--port", str(daemon.ports["HTTP"]),
                             "--seconds", str(seconds), "--time-out", str(honest.CLOSED_WITHIN_S)], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL)


def wait_for_attackers(attackers: subprocess.Popen, attack: str) -> None:
    if attackers.wait(60) != 0:
        raise AssertionError(f"the attackers of '{attack}' failed")


def soak(seconds: float) -> list:
    moments, times = [], []
    with Sink() as backend:
        with daemons.Daemon(configuration(backend, "@DIR@/queue")) as daemon:
            fill(daemon)
            end = time.monotonic() + seconds
            for number, (shape, attack) in enumerate(zip(itertools.cycle(_SHAPES), itertools.cycle(_attacks()))):
                turn(daemon, backend, shape, attack)
                moments.append(calm(daemon, daemon.ports["GRPC"]))
                times.append(time.monotonic())
                m = moments[-1]
                print(f"{number}: {' '.join(shape)}, {attack}: {m.rss_mib:.1f} MiB, {m.descriptors} descriptors, {m.threads} threads", flush=True)
                if time.monotonic() > end:
                    break
            daemon.stop()
    return missed(moments[_WARM_TURNS:], times[_WARM_TURNS:])


def missed(moments: list, times: list) -> list:
    """The bounds that the run went over, in words."""
    if len(moments) < 4:
        return ["the run was too short to say anything: a turn takes about 20 s, and the first four do not count"]
    problems = []
    slope = statistics.linear_regression([t / 3600 for t in times], [m.rss_mib for m in moments]).slope
    grown = statistics.median(m.rss_mib for m in moments[-3:]) - statistics.median(m.rss_mib for m in moments[:3])
    print(f"resident memory: {slope:+.1f} MiB an hour by all calm moments, {grown:+.1f} MiB from the first three to the last three")
    if slope > _GROWTH_MIB_AN_HOUR and grown > _GROWTH_MIB:
        problems.append(f"resident memory grows by {slope:.0f} MiB an hour")
    for name in ("descriptors", "threads"):
        first, last = (max(getattr(m, name) for m in some) for some in (moments[:_MOMENTS], moments[-3:]))
        if last > first:
            problems.append(f"{name} grew from {first} to {last}")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=1200)
    problems = soak(parser.parse_args().seconds)
    print("\n".join(f"MISSED: {p}" for p in problems) or "nothing grew; residual 0")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
