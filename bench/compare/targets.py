"""The targets, each held against the runs of its cells. Pure: what is not measured is said, and why."""

from . import stats
from .cells import BARE, BOTH, CELLS, COLLECTOR, TAILRACE, by_name

NAMES = {BARE: "bare server", TAILRACE: "Tailrace", COLLECTOR: "Collector", "jaeger": "Jaeger", "fluent-bit": "Fluent Bit"}


class NotMeasured(Exception):
    """Why, in words."""


class Evidence:
    """The runs of a comparison that count. `results.of(cell, program)`: all of them; `missing`: program -> why; `skipped`: (name of the cell,
    program) -> why; `ceilings`: load -> spans a second that its generator reaches alone; `asked`: the cells of this run, beside which there may
    be results of earlier ones."""

    def __init__(self, results, missing: dict, skipped: dict, ceilings: dict, asked: list):
        self.results, self.missing, self.skipped, self.ceilings, self.asked = results, missing, skipped, ceilings, asked

    def runs(self, cell, program: str) -> list:
        """Those that say something about the program. Most of the rounds have to."""
        found = self.results.of(cell, program)
        if not found:
            why = self.missing.get(program) or self.skipped.get((cell.name, program))
            raise NotMeasured(why or f"the cell `{cell.name}` was not run with {NAMES[program]}")
        ceiling = None if program == BARE else self.ceilings.get(cell.load())  # which is what the bare server took
        refused = [run.get("error") or stats.why_refused(run, ceiling) for run in found]
        good = [run for run, why in zip(found, refused) if not why]
        if 2 * len(good) <= len(found):
            raise NotMeasured(f"`{cell.name}`, {NAMES[program]}: " + next(why for why in reversed(refused) if why))
        return good


def row(what: str, wanted: str, measured) -> tuple:
    """(what, wanted, words, reached); `measured()` gives (words, reached)."""
    try:
        words, reached = measured()
    except NotMeasured as why:
        words, reached = f"not measured: {why}", False
    return what, wanted, words, reached


def at_least(evidence: Evidence, over: tuple, under: tuple, wanted: float, times: bool):
    """The ratio of two cells' spans per CPU-second; `times`: said as a multiple, otherwise in per cent."""
    runs, base = (evidence.runs(by_name(name), program) for name, program in (over, under))
    whole, low, high = stats.ratio(runs, base)
    def say(value):
        return f"{value:.1f}x" if times else f"{value:.0%}"
    words = f"{say(whole)} ({in_millions(runs)} of {in_millions(base)} M spans per CPU-second; by round {say(low)} to {say(high)})"
    wide = [NAMES[program] for some, (_, program) in ((runs, over), (base, under)) if too_wide(some)]
    if wide:
        words += f"; the rounds of {' and '.join(wide)} differ too much for a comparison"
    return words, whole >= wanted


def too_wide(runs: list) -> bool:
    return stats.too_wide(run["spans_per_cpu_s"] for run in runs)


