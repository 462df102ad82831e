"""What is made of the rounds of a cell: median, spread, and whether the figure is the program's at all. Pure."""

import statistics

from window import BUSY_ENOUGH

SPREAD_MAX = 0.25    # of the median, between the lowest and the highest round
RATE_REACHED = 0.97
HEADROOM = 1.2       # what a generator can do alone must be above a program's figure by so much


def median(runs: list, key: str) -> float:
    return statistics.median(run[key] for run in runs)


def spread(values: list) -> float:
    """(highest - lowest) / median"""
    values = list(values)
    middle = statistics.median(values)
    return (max(values) - min(values)) / middle if middle else 0.0


def too_wide(values: list) -> bool:
    return spread(values) > SPREAD_MAX


def with_spread(values: list, scale: float = 1, digits: int = 2) -> str:
    """`3.39 (2.98 to 3.47)`, and a warning where the rounds differ so much that little can be compared."""
    values = [value / scale for value in values]
    words = f"{statistics.median(values):.{digits}f}"
    if len(values) > 1:
        words += f" ({min(values):.{digits}f} to {max(values):.{digits}f})"
    return words + (f" **rounds differ by {spread(values):.0%}**" if too_wide(values) else "")


def why_refused(run: dict, ceiling: float = None):
    """Why this run says nothing about the program, or None. `ceiling`: spans a second that the generator reached alone, where it was that
    that ended the rise."""
    busy = run["core_share"] / run.get("cores", 1)
    if run.get("rate"):
        if run["spans_per_s"] >= RATE_REACHED * run["rate"] or busy >= BUSY_ENOUGH:
            return None
        return (f"{run['rate'] / 1e6:.2f} M spans/s were asked for and {run['spans_per_s'] / 1e6:.2f} M came, with the program busy for "
                f"{busy:.0%}: the load was the limit")
    if ceiling and run["spans_per_s"] * HEADROOM > ceiling:
        return f"the generator alone reaches {ceiling / 1e6:.2f} M spans/s, too little above {run['spans_per_s'] / 1e6:.2f} M"
    if busy >= BUSY_ENOUGH:
        return None
    beside = run["load_share"] + run["sink_share"]
    why = (f"load and sink were busy for {beside:.0%} of theirs and the limit" if beside >= BUSY_ENOUGH
           else "too few requests were under way, or something else had the cores")
    return f"the program had only {busy:.0%} of its core to do: {why}"


def ceiling_of(check: dict):
    """What a generator reached against the bare server; None where the server was the limit, so that the generator can do more."""
    return None if check["core_share"] >= BUSY_ENOUGH else check["spans_per_s"]


def ratio(runs: list, base: list, key: str = "spans_per_cpu_s") -> tuple:
    """(of the medians, lowest and highest by round). Rounds are paired by their number."""
    others = {run["round"]: run for run in base}
    pairs = [run[key] / others[run["round"]][key] for run in runs if run["round"] in others]
    whole = median(runs, key) / median(base, key)
    return whole, min(pairs, default=whole), max(pairs, default=whole)
