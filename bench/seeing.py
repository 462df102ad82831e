#!/usr/bin/env python3
"""What it costs to see: the journal, the baselines and the `spanmetrics` connector against a daemon without them, in turns.

    python3 bench/seeing.py [--rounds 5] [--only NAME...]

Core 0 for the program, core 1 for load and sink, plain gRPC, as in bench/run.py. Ratios of the medians of spans per CPU-second count.
"""

import argparse
import pathlib
import statistics
import sys

from policies import THREE_POLICIES
from programs import CONFIG, ROOT, BenchError, Daemon, Exporter, Sink, free_port
from run import BUDGET_MIB, NUM_TRACES, SPAN_BYTES, TOP_LOAD, WAIT_S
from window import say, top_of

WARM_S, WINDOW_S = 18, 8  # until resident memory hardly grows any more
PAGE = '    page: {{endpoint: "127.0.0.1:{page}"}}\n'
NOTHING = "    journal_mib: 0\n    baselines: {{enabled: false}}\n"
NO_BASELINES = "    baselines: {{enabled: false}}\n"
# name: (keys of service::tailrace, spanmetrics, the share of `off` that is wanted)
CASES = {
    "off": (NOTHING, False, None),
    "journal": (NO_BASELINES, False, None),
    "default": ("", False, 0.97),
    "spanmetrics alone": (NOTHING, True, None),
    "all on": ("", True, 0.80),
}
# Every span counted at its arrival, and the series for Prometheus to read.
EXPORTER = "  prometheus: {{{{endpoint: 127.0.0.1:{port}}}}}\nconnectors:\n  spanmetrics: {{{{}}}}\n"
PIPELINES = """\
    traces/counted:
      receivers: [otlp]
      exporters: [spanmetrics]
    metrics/counted:
      receivers: [spanmetrics]
      exporters: [prometheus]
"""


def template(keys: str, spanmetrics: bool) -> str:
    text = CONFIG.replace(PAGE, PAGE + keys)
    if spanmetrics:
        text = text.replace("extensions:\n  health", EXPORTER.format(port=free_port()) + "extensions:\n  health", 1) + PIPELINES
    return text


def top(tailrace: pathlib.Path, keys: str, spanmetrics: bool) -> dict:
    with Sink(tailrace) as sink, Daemon(tailrace, [Exporter(sink.port)], WAIT_S, NUM_TRACES, BUDGET_MIB, THREE_POLICIES,
                                        template=template(keys, spanmetrics)) as daemon:
        return top_of(tailrace, daemon, ["--span-bytes", SPAN_BYTES, "--interleave", *TOP_LOAD], WARM_S, WINDOW_S)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=CASES, default=list(CASES))
    args = parser.parse_args()
    runs = {name: [] for name in CASES if name in ["off", *args.only]}
    try:
        for number in range(1, args.rounds + 1):
            for name, results in runs.items():
                result = top(args.build / "tailrace", *CASES[name][:2])
                results.append(result["spans_per_cpu_s"])
                say(f"round {number} {name}: {result['spans_per_cpu_s'] / 1e6:.2f} M spans per CPU-second, core {result['core_share']:.0%}")
    except (BenchError, OSError) as error:
        say(f"bench: {error}")
        return 1
    off = statistics.median(runs["off"])
    reached = True
    for name, results in runs.items():
        share, wanted = statistics.median(results) / off, CASES[name][2]
        by_round = sorted(r / o for r, o in zip(results, runs["off"]))
        reached &= wanted is None or share >= wanted
        print(f"{name}: {statistics.median(results) / 1e6:.2f} M spans per CPU-second, {share:.1%} of off "
              f"(by round {by_round[0]:.1%} to {by_round[-1]:.1%}){f', wanted {wanted:.0%}' if wanted else ''}")
    return 0 if reached else 3


if __name__ == "__main__":
    sys.exit(main())
