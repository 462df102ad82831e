"""The rows as lines on the terminal, and as tables in docs/ATTACKS.md."""

import datetime
import os
import pathlib
import platform

from tests.attacks import bombs, sockets
from tests.attacks.list_of_attacks import ATTACKS
from tests.support.daemon import SOURCE_DIR

_PAGE = SOURCE_DIR / "docs" / "ATTACKS.md"
_HEADS = {
    "sockets": "| attack | what | a connection lived at most, sent at most | connections | memory | honest p99 before, during | honest errors, retries |",
    "bombs": "| bomb | bytes sent | a hundred answers | one alone | a hundred | memory | honest errors, retries |",
    "crowds": "| what | figures |",
    "traces": "| what | figures |",
}
_TITLES = {"sockets": "Ten attackers at a time", "bombs": "Bombs, a hundred at once", "crowds": "Crowds", "traces": "Floods of proper traces"}

_ABOUT = """\
# Attacks

What attackers can do to a daemon that honest traffic uses at the same time. Written by
`make attacks ATTACKS='--seconds {seconds:.0f} --write'` (`tests/attacks`).

{machine}; {date}; each attack for {seconds:.0f} s beside {rate:.0f} spans/s of honest gRPC traffic.

What is asked of every row: no honest request fails for good; resident memory rises by less than {rise:.0f} MiB; the honest client's p99 of
acknowledgement stays below twice what it was just before, or 5 ms above it where that is more (two cores carry the daemon, the honest
client and the attackers, who have the lowest priority); the ledger's residual is 0. And of the attacker's connection:

* what floods is closed within 2 s or before 4 MiB were sent; the listener then has its default time-outs;
* what waits is closed by the time-out that it runs into, which is 1 s in these runs (the defaults are 10 s for a header, 30 s for a body,
  10 minutes for an idle connection); a client that stays below every time-out, and below `service::tailrace::connections_max`, may stay;
* what ends its connections itself is only measured by what it does to others.

Refused requests of honest clients are tried again, as SDKs do, and counted as retries: a shard that had no processor for a moment
refuses what another one hands to it.

A bomb is answered by 413 or RESOURCE_EXHAUSTED (400 or INVALID_ARGUMENT where what comes out is no request) without a hint to try again. What is unpacked lies
in the buffers of requests, a quarter of the memory budget, which is 2 GiB in these runs; memory may rise by that and 64 MiB.

A run that misses a bound is made again, twice at most, and the best is shown: all of this shares two cores with others.
"""


def _socket_cells(row: sockets.Row) -> list:
    return [row.name, ATTACKS[row.name].why, row.closed, row.connections, f"+{row.rss_rise_mib:.0f} MiB",
            f"{row.p99_before_ms:.1f}, {row.p99_during_ms:.1f} ms",
            f"{row.honest_errors}, {row.honest_retries}"]


def _bomb_cells(row: bombs.Row) -> list:
    return [row.name, row.packed_bytes, row.answers, f"{row.one_s * 1000:.0f} ms", f"{row.all_s:.2f} s", f"+{row.rss_rise_mib:.0f} MiB",
            f"{row.honest_errors}, {row.honest_retries}"]


def cells(row) -> list:
    if isinstance(row, sockets.Row):
        return _socket_cells(row)
    return _bomb_cells(row) if isinstance(row, bombs.Row) else [row.name, row.figures]


def line(row) -> str:
    missed = "".join(f"\n    MISSED: {m}" for m in row.missed)
    return "; ".join(str(c) for c in cells(row)) + missed


def _machine() -> str:
    model = "a processor without a name"
    for entry in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if entry.startswith("model name"):
            model = entry.split(":", 1)[1].strip()
            break
    return f"{len(os.sched_getaffinity(0))} cores of {model}, {platform.system()} {platform.release()}"


def write(rows: dict, seconds: float, rate: float) -> None:
    today = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    out = [_ABOUT.format(machine=_machine(), date=today, seconds=seconds, rate=rate, rise=sockets.RSS_RISE_MIB_MAX)]
    for part, some in rows.items():
        head = _HEADS[part]
        out += [f"## {_TITLES[part]}\n", head, "|" + "---|" * (head.count("|") - 1)]
        out += ["| " + " | ".join(str(c) for c in cells(row)) + (" **missed: " + "; ".join(row.missed) + "**" if row.missed else "") + " |"
                for row in some]
        out.append("")
    _PAGE.write_text("\n".join(out), encoding="utf-8")
