"""One attack after the other beside honest traffic: each gets a daemon of its own, and a row of the table."""

import json
import pathlib
import subprocess
import sys
import tempfile
from typing import NamedTuple

from tests.attacks import honest
from tests.attacks.attack import End
from tests.attacks.list_of_attacks import ATTACKS
from tests.support import daemon as daemons
from tests.support.memory import Memory

RSS_RISE_MIB_MAX = 64.0
P99_TIMES_MAX = 2.0


class Terms(NamedTuple):
    """What the runs are measured by."""
    seconds: float        # of each attack; one that ends by a time-out has more than two of them
    rate: float           # spans a second of the honest client; 0: half of the highest
    p99_slack_ms: float   # a short run on a shared machine: noise that is not the attacker's


class Row(NamedTuple):
    name: str
    connections: int
    closed: str
    rss_rise_mib: float
    p99_before_ms: float
    p99_during_ms: float
    honest_errors: int
    honest_retries: int
    missed: list          # bounds, in words


def run(name: str, terms: Terms) -> Row:
    attack = ATTACKS[name]
    with tempfile.TemporaryDirectory(prefix="tailrace-attack-") as folder:
        tls_dir = pathlib.Path(folder) if attack.tls_port else None
        if tls_dir:
            honest.make_tls_files(tls_dir)
        # What is to be cut must not depend on a time-out: those stay at their defaults, of 10 s and more.
        with daemons.Daemon(honest.configuration(tls_dir, short_time_outs=attack.end is End.TIME_OUT)) as daemon:
            row = _measure(name, daemon, terms)
            daemon.stop()  # its exit code and its ledger
            return row


def _measure(name: str, daemon: daemons.Daemon, terms: Terms) -> Row:
    port, pid = daemon.ports["GRPC"], daemon.process.pid
    with Memory(pid) as before:
        alone = honest.settled(port, terms.rate, max(terms.seconds / 3, 1.0))
    seconds = max(terms.seconds, honest.CLOSED_WITHIN_S) if ATTACKS[name].end is End.TIME_OUT else terms.seconds
    with Memory(pid) as during, honest.Load(port, seconds + 0.5, terms.rate) as load:
        attackers = _attack(name, daemon.ports["HTTP"], seconds)
        beside = load.result()
    row = Row(name, attackers["connections"], _closed(name, attackers), max(0.0, during.highest_mib - before.highest_mib),
              alone["latency_ms"]["p99"], beside["latency_ms"]["p99"], honest.errors_of(beside),
              beside["requests"]["retries"], [])
    row.missed.extend(_missed(row, attackers, terms))
    return row


def _attack(name: str, port: int, seconds: float) -> dict:
    done = subprocess.run([sys.executable, "-B", "-m", "tests.attacks.attackers", name, "--port", str(port), "--seconds", str(seconds),
                           "--time-out", str(honest.CLOSED_WITHIN_S)], cwd=daemons.SOURCE_DIR, capture_output=True, text=True,
                          timeout=seconds + 60, check=False)
    if done.returncode != 0:
        raise AssertionError(f"the attackers of {name}: {done.stderr[-2000:]}")
    return json.loads(done.stdout)


def _closed(name: str, attackers: dict) -> str:
    if ATTACKS[name].end is End.ITSELF:
        return "by itself"
    return f"{attackers['seconds_max']:.2f} s, {attackers['mib_max']:.2f} MiB"


def _missed(row: Row, attackers: dict, terms: Terms) -> list:
    missed = []
    late = attackers["connections"] - attackers["in_time"]
    if late:
        missed.append(f"{late} of {row.connections} connections not {ATTACKS[row.name].end.value}")
    if not attackers["closed"]:
        missed.append(f"none of {row.connections} connections was closed")
    if row.rss_rise_mib >= RSS_RISE_MIB_MAX:
        missed.append(f"memory rose by {row.rss_rise_mib:.0f} MiB")
    if row.honest_errors:
        missed.append(f"{row.honest_errors} honest requests failed")
    if row.p99_during_ms > max(P99_TIMES_MAX * row.p99_before_ms, row.p99_before_ms + terms.p99_slack_ms):
        missed.append(f"honest p99 {row.p99_during_ms:.1f} ms, {row.p99_before_ms:.1f} ms before")
    return missed
