"""What a measurement reads of a program under load: a window between two of the generator's progress lines, how late decisions come, whether
everything kept has been sent on."""

import sys

from programs import BenchError, Load

TAG_AND_LENGTH = 3           # of each span in its request
BUSY_ENOUGH = 0.85           # of its core
WAITING = ("in_ring", "in_open_batch", "handing_over", "queued", "in_flight")  # states of tailrace_ledger_spans, in the table excepted


def window(program, load, warm_s: int, window_s: int) -> dict:
    """Spans acknowledged, the program's CPU time and seconds between two of the generator's progress lines."""
    begin = load.progress(warm_s)
    cpu = program.cpu_s()
    end = load.progress(warm_s + window_s)
    cpu = program.cpu_s() - cpu
    seconds = end["seconds"] - begin["seconds"]
    spans = end["acknowledged"] - begin["acknowledged"]
    program.check_alive()
    if spans <= 0 or cpu <= 0:
        raise BenchError("nothing was acknowledged")
    return {"spans": spans, "seconds": seconds, "cpu_s": cpu, "core_share": cpu / seconds, "spans_per_s": spans / seconds,
            "spans_per_cpu_s": spans / cpu}


def top_of(tailrace, daemon, args: list, warm_s: int, window_s: int) -> dict:
    """The window of a load as fast as the daemon takes it, its ledger checked; `args`: what the load is like."""
    with Load(tailrace, daemon.port, ["--duration", warm_s + window_s + 1, *args]) as load:
        result = window(daemon, load, warm_s, window_s)
    if daemon.residual() != 0:
        raise BenchError("the ledger has a residual")
    return result


def lag_buckets(daemon) -> dict:
    sums = {}
    for labels, value in daemon.metrics().find("tailrace_decision_lag_ms_bucket"):
        bound = float(labels["le"].replace("+Inf", "inf"))
        sums[bound] = sums.get(bound, 0) + value
    if not sums:
        raise BenchError("/metrics has no tailrace_decision_lag_ms_bucket")
    return sums


def quantile(before: dict, after: dict, share: float) -> float:
    """The upper bound of the bucket that the quantile lies in."""
    counts = {bound: after[bound] - before.get(bound, 0) for bound in sorted(after)}
    total = counts[max(counts)]
    if total <= 0:
        raise BenchError("no decision was made while the lag was measured")
    return next(bound for bound, count in counts.items() if count >= share * total)


def all_forwarded(daemon) -> bool:
    states = daemon.metrics()
    waiting = sum(states.sum_or_zero("tailrace_ledger_spans", state=state) for state in WAITING)
    return waiting == 0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
