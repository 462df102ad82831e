"""Many connections: five thousand slow ones, and more than the daemon has file descriptors for."""

import resource
import select
import socket
import time
from typing import NamedTuple

from tests.attacks import honest
from tests.attacks.http1_attacks import HEAD
from tests.support import daemon as daemons
from tests.support.memory import Memory

CLOSED_WITHIN_S = 4.0  # of a time-out of a second: five thousand take their time to open, on two cores
CPU_SHARE_MAX = 0.05
_KINDS = {"silent": b"", "half a head": HEAD, "half a body": HEAD + b"Content-Length: 1000\r\n\r\n" + b"a" * 500,
          "half a preface": b"PRI * HTTP/2.0\r\n"}


class Row(NamedTuple):
    name: str
    figures: str
    missed: list


def raise_descriptor_limit(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard) if hard != resource.RLIM_INFINITY else wanted, hard))


def slow(count: int, rate: float, p99_slack_ms: float) -> Row:
    """`count` connections that never finish what they began; each is to be closed by its time-out."""
    raise_descriptor_limit(2 * count + 200)
    with daemons.Daemon(honest.configuration()) as daemon:
        port = daemon.ports["GRPC"]
        with Memory(daemon.process.pid) as before:
            alone = honest.settled(port, rate, 2.0)
        with Memory(daemon.process.pid) as during, honest.Load(port, CLOSED_WITHIN_S + 2, rate) as load:
            lives = _hold(daemon.ports["HTTP"], count)
            beside = load.result()
        daemon.stop()
    rise = max(0.0, during.highest_mib - before.highest_mib)
    errors = honest.errors_of(beside)
    p99, p99_before = beside["latency_ms"]["p99"], alone["latency_ms"]["p99"]
    missed = []
    if len(lives) != count:
        missed.append(f"{count - len(lives)} of {count} were not closed")
    if max(lives, default=0) > CLOSED_WITHIN_S:
        missed.append(f"one was closed after {max(lives):.1f} s only")
    if rise >= 64:
        missed.append(f"memory rose by {rise:.0f} MiB")
    if errors:
        missed.append(f"{errors} honest requests failed")
    if p99 > max(2 * p99_before, p99_before + p99_slack_ms):
        missed.append(f"honest p99 {p99:.1f} ms, {p99_before:.1f} ms before")
    return Row(f"{count} slow connections", f"closed after {min(lives, default=0):.2f} to {max(lives, default=0):.2f} s; memory +{rise:.0f} MiB; "
               f"honest p99 {p99:.1f} ms, {p99_before:.1f} ms before", missed)


def _hold(port: int, count: int) -> list:
    """How long each lived, in seconds."""
    poller, born, lives = select.poll(), {}, []
    beginnings = list(_KINDS.values())

    def look(wait_ms: int) -> None:
        for fd, _ in poller.poll(wait_ms):
            s, since = born.pop(fd)
            poller.unregister(fd)
            lives.append(time.monotonic() - since)
            s.close()

    for i in range(count):
        s = socket.create_connection(("127.0.0.1", port), timeout=10)
        s.sendall(beginnings[i % len(beginnings)])
        born[s.fileno()] = (s, time.monotonic())
        poller.register(s, select.POLLRDHUP)
        if i % 100 == 0:
            look(0)
    until = time.monotonic() + CLOSED_WITHIN_S
    while born and time.monotonic() < until:
        look(100)
    for s, _ in born.values():
        s.close()
    return lives


def out_of_descriptors(limit: int = 64, wanted: int = 200) -> Row:
    """More connections than descriptors: accepting pauses, costs nothing, and goes on when some are free again."""
    raise_descriptor_limit(wanted + 200)
    missed = []
    with daemons.Daemon(honest.configuration(short_time_outs=False), prefix=("prlimit", f"--nofile={limit}")) as daemon:
        held = [socket.create_connection(("127.0.0.1", daemon.ports["HTTP"]), timeout=10) for _ in range(wanted)]
        # Idle connections are closed after 10 s: 4 s from now there are still more than there are descriptors.
        honest.pause_until(time.monotonic() + 0.5)
        cpu, at = honest.cpu_s(daemon.process.pid), time.monotonic()
        honest.pause_until(at + 3)
        share = (honest.cpu_s(daemon.process.pid) - cpu) / (time.monotonic() - at)
        if share > CPU_SHARE_MAX:
            missed.append(f"it spins: {share:.0%} of a core")
        for s in held:
            s.close()
        began = time.monotonic()
        answer = daemon.post({"resourceSpans": []})
        back_s = time.monotonic() - began
        if answer.status != 200:
            missed.append(f"afterwards a request is answered by {answer.status}")
        daemon.stop()
    return Row(f"{wanted} connections, {limit} file descriptors", f"{share:.1%} of a core while it has none; "
               f"{back_s:.2f} s after they are free a request is answered", missed)
