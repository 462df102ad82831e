"""Compares Tailrace with the Collector and others under the same loads, pinned alike, in turns.

    python3 -m bench.compare                   the cells that targets are held against
    python3 -m bench.compare --cells all       the whole matrix
    python3 -m bench.compare --cells gzip,ten  these
    python3 -m bench.compare --write           also writes docs/BENCHMARKS.md and docs/images/bench

A run that was interrupted goes on where it ended, as long as commit, binary, machine and --seconds are the same; --fresh begins anew."""

import argparse
import os
import pathlib
import signal
import sys

from programs import LOAD_CORE, ROOT, BenchError
from report import machine
from window import say

from . import pictures, results, tables
from .cells import BARE, COLLECTOR, JAEGER, TAILRACE, chosen
from .comparison import Comparison
from .measure import Runner
from .peers import Peers, version
from .placement import Placement


def parse(argv: list) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.compare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--rounds", type=int, help="of all cells (default 5, quick 1)")
    parser.add_argument("--cells", default="targets", help="targets (default), all, or names with commas between them")
    parser.add_argument("--seconds", type=int, help="of each window, after the warm-up (default 4, quick 1)")
    parser.add_argument("--quick", action="store_true", help="one round of one second: to see that everything runs, not to compare")
    parser.add_argument("--write", action="store_true", help="write docs/BENCHMARKS.md and docs/images/bench")
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--resume", action="store_true", help="go on where the last run ended (the default); an error if there is nothing")
    again.add_argument("--fresh", action="store_true", help="measure everything again")
    parser.add_argument("--peers", default=f"{COLLECTOR},{JAEGER}", help="which may be run, and built where they are not (default %(default)s)")
    parser.add_argument("--fluent-bit", type=pathlib.Path, metavar="PATH", help="a fluent-bit to compare with as well")
    parser.add_argument("--unpinned", action="store_true", help="where there is one core only; comparable with nothing")
    parser.add_argument("--results", type=pathlib.Path, default=results.PATH, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    args.rounds = args.rounds or (1 if args.quick else 5)
    args.seconds = args.seconds or (1 if args.quick else 4)
    if min(args.rounds, args.seconds) < 1:
        parser.error("--rounds and --seconds have to be above 0")
    return args


def main(argv: list) -> int:
    args = parse(argv)
    for ends in (signal.SIGINT, signal.SIGTERM):  # whichever comes, no program is left behind
        signal.signal(ends, signal.default_int_handler)
    try:
        placement = Placement(args.unpinned)
        cells = chosen(args.cells)
        peers = Peers(tuple(args.peers.split(",")), args.fluent_bit)
        runner = Runner(args.build, peers, placement, args.seconds, args.quick)
        under = results.conditions(runner.tailrace, args.seconds, args.quick, args.unpinned)
        found = results.Results(args.results, under, args.fresh)
        if args.resume and not found.reused:
            raise BenchError(f"nothing to resume: {args.results} has no run of this commit, binary, machine and --seconds")
        if found.reused:
            say(f"{found.reused} runs of {args.results} are taken over; --fresh measures them again")
        peers.versions({program for cell in cells for program in cell.programs} - {BARE, TAILRACE})  # built now, with all cores
        if not args.unpinned:
            os.sched_setaffinity(0, {LOAD_CORE})
        comparison = Comparison(runner, found, cells, args.rounds)
        say(f"{args.rounds} rounds of {len(cells)} cells: about {comparison.lasts_s(args.seconds) / 60:.0f} minutes")
        comparison.run()
    except (BenchError, OSError) as error:
        say(f"bench.compare: {error}")
        return 1
    except KeyboardInterrupt:
        say("bench.compare: interrupted; the same command goes on from here")
        return 130
    return report(args, comparison, peers, under)


def command(args) -> str:
    """What makes the same measurement on another machine."""
    words = ["python3 -m bench.compare", f"--cells {args.cells}", f"--rounds {args.rounds}", f"--seconds {args.seconds}"]
    return " ".join(words + [flag for flag, there in (("--quick", args.quick), ("--fluent-bit PATH", args.fluent_bit), ("--unpinned", args.unpinned))
                             if there])


def report(args, comparison: Comparison, peers: Peers, under: dict) -> int:
    evidence = comparison.evidence()
    reached = tables.print_report(evidence, comparison.checks)
    print(f"\nall numbers: {args.results}")
    if args.write:
        drawn, why = pictures.draw(evidence)
        if why:
            say(f"no pictures: {why}")
        run = {program for cell in comparison.cells for program in cell.programs} - {BARE, TAILRACE}
        versions = {TAILRACE: version(comparison.runner.tailrace, TAILRACE), **peers.versions(sorted(run))}
        about = {"command": command(args), "seconds": args.seconds,
                 "commit": under["commit"], "machine": machine() + (", unpinned" if args.unpinned else ""), "versions": versions, "pictures": drawn}
        tables.write(evidence, comparison.checks, about)
    return 0 if reached else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
