"""The table of a benchmark run: what was reached against what has to be, on the terminal and in docs/BENCHMARKS.md."""

import datetime
import pathlib
import platform
import statistics

from programs import ROOT, BenchError

DOCS = ROOT / "docs" / "BENCHMARKS.md"
BEGIN, END = "<!-- begin: written by bench/run.py -->", "<!-- end: written by bench/run.py -->"


def median(runs: list, key: str = "spans_per_cpu_s") -> float:
    return statistics.median(run[key] for run in runs)


def share_of(result: dict, name: str, base: str, busy_enough: float) -> tuple:
    """(ratio of the medians or None, words)"""
    tops = result["tops"]
    for which in (name, base):
        share = median(tops[which], "core_share")
        if share < busy_enough:
            return None, f"not measured: the program had only {share:.0%} of its core to do in `{which}`, the load was the limit"
    ratio = median(tops[name]) / median(tops[base])
    by_round = [a["spans_per_cpu_s"] / b["spans_per_cpu_s"] for a, b in zip(tops[name], tops[base])]
    return ratio, (f"{ratio:.1%} ({median(tops[name]) / 1e6:.2f} M of {median(tops[base]) / 1e6:.2f} M spans per CPU-second; "
                   f"by round {min(by_round):.1%} to {max(by_round):.1%})")


def missing(result: dict, *names: str):
    for name in names:
        if name not in result:
            return "not measured: it needs the top rate"
        if "error" in result[name]:
            return f"not measured: {result[name]['error']}"
    return None


def rows(result: dict, busy_enough: float) -> list:
    """(what, at least or at most, measured, reached)"""
    table = []
    ratio, words = share_of(result, "plain", "bare", busy_enough)
    table.append(("spans per CPU-second, plain gRPC, as a share of the bare server's", "20 %", words, ratio is not None and ratio >= 0.20))
    ratio, words = share_of(result, "gzip", "plain", busy_enough)
    table.append(("the same with gzip requests, as a share of the plain figure", "60 %", words, ratio is not None and ratio >= 0.60))

    ratio, words = share_of(result, "ten", "plain", busy_enough)
    table.append(("the same with ten policies that read attributes, as a share of the plain figure with three", "60 %", words,
                  ratio is not None and ratio >= 0.60))

    words = missing(result, "memory")
    reached = False
    if not words:
        memory = result["memory"]
        words = f"{memory['ratio']:.2f} ({memory['held_bytes'] / 1e6:.0f} MB held; empty {memory['empty_rss_bytes'] / 1e6:.0f} MB)"
        reached = memory["ratio"] <= 1.4
    table.append(("RSS over the empty daemon's, divided by the wire bytes held", "1.4 at most", words, reached))

    words, reached = missing(result, "live_50k", "live_1m"), False
    if not words:
        few, many = result["live_50k"], result["live_1m"]
        ratio = many["spans_per_cpu_s"] / few["spans_per_cpu_s"]
        words = f"{ratio:.0%} ({many['spans_per_cpu_s'] / 1e6:.2f} M against {few['spans_per_cpu_s'] / 1e6:.2f} M)"
        reached = ratio >= 0.80
    table.append(("spans per CPU-second with 1 000 000 live traces against 50 000", "80 %", words, reached))

    words, whole_words, lag_reached, whole_reached = missing(result, "calm"), None, False, False
    if words:
        whole_words = words
    else:
        calm = result["calm"]
        words = f"within {calm['lag_p99_ms']:g} ms, at {calm['rate'] / 1e6:.2f} M spans/s"
        lag_reached = calm["lag_p99_ms"] <= 50
        kept = calm["kept"]
        whole_reached = all(k["whole"] == k["sent"] > 0 and k["broken"] == k["doubled"] == 0 for k in kept.values())
        whole_reached = whole_reached and calm["partly_sent"] == 0
        whole_words = ", ".join(f"{k['whole']} of {k['sent']} {name}" for name, k in kept.items())
        broken = sum(k["broken"] + k["doubled"] for k in kept.values())
        whole_words += f", {broken} broken or doubled" if broken else ""
    table.append(("decision lag p99 at 70 % of the top rate", "50 ms at most", words, lag_reached))
    table.append(("error and slow traces that reach the sink whole", "100 %", whole_words, whole_reached))
    residual = result["residual_spans"]
    table.append(("ledger residual", "0", "not measured" if residual is None else f"{residual:g} at most, in all runs", residual == 0))
    return table


def print_table(result: dict, busy_enough: float) -> bool:
    table = rows(result, busy_enough)
    for what, wanted, words, reached in table:
        print(f"{'reached ' if reached else 'MISSED  '} {what}\n          wanted {wanted}; measured {words}")
    return all(row[3] for row in table)


def machine() -> str:
    model = "unknown processor"
    cores = 0
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            cores += 1
    return f"{model}, {cores} cores, Linux {platform.release().split('-')[0]}"


def write_section(begin: str, end: str, lines: list, docs: pathlib.Path = DOCS) -> None:
    """Puts the lines between the two markers, in place of what stands there."""
    text = docs.read_text(encoding="utf-8")
    if begin not in text or end not in text:
        raise BenchError(f"{docs} has lost its markers")
    head, rest = text.split(begin, 1)
    docs.write_text(head + "\n".join([begin, "", *lines, "", end]) + rest.split(end, 1)[1], encoding="utf-8")


def write_docs(result: dict, busy_enough: float) -> None:
    lines = [f"Measured on {datetime.date.today().isoformat()} with `{result['command']}` on: {machine()}.", "",
             "| what | wanted | measured |", "|---|---|---|"]
    lines += [f"| {what} | {wanted} | {'' if reached else '**missed**: '}{words} |"
              for what, wanted, words, reached in rows(result, busy_enough)]
    lines += ["", "Each round, in millions of spans per CPU-second (share of its core that the program was busy):", "",
              "| round | bare server | plain | gzip |", "|---|---|---|---|"]
    tops = result["tops"]
    for number, runs in enumerate(zip(tops["bare"], tops["plain"], tops["gzip"]), 1):
        cells = " | ".join(f"{r['spans_per_cpu_s'] / 1e6:.2f} ({r['core_share']:.0%})" for r in runs)
        lines.append(f"| {number} | {cells} |")
    write_section(BEGIN, END, lines)
