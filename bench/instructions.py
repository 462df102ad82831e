#!/usr/bin/env python3
"""Instructions per span of the steps that every span takes, held against the committed record: `make bench-instructions`.

Seconds depend on who else uses the machine; instructions hardly do (callgrind.py says what is pinned for that). They are not time: a cache
miss costs no instruction. But what is done more often, or is done twice, shows, and shows on any machine. Each case of bench_instructions is
run with two numbers of turns; (instructions of the second - of the first) / (spans of the second - of the first) is its figure.

A figure more than 5 % above the record is a failure. --write makes the record and the table in docs/BENCHMARKS.md anew; with it a figure may
rise only where CHANGELOG.md's unreleased section has an entry that names the case (`case`) and says "instructions per span". So no figure creeps up
in small steps either: without such an entry the record keeps the lower one."""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys

BENCH = pathlib.Path(__file__).resolve().parent
ROOT = BENCH.parent
sys.path.insert(0, str(BENCH))
import callgrind  # noqa: E402
import report  # noqa: E402

TOLERANCE = 0.05
TOP_FUNCTIONS = 8
BEGIN, END = "<!-- begin: written by bench/instructions.py -->", "<!-- end: written by bench/instructions.py -->"
WRITE = "make bench-instructions INSTRUCTIONS=--write"


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    fewer_turns: int
    more_turns: int
    what: str


@dataclasses.dataclass(frozen=True)
class Record:
    built_with: str
    figures: dict  # case -> instructions per span

    @staticmethod
    def read(path: pathlib.Path) -> "Record":
        if not path.exists():
            return Record("", {})
        found = json.loads(path.read_text(encoding="utf-8"))
        return Record(found["built_with"], found["instructions_per_span"])

    def write(self, path: pathlib.Path) -> None:
        text = json.dumps({"built_with": self.built_with, "instructions_per_span": self.figures}, indent=1)
        path.write_text(text + "\n", encoding="utf-8")


class Program:
    """bench_instructions, as it was built."""

    def __init__(self, path: pathlib.Path):
        if not path.exists():
            raise callgrind.CallgrindError(f"{path} is not there: make bench-instructions builds it")
        self.path = path
        self.built_with = self._ask("--built-with").strip()
        self.cases = [Case(name, int(fewer), int(more), what)
                      for name, fewer, more, what in (line.split("\t") for line in self._ask("--list").splitlines())]

    def _ask(self, what: str) -> str:
        return subprocess.run([self.path, what], capture_output=True, text=True, check=True, timeout=30).stdout

    def measure(self, case: Case, valgrind: str, out: pathlib.Path) -> tuple:
        """(instructions per span, the functions that most of them are in)"""
        files = [out / f"{case.name}.{which}.callgrind" for which in ("fewer", "more")]
        fewer, more = (callgrind.count(valgrind, self.path, [case.name, turns], file)
                       for turns, file in zip((case.fewer_turns, case.more_turns), files))
        spans = more.spans - fewer.spans
        if spans <= 0:
            raise callgrind.CallgrindError(f"{case.name}: {case.more_turns} turns made no more spans than {case.fewer_turns}")
        return round((more.instructions - fewer.instructions) / spans, 2), callgrind.top_functions(*files, spans, TOP_FUNCTIONS)


