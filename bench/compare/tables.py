"""The tables of a comparison, for the terminal and for docs/BENCHMARKS.md. Pure but for write()."""

import datetime

from report import write_section

from . import stats
from .cells import BARE, CELLS, TAILRACE, by_name
from .targets import NAMES, Evidence, NotMeasured, rows

BEGIN, END = "<!-- begin: written by bench/compare -->", "<!-- end: written by bench/compare -->"
PICTURES = (("speed", "Spans per CPU-second: Tailrace and its peers"), ("matrix", "Spans per CPU-second: one dimension at a time"),
            ("cost", "Spans per CPU-second against live traces, connections, policies and the size of a span"),
            ("memory", "Resident memory with the same spans waiting"))


def targets_table(evidence: Evidence) -> list:
    return ["| what | wanted | measured |", "|---|---|---|",
            *(f"| {what} | {wanted} | {'' if reached else '**missed**: '}{words} |" for what, wanted, words, reached in rows(evidence))]


def cells_table(evidence: Evidence) -> list:
    lines = ["| differs from `plain` | cell | program | rounds | M spans per CPU-second | core busy | RSS, MB | must be kept: whole | lost | doubled | residual |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    for cell in CELLS:
        for program in cell.programs:
            if not evidence.results.of(cell, program) and not (cell in evidence.asked and program in evidence.missing):
                continue
            lines.append(f"| {cell.dimension} | `{cell.name}`: {cell.words} | {NAMES[program]} | {len(evidence.results.of(cell, program))} | "
                         f"{' | '.join(figures(evidence, cell, program))} |")
    return lines


def figures(evidence: Evidence, cell, program: str) -> list:
    """The other seven columns. Counts are of all rounds, whether their speed counts or not."""
    found = [run for run in evidence.results.of(cell, program) if "error" not in run]
    try:
        runs = evidence.runs(cell, program)
        digits = 2 if stats.median(runs, "spans_per_cpu_s") >= 1e6 else 3
        speed = stats.with_spread([run["spans_per_cpu_s"] for run in runs], 1e6, digits)
        if cell.rate or cell.rates:
            speed += f" at {stats.median(runs, 'spans_per_s') / 1e6:.2f} M/s"
        rest = [speed, f"{stats.median(runs, 'core_share'):.0%}", f"{stats.median(runs, 'rss') / 1e6:.0f}"]
    except NotMeasured as why:
        rest = [str(why), "", ""]
    fates = [run["traces"] for run in found if "traces" in run]
    if program == BARE or not fates:
        return rest + [""] * 4
    sums = {what: sum(fate[what] for fate in fates) for what in ("sent", "whole", "lost", "doubled")}
    residual = f"{max(run['residual'] for run in found):g}" if program == TAILRACE else "no ledger"
    return rest + [f"{sums['whole']} of {sums['sent']}", str(sums["lost"]), str(sums["doubled"]), residual]


def checks_words(checks: dict) -> list:
    """What generator and sink do alone."""
    lines = []
    for name, check in checks.items():
        who, against = ("the sink alone takes", "sink") if name == "sink" else (f"{name}: the bare server takes", "server")
        lines.append(f"{who} {check['spans_per_s'] / 1e6:.2f} M spans/s ({against} {check['core_share']:.0%} busy, generator {check['load_share']:.0%})")
    return lines


def print_report(evidence: Evidence, checks: dict) -> bool:
    table = rows(evidence)
    for line in checks_words(checks):
        print(line)
    print("\n" + "\n".join(cells_table(evidence)) + "\n")
    for what, wanted, words, reached in table:
        print(f"{'reached ' if reached else 'MISSED  '} {what}\n          wanted {wanted}; measured {words}")
    return all(reached for *_, reached in table)


def document(evidence: Evidence, checks: dict, about: dict) -> list:
    """The lines of the section. `about`: machine, command, seconds, versions, pictures (those that were drawn). How many rounds there were stands
    with each cell: an interrupted run may be taken up with more."""
    lines = [f"Measured on {datetime.date.today().isoformat()} with `{about['command']}`, windows of {about['seconds']} s, "
             f"commit {about['commit']}, on: {about['machine']}.", "", *(f"* {said}" for said in about["versions"].values()),
             f"* The load of `plain`: `tailrace load {by_name('plain').load()}`.",
             *(f"* {line[0].upper()}{line[1:]}." for line in checks_words(checks)), "", "Medians, with the lowest and the highest round.", "",
             *targets_table(evidence), ""]
    lines += [line for name, words in PICTURES if name in about["pictures"] for line in (f"![{words}](images/bench/{name}.svg)", "")]
    return lines + cells_table(evidence)


def write(evidence: Evidence, checks: dict, about: dict, **where) -> None:
    write_section(BEGIN, END, document(evidence, checks, about), **where)
