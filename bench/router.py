#!/usr/bin/env python3
"""What a router costs: spans per CPU-second of `loadbalancing` in front of one and of three members against a sampler's own, in turns.

    python3 bench/router.py [--rounds 3]

Core 0 for the program, core 1 for load and sink, plain gRPC, as in bench/run.py. A router sends on all that it takes; the sampler two per cent.
"""

import argparse
import pathlib
import statistics
import sys

from policies import THREE_POLICIES
from programs import CONFIG, ROOT, BenchError, Daemon, Exporter, Sink
from run import BUDGET_MIB, NUM_TRACES, SPAN_BYTES, TOP_LOAD, WAIT_S
from window import say, top_of

WARM_S = {"sampler": 18, "router": 4, "router, three members": 4}
WINDOW_S = 8
SAMPLING = CONFIG[CONFIG.index("processors:\n"):CONFIG.index("exporters:\n")]
ROUTER = CONFIG.replace(SAMPLING, "processors: {{batch: {{timeout: 200ms}}}}\n").replace("processors: [tail_sampling]", "processors: [batch]")


class Routing(Exporter):
    """`ports`: the members, on this machine."""

    def __init__(self, ports: list):
        members = ", ".join(f'"127.0.0.1:{port}"' for port in ports)
        self.name = "loadbalancing"
        self.text = (f"  loadbalancing:\n    resolver: {{static: {{hostnames: [{members}]}}}}\n"
                     "    protocol: {otlp: {compression: none, tls: {insecure: true}}}")


def top(tailrace: pathlib.Path, name: str) -> dict:
    with Sink(tailrace) as one, Sink(tailrace) as two, Sink(tailrace) as three:
        ports = [one.port, two.port, three.port]
        exporter = Exporter(one.port) if name == "sampler" else Routing(ports if "three" in name else ports[:1])
        with Daemon(tailrace, [exporter], WAIT_S, NUM_TRACES, BUDGET_MIB, THREE_POLICIES, template=CONFIG if name == "sampler" else ROUTER) as daemon:
            return top_of(tailrace, daemon, ["--span-bytes", SPAN_BYTES, "--interleave", "--retry", 30, *TOP_LOAD], WARM_S[name], WINDOW_S)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    runs = {name: [] for name in WARM_S}
    try:
        for number in range(1, args.rounds + 1):
            for name, results in runs.items():
                result = top(args.build / "tailrace", name)
                results.append(result["spans_per_cpu_s"])
                say(f"round {number} {name}: {result['spans_per_cpu_s'] / 1e6:.2f} M spans per CPU-second, {result['spans_per_s'] / 1e6:.2f} M/s, "
                    f"core {result['core_share']:.0%}")
    except (BenchError, OSError) as error:
        say(f"bench: {error}")
        return 1
    sampler = statistics.median(runs["sampler"])
    for name, results in runs.items():
        print(f"{name}: {statistics.median(results) / 1e6:.2f} M spans per CPU-second, {statistics.median(results) / sampler:.0%} of the sampler's")
    return 0


if __name__ == "__main__":
    sys.exit(main())