def explained(changelog: str, case: str) -> bool:
    """Whether an entry of the unreleased section names the case, in backticks, and says "instructions per span"."""
    section = re.search(r"^## \[Unreleased\]$(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    for entry in re.split(r"^(?=[*#])", section.group(1) if section else "", flags=re.MULTILINE):
        words = " ".join(entry.split()).lower()
        if "instructions per span" in words and f"`{case}`" in words:
            return True
    return False


def problems(recorded: dict, measured: dict) -> dict:
    """Case -> why it fails. A case that was not asked for is not in `measured` and no matter of this."""
    found = {}
    for name, figure in measured.items():
        if name not in recorded:
            found[name] = f"has no figure in the record; `{WRITE}` writes it"
        elif figure > recorded[name] * (1 + TOLERANCE):
            found[name] = f"{figure:.1f} instructions per span, {figure / recorded[name] - 1:.1%} more than the {recorded[name]:.1f} of the record"
    return found


def lower_notes(recorded: dict, measured: dict) -> list:
    return [f"{name} takes {1 - figure / recorded[name]:.1%} fewer instructions than the record says: write it anew with `{WRITE}`"
            for name, figure in measured.items() if name in recorded and figure < recorded[name] * (1 - TOLERANCE)]


def kept_notes(recorded: dict, measured: dict) -> list:
    return [f"{name} stays at {recorded[name]:.1f} in the record: no entry in CHANGELOG.md says that it takes more"
            for name, figure in measured.items() if recorded[name] < figure]


def renewed(old: Record, built_with: str, measured: dict, changelog: str) -> tuple:
    """(the new record, case -> why it may not be written)"""
    figures, refused = {}, {}
    for name, figure in measured.items():
        before = old.figures.get(name, figure)
        if figure <= before or explained(changelog, name):
            figures[name] = figure
        elif figure <= before * (1 + TOLERANCE):
            # It rose a little: by the compiler, or it is not written.
            figures[name] = before if built_with == old.built_with else figure
        else:
            refused[name] = (f"{figure:.1f} instructions per span, {figure / before - 1:.1%} more than before, and no entry in the unreleased "
                             f"section of CHANGELOG.md names `{name}` and says why it takes more instructions per span")
    return Record(built_with, figures), refused


def table(cases: list, measured: dict, recorded: dict, failed: dict) -> list:
    lines = [f"{'case':<20}{'measured':>10}{'recorded':>10}{'change':>9}"]
    for case in cases:
        if case.name not in measured:
            continue
        figure, before = measured[case.name], recorded.get(case.name)
        words = (f"{before:>10.1f}{figure / before - 1:>+9.1%}" if before else f"{'-':>10}{'':>9}") + ("  FAILS" if case.name in failed else "")
        lines.append(f"{case.name:<20}{figure:>10.1f}{words}".rstrip())
    return lines


def document(cases: list, record: Record) -> list:
    return [f"Written by `{WRITE}`; built with {record.built_with}.", "", "| case | what is done | instructions per span |", "|---|---|---|",
            *(f"| `{case.name}` | {case.what} | {record.figures[case.name]:.1f} |" for case in cases)]


def advice(failed: dict, functions: dict, out: pathlib.Path) -> list:
    lines = []
    for name, why in failed.items():
        lines += ["", f"{name}: {why}"]
        if name in functions:
            lines += ["  where they are, per span:", *(f"  {cost:>9.1f}  {function[:110]}" for function, cost in functions[name]),
                      f"  line by line: callgrind_annotate {out / name}.more.callgrind"]
    return lines + ["", "Find the cost and take it out. Or, if it is worth it, say in an entry of CHANGELOG.md's unreleased section which cases (`case`)",
                    f"take more instructions per span and for what, and make the record anew with `{WRITE}`."]


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="make the record and the table in docs/BENCHMARKS.md anew")
    parser.add_argument("--cases", help="only these, with commas between")
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/bench/instructions/bench_instructions")
    parser.add_argument("--valgrind", help="which one (default: that of PATH)")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/bench/instructions", help="where callgrind's files go")
    parser.add_argument("--tree", type=pathlib.Path, default=ROOT, help="whose record, CHANGELOG.md and docs")
    args = parser.parse_args()
    if args.write and args.cases:
        parser.error("--write is of all cases")
    return args


def run(args: argparse.Namespace) -> int:
    valgrind = callgrind.find_valgrind(args.valgrind)
    program = Program(args.program)
    asked = args.cases.split(",") if args.cases else [case.name for case in program.cases]
    cases = [case for case in program.cases if case.name in asked]
    if len(cases) != len(asked):
        raise callgrind.CallgrindError(f"the cases are {', '.join(case.name for case in program.cases)}")
    args.out.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        done = list(pool.map(lambda case: program.measure(case, valgrind, args.out), cases))
    measured = {case.name: figure for case, (figure, _) in zip(cases, done)}
    functions = {case.name: top for case, (_, top) in zip(cases, done)}

    path = args.tree / "bench/instructions/recorded.json"
    record = Record.read(path)
    new, failed = renewed(record, program.built_with, measured, (args.tree / "CHANGELOG.md").read_text(encoding="utf-8"))
    if not args.write:
        failed = problems(record.figures, measured)
        if not args.cases:
            failed |= {name: f"is in the record, but no case any more; `{WRITE}` takes it out" for name in record.figures if name not in measured}
    print("\n".join(table(cases, measured, record.figures, failed)))
    if record.built_with not in ("", program.built_with):
        print(f"note: built with {program.built_with}; the record is of {record.built_with}, and figures of another compiler differ")
    if failed:
        print("\n".join(advice(failed, functions, args.out)), file=sys.stderr)
        return 1
    if args.write:
        new.write(path)
        report.write_section(BEGIN, END, document(cases, new), args.tree / "docs/BENCHMARKS.md")
    for note in kept_notes(new.figures, measured) if args.write else lower_notes(record.figures, measured):
        print(f"note: {note}")
    return 0


def main() -> int:
    try:
        return run(options())
    except (callgrind.CallgrindError, report.BenchError, OSError, subprocess.SubprocessError) as error:
        print(f"bench/instructions.py: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
