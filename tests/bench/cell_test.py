"""Small cells of the comparison end to end, on the daemon of this build: a few thousand spans a second, for a second. What must be kept arrives
whole, and every column has its figure. And the JSON load, whose traces the sink finds as whole as it says they were sent."""

import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import unittest

from bench.compare import cells, json_requests, measure, peers, placement
from held_memory import HeldMemory
from programs import Sink

TAILRACE = pathlib.Path(os.environ["TAILRACE_BINARY"])
SMALL = {"wait_s": 0.5, "rate": 5000, "connections": 2, "per_request": 20, "per_trace": 4, "services": 1, "interleave": False, "warm_s": 1}


def small_runner() -> measure.Runner:
    """Without the bare server, which a build of the daemon alone does not have."""
    runner = measure.Runner.__new__(measure.Runner)
    runner.tailrace, runner.peers, runner.placement = TAILRACE, peers.Peers(()), placement.Placement(unpinned=True)
    runner.window_s, runner.quick, runner.held = 1, False, HeldMemory(0)
    return runner


class CellTest(unittest.TestCase):
    def test_a_cell_gives_every_figure(self):
        runner = small_runner()
        cell = dataclasses.replace(cells.by_name("memory"), **SMALL)
        result = runner.run(cell, "tailrace", cell.rate)
        self.assertEqual(result["residual"], 0)
        traces = result["traces"]
        self.assertGreater(traces["sent"], 20)
        self.assertEqual((traces["whole"], traces["lost"], traces["doubled"]), (traces["sent"], 0, 0))
        for figure in ("spans_per_s", "spans_per_cpu_s", "core_share", "load_share", "rss", "empty_rss", "answer_p99_ms"):
            self.assertGreater(result[figure], 0, figure)
        self.assertTrue(result["held"])

    def test_a_peer_that_is_not_there(self):
        with self.assertRaises(peers.MissingPeer):
            small_runner().run(cells.by_name("plain"), "collector", 0)

    def test_json_load_is_understood_whole(self):
        script = pathlib.Path(measure.__file__).with_name("json_load.py")
        with Sink(TAILRACE, None) as sink:
            done = subprocess.run([sys.executable, script, "--tailrace", TAILRACE, "--endpoint", f"127.0.0.1:{sink.port}", "--interleave",
                                   "--spans-per-request", "20", "--spans-per-trace", "8", "--connections", "3", "--duration", "0.3"],
                                  capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            report = sink.report()
        sent = json.loads(done.stdout)
        for name in json_requests.CLASSES:
            self.assertEqual(report["traces"][name]["whole"], sent["traces"][name]["whole"])
            self.assertEqual((report["traces"][name]["broken"], report["traces"][name]["doubled"], sent["traces"][name]["partial"]), (0, 0, 0))
        self.assertGreater(sent["traces"]["error"]["whole"], 0)
        self.assertEqual(report["spans"], sent["spans"]["acknowledged"])


if __name__ == "__main__":
    unittest.main(verbosity=1)
