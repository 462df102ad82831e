"""The results of a comparison, one JSON line a run, kept below the build folder: a run that was interrupted is taken up again where it ended.

A line counts only for the same commit, binary, machine, window and cell; what was measured otherwise is left alone."""

import dataclasses
import hashlib
import json
import os
import pathlib
import subprocess

from programs import ROOT
from report import machine

PATH = ROOT / "build" / "bench" / "compare.jsonl"


def digest(path: pathlib.Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.exists() else "none"


def commit() -> str:
    try:
        return subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True,
                              check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "no commit"


def conditions(tailrace: pathlib.Path, seconds: int, quick: bool, unpinned: bool) -> dict:
    return {"commit": commit(), "binary": digest(tailrace), "machine": machine(), "seconds": seconds, "quick": quick,
            "unpinned": unpinned}


class Results:
    """All runs under one set of conditions. Appends to the file with every run, so that nothing is lost by an interruption."""

    def __init__(self, path: pathlib.Path, under: dict, fresh: bool = False):
        self.path, self.under = path, under
        if fresh and path.exists():
            others = [json.dumps(run) + "\n" for _, run in self._read() if run["under"] != under]
            path.write_text("".join(others), encoding="utf-8")
        self.runs = {key: run for key, run in self._read() if run["under"] == under}
        self.reused = len(self.runs)

    def _read(self):
        if not self.path.exists():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                run = json.loads(line)
                key, _ = (run["cell"], run["program"], run["round"]), (run["under"], run["shape"], run["result"])
            except (ValueError, KeyError, TypeError):
                continue  # the line that was being written when it ended
            yield key, run

    def find(self, cell, program: str, number: int):
        """The result of a run of exactly this cell, or None. A failure is none: it is tried again."""
        run = self.runs.get((cell.name, program, number))
        return run["result"] if run and run["shape"] == shape(cell) and "error" not in run["result"] else None

    def add(self, cell, program: str, number: int, result: dict) -> None:
        run = {"cell": cell.name, "program": program, "round": number, "shape": shape(cell), "under": self.under, "result": result}
        self.runs[(cell.name, program, number)] = run
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(self.path, "ab+") as file:
            if file.tell() > 0:
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":  # cut short
                    file.write(b"\n")
            file.write(json.dumps(run).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def of(self, cell, program: str) -> list:
        """The results of every round, each with its number; failures as {"error": why}."""
        found = sorted((run["round"], run["result"]) for (name, who, _), run in self.runs.items()
                       if (name, who) == (cell.name, program) and run["shape"] == shape(cell))
        return [{**result, "round": number} for number, result in found]


def shape(cell) -> str:
    return hashlib.sha256(json.dumps(dataclasses.asdict(cell), sort_keys=True).encode()).hexdigest()[:16]