def in_millions(runs: list) -> str:
    value = stats.median(runs, "spans_per_cpu_s") / 1e6
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def wire_memory(evidence: Evidence, cell: str, most: float):
    runs = evidence.runs(by_name(cell), TAILRACE)
    ratios = sorted((rss - run["empty_rss"]) / held for run in runs for rss, held in run["held"] if held)
    if not ratios:
        raise NotMeasured("nothing was held")
    middle = ratios[len(ratios) // 2]
    return f"{middle:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})", middle <= most


def at_its_rate(runs: list, name: str) -> list:
    """The rounds in which the rate was taken, so that the same spans waited. Most have to."""
    good = [run for run in runs if run["spans_per_s"] >= stats.RATE_REACHED * run["rate"]]
    if 2 * len(good) <= len(runs):
        raise NotMeasured(f"{name} did not take {runs[0]['rate']:.0f} spans/s, so that not the same spans waited")
    return good


def memory_against_collector(evidence: Evidence):
    ours, theirs = (at_its_rate(evidence.runs(by_name("memory"), program), NAMES[program]) for program in BOTH)
    whole, low, high = stats.ratio(ours, theirs, "rss")
    return (f"{whole:.0%} ({stats.median(ours, 'rss') / 1e6:.0f} of {stats.median(theirs, 'rss') / 1e6:.0f} MB; by round {low:.0%} to "
            f"{high:.0%})"), whole <= 1 / 3


def lag(evidence: Evidence):
    runs = evidence.runs(by_name("calm"), TAILRACE)
    lags = [run["lag_p99_ms"] for run in runs]
    if None in lags:
        raise NotMeasured("no decision was made while the lag was measured")
    worst = max(lags)
    return f"within {worst:g} ms in every round, at {stats.median(runs, 'spans_per_s') / 1e6:.2f} M spans/s", worst <= 50


def answers(evidence: Evidence):
    ours, theirs = (evidence.runs(by_name("answers"), program) for program in BOTH)
    mine, other = stats.median(ours, "answer_p99_ms"), stats.median(theirs, "answer_p99_ms")
    return (f"{mine:.2f} ms at {stats.median(ours, 'spans_per_s') / 1e3:.0f} k spans/s against {other:.2f} ms at "
            f"{stats.median(theirs, 'spans_per_s') / 1e3:.0f} k"), mine < other


def ours(evidence: Evidence) -> list:
    """Every run of Tailrace, whatever its speed: [(cell, run)]"""
    runs = [(cell, run) for cell in CELLS for run in evidence.results.of(cell, TAILRACE)]
    if not runs:
        raise NotMeasured("no cell was run")
    return runs


def failures(runs: list) -> str:
    return "".join(f"; `{cell.name}` round {run['round']} failed: {run['error']}" for cell, run in runs if "error" in run)


def whole_traces(evidence: Evidence):
    runs = ours(evidence)
    fates = [(cell, run, run["traces"]) for cell, run in runs if "error" not in run]
    sent, whole = (sum(fate[what] for _, _, fate in fates) for what in ("sent", "whole"))
    bad = [f"`{cell.name}` round {run['round']}: {fate['lost']} lost, {fate['doubled']} doubled of {fate['sent']} ({run['late_spans']:.0f} spans came after their trace's decision)"
           for cell, run, fate in fates if fate["whole"] != fate["sent"] or not fate["sent"]]
    words = f"{whole} of {sent}" + "".join(f"; {one}" for one in bad) + failures(runs)
    return words, not bad and sent > 0 and len(fates) == len(runs)


def residual(evidence: Evidence):
    runs = ours(evidence)
    values = [run["residual"] for _, run in runs if "error" not in run]
    worst = max(values, default=None)
    return ("not known" if worst is None else f"{worst:g} at most, in {len(values)} runs") + failures(runs), worst == 0 and len(values) == len(runs)


def rows(evidence: Evidence) -> list:
    def times(name: str, wanted: float):
        return lambda: at_least(evidence, (name, TAILRACE), (name, COLLECTOR), wanted, True)

    def share(over: tuple, under: tuple, wanted: float):
        return lambda: at_least(evidence, over, under, wanted, False)

    per_cpu = "spans per CPU-second"
    return [
        row(f"{per_cpu}, plain gRPC, against the Collector's", "28x", times("plain", 28)),
        row(f"{per_cpu}, plain gRPC, against the bare HTTP/2 server's", "33 %", share(("plain", TAILRACE), ("plain", BARE), 0.33)),
        row(f"{per_cpu}, gzip requests, against the Collector's", "15x", times("gzip", 15)),
        row(f"{per_cpu}, HTTP JSON, against the Collector's", "10x", times("json", 10)),
        row(f"{per_cpu}, ten policies with OTTL, against the Collector's", "15x", times("ten", 15)),
        row(f"{per_cpu}, two shards against one", "80 %", share(("shards_2", TAILRACE), ("shards_1", TAILRACE), 0.80)),
        row(f"{per_cpu}, 2 000 000 live traces against 50 000", "80 %", share(("live_2m", TAILRACE), ("live_50k", TAILRACE), 0.80)),
        row(f"{per_cpu} with storage_compression: lz4, of those without", "70 %", share(("lz4", TAILRACE), ("plain", TAILRACE), 0.70)),
        row("RSS over the empty daemon's, divided by the wire bytes held", "1.25 at most", lambda: wire_memory(evidence, "memory", 1.25)),
        row("the same with storage_compression: lz4", "0.35 at most", lambda: wire_memory(evidence, "memory_lz4", 0.35)),
        row("the same with storage_compression: zstd", "0.35 at most", lambda: wire_memory(evidence, "memory_zstd", 0.35)),
        row("RSS with the same spans waiting, against the Collector's", "33 % at most", lambda: memory_against_collector(evidence)),
        row("decision lag p99 at 70 % of the top rate", "50 ms at most", lambda: lag(evidence)),
        row("acknowledgement p99 at the Collector's top rate, against the Collector's at half of it", "below", lambda: answers(evidence)),
        row("error and slow traces that reach the sink whole, every cell", "100 %", lambda: whole_traces(evidence)),
        row("ledger residual, every cell", "0", lambda: residual(evidence)),
    ]
