"""Random policy trees and random traffic through the real Collector and through Tailrace: both must keep the same traces,
span for span.

TAILRACE_SEED=n repeats one seed; TAILRACE_SEEDS=n is how many are run (20), TAILRACE_TREES=n how many trees each (100).
A difference is printed with its seed, tree and trace; the configurations, the traffic and what came out stay in a folder.
"""

import concurrent.futures
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile
import unittest

from tests.interop.collector import kept_traces, programs, traffic, trees, yaml_text
from tests.support import daemon, otlp

SEEDS = int(os.environ.get("TAILRACE_SEEDS", "20"))
TREES = int(os.environ.get("TAILRACE_TREES", "100"))
TRACES = 120
REQUESTS = 12
# A decision falls due this long after a trace's first span; where sending takes longer, the seed is tried with more.
DECISION_WAITS_S = (2, 8, 30)
SHOWN = 5


class TooSlow(Exception):
    """The traffic was not in before the first decision."""


class Case:
    """What one seed stands for."""

    def __init__(self, seed: int):
        rng = random.Random(seed)
        self.seed = seed
        self.requests = traffic.requests(rng, TRACES, REQUESTS)
        maker = trees.Trees(rng)
        self.trees = [maker.tree() for _ in range(TREES)]
        self.sent = kept_traces.by_id(self.requests)


def run_program(name: str, binary, case: Case, wait_s: int, directory: pathlib.Path) -> list:
    with programs.Program(name, binary, case.trees, wait_s, directory) as program:
        if program.send(case.requests) > wait_s * 0.8:
            raise TooSlow
        program.wait_for_decisions(len(case.sent))
        return program.stop()


def run_both(case: Case, directory: pathlib.Path) -> tuple:
    """What the Collector kept and what Tailrace kept, for each tree."""
    for wait_s in DECISION_WAITS_S:
        shutil.rmtree(directory, ignore_errors=True)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            runs = [pool.submit(run_program, name, binary, case, wait_s, directory)
                    for name, binary in (("collector", programs.COLLECTOR), ("tailrace", daemon.BINARY))]
            try:
                return tuple(run.result() for run in runs)
            except TooSlow:
                continue
    raise AssertionError(f"seed {case.seed}: the traffic took longer than every decision wait")


def spans_of(case: Case, trace: str) -> str:
    """The trace as the requests that carried it, in order."""
    found = []
    for request in case.requests:
        for resource, scope, span in otlp.each_span([request]):
            if span["traceId"] == trace:
                found.append({**resource, "scopeSpans": [{**scope, "spans": [span]}]})
    return json.dumps({"resourceSpans": found}, ensure_ascii=False)


def differences(case: Case, collector: list, tailrace: list) -> list:
    """(tree, its traces about which the two differ)"""
    found = []
    for i in range(len(case.trees)):
        theirs, ours = collector[i], tailrace[i]
        differing = [trace for trace in sorted(case.sent) if theirs.get(trace) != ours.get(trace)]
        differing += sorted((theirs.keys() | ours.keys()) - case.sent.keys())
        if differing:
            found.append((i, differing))
    return found


def describe(case: Case, index: int, traces: list, collector: list, tailrace: list) -> str:
    theirs, ours = collector[index], tailrace[index]
    trace = min(traces, key=lambda t: len(spans_of(case, t)))
    count = {name: sum(kept.get(trace, {}).values()) for name, kept in (("collector", theirs), ("tailrace", ours))}
    lines = [f"seed {case.seed}, tree {index}: {len(traces)} traces differ; the shortest is {trace}",
             f"kept spans: the Collector {count['collector']}, Tailrace {count['tailrace']}; "
             f"sent {sum(case.sent.get(trace, {}).values())}",
             f"kept by the Collector only: {sum(t in theirs and t not in ours for t in traces)}, "
             f"by Tailrace only: {sum(t in ours and t not in theirs for t in traces)}",
             yaml_text.dump(case.trees[index]).rstrip()]
    if trace in theirs and trace in ours:
        lines += [f"only from the Collector: {one}" for one in theirs[trace] - ours[trace]]
        lines += [f"only from Tailrace: {one}" for one in ours[trace] - theirs[trace]]
    return "\n".join([*lines, spans_of(case, trace)])


class CompareTest(unittest.TestCase):
    maxDiff = None

    def check(self, seed: int) -> None:
        case = Case(seed)
        directory = pathlib.Path(tempfile.mkdtemp(prefix=f"tailrace-interop-{seed}-"))
        print(f"seed {seed}: {len(case.trees)} trees, {len(case.sent)} traces, "
              f"{sum(sum(t.values()) for t in case.sent.values())} spans", file=sys.stderr, flush=True)
        for i, request in enumerate(case.requests):
            (directory / f"request-{i:02}.json").write_text(json.dumps(request), encoding="utf-8")
        collector, tailrace = run_both(case, directory / "runs")
        different = differences(case, collector, tailrace)
        if different:
            shown = "\n\n".join(describe(case, i, traces, collector, tailrace) for i, traces in different[:SHOWN])
            self.fail(f"seed {seed}: {len(different)} of {len(case.trees)} trees differ; TAILRACE_SEED={seed} repeats it; "
                      f"configurations, traffic and what was kept: {directory}\n\n{shown}")
        kept = sum(bool(k) and len(k) < len(case.sent) for k in collector)
        self.assertGreater(kept, len(case.trees) // 3, "trees that keep some traces and not others: else nothing is compared")
        shutil.rmtree(directory)

    def test_the_same_traces_are_kept(self):
        self.assertTrue(programs.COLLECTOR.exists(), "scripts/peers builds the Collector")
        if "TAILRACE_SEED" in os.environ:
            seeds = [int(os.environ["TAILRACE_SEED"])]
        else:
            first = random.SystemRandom().randrange(1 << 40)
            seeds = [first + i for i in range(SEEDS)]
        for seed in seeds:
            with self.subTest(seed=seed):
                self.check(seed)


if __name__ == "__main__":
    daemon.main()
