"""The order of a comparison: the checks, then rounds of all cells with all their programs, as far as they are not measured yet."""

from programs import BenchError
from window import say

from . import results, stats, tables
from .cells import BARE, FLUENT_BIT, SINK_ALONE, by_name, checks_of
from .peers import MissingPeer
from .targets import NAMES, Evidence


class Comparison:
    """All runs that are asked for, in rounds, so that every program meets the machine's better and worse minutes."""

    def __init__(self, runner, found: results.Results, cells: list, rounds: int):
        self.runner, self.results, self.cells, self.rounds = runner, found, cells, rounds
        self.missing, self.skipped, self.checks, self.ceilings = {}, {}, {}, {}

    def lasts_s(self, window_s: int) -> float:
        """What is still to be run, about."""
        runs = [(load, BARE, 0) for load in checks_of(self.cells)]
        runs += [(cell, program, number) for number in range(1, self.rounds + 1) for cell in self.cells for program in cell.programs]
        return sum(cell.lasts_s(program, window_s) for cell, program, number in runs
                   if program != FLUENT_BIT and not self.results.find(cell, program, number))

    def run(self) -> None:
        self.check()
        for number in range(1, self.rounds + 1):
            for cell in self.cells:
                for program in cell.programs:
                    self.one(cell, program, number)

    def check(self) -> None:
        """The generators against the bare server, and the sink alone: what cannot carry more than the programs measures itself."""
        for load in checks_of(self.cells):
            self.checks[load.name] = self.kept(load, BARE, 0, lambda load=load: self.runner.run(load, BARE, 0))
            if (ceiling := stats.ceiling_of(self.checks[load.name])) is not None:
                self.ceilings[load.load()] = ceiling
        self.checks["sink"] = self.kept(SINK_ALONE, "sink", 0, lambda: self.runner.sink_alone(SINK_ALONE))
        for line in tables.checks_words(self.checks):
            say(line)

    def kept(self, cell, program: str, number: int, run) -> dict:
        result = self.results.find(cell, program, number)
        if result is None:
            result = run()
            self.results.add(cell, program, number, result)
        return result

    def one(self, cell, program: str, number: int) -> None:
        if program in self.missing:
            return
        try:
            rate = cell.rate_for(program, lambda name: self.top(name, number))
        except BenchError as why:
            self.skipped[(cell.name, program)] = str(why)
            say(f"round {number} {cell.name} {NAMES[program]} is left out: {why}")
            return
        try:
            result = self.kept(cell, program, number, lambda: self.runner.run(cell, program, rate))
            say(f"round {number} {cell.name} {NAMES[program]}: {result['spans_per_cpu_s'] / 1e6:.3f} M spans per CPU-second, "
                f"{result['spans_per_s'] / 1e6:.3f} M/s, core {result['core_share']:.0%}, {result['rss'] / 1e6:.0f} MB")
        except MissingPeer as why:
            self.missing[program] = str(why)
            say(f"{why}; the rest is run")
        except (BenchError, OSError, AssertionError) as why:  # a program that died in the middle of it, too
            self.results.add(cell, program, number, {"error": (str(why) or repr(why))[-500:]})
            say(f"round {number} {cell.name} {NAMES[program]}: {why}")

    def top(self, program: str, number: int) -> float:
        """Spans a second that the program took in the base cell of this round."""
        if program in self.missing:
            raise BenchError(self.missing[program])
        base = by_name("plain")
        run = self.results.find(base, program, number)
        why = stats.why_refused(run, self.ceilings.get(base.load())) if run else "it did not run"
        if why:
            raise BenchError(f"the top rate of {NAMES[program]} is not known: {why}")
        return run["spans_per_s"]

    def evidence(self) -> Evidence:
        return Evidence(self.results, self.missing, self.skipped, self.ceilings, self.cells)
