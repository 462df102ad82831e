"""The comparison's harness without its programs: what is run, what is taken over from an interrupted run, what is refused."""

import json
import pathlib
import stat
import tempfile
import unittest

from bench.compare import cells, comparison, measure, placement, results, stats, targets
from bench.compare.peers import MissingPeer, Peers
from programs import BenchError

UNDER = {"commit": "abc", "binary": "b", "machine": "m", "seconds": 4, "quick": False, "unpinned": False}


def run(speed: float = 3e6, **more) -> dict:
    """What a run of a busy program looks like."""
    return {"spans_per_s": speed, "spans_per_cpu_s": speed, "core_share": 0.99, "load_share": 0.4, "sink_share": 0.1, "rate": 0, "cores": 1,
            "rss": 1e8, "empty_rss": 3e7, "residual": 0, "late_spans": 0, "lag_p99_ms": 5, "answer_p99_ms": 2, "held": [(1e8, 6e7)],
            "traces": {"sent": 10, "whole": 10, "lost": 0, "doubled": 0}, **more}


class FakeRunner:
    """Counts; fails with what `failures` says for a (cell, program)."""

    def __init__(self, failures: dict = None, ends_after: int = 10_000):
        self.failures, self.ends_after, self.asked = failures or {}, ends_after, []

    def run(self, cell, program: str, rate: float) -> dict:
        if len(self.asked) == self.ends_after:
            raise KeyboardInterrupt
        self.asked.append((cell.name, program, rate))
        if (cell.name, program) in self.failures:
            raise self.failures[(cell.name, program)]
        return run({"bare": 15e6, "collector": 0.13e6}.get(program, 3e6), rate=rate)

    def sink_alone(self, cell) -> dict:
        return self.run(cell, "sink", 0)


class Scratch(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.dir = pathlib.Path(scratch.name)
        self.file = self.dir / "runs.jsonl"

    def comparison(self, runner, which: str, rounds: int = 2, under: dict = UNDER, fresh: bool = False):
        return comparison.Comparison(runner, results.Results(self.file, under, fresh), cells.chosen(which), rounds)

    def script(self, text: str) -> pathlib.Path:
        path = self.dir / "peers"
        path.write_text("#!/bin/sh\n" + text, encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path


class StatsTest(unittest.TestCase):
    def test_median_and_spread(self):
        self.assertEqual(stats.median([{"k": 1}, {"k": 9}, {"k": 2}], "k"), 2)
        self.assertAlmostEqual(stats.spread([2.0, 3.0, 4.0]), 2 / 3)
        self.assertEqual(stats.with_spread([3.0e6, 3.1e6, 2.9e6], 1e6), "3.00 (2.90 to 3.10)")
        self.assertEqual(stats.with_spread([3.0e6], 1e6), "3.00")

    def test_a_noisy_neighbour_is_told(self):
        self.assertIn("rounds differ by 67%", stats.with_spread([2e6, 3e6, 4e6], 1e6))
        self.assertFalse(stats.too_wide([1.0, 1.1, 1.2]))

    def test_a_busy_program_counts(self):
        self.assertIsNone(stats.why_refused(run()))
        self.assertIsNone(stats.why_refused(run(), ceiling=15e6))

    def test_a_figure_that_is_the_generators_is_refused(self):
        self.assertIn("load and sink were busy for 98%", stats.why_refused(run(core_share=0.5, load_share=0.88)))
        self.assertIn("too few requests", stats.why_refused(run(core_share=0.5)))
        self.assertIn("alone reaches 3.30 M", stats.why_refused(run(), ceiling=3.3e6))

    def test_a_rate_has_to_be_reached(self):
        self.assertIsNone(stats.why_refused(run(1e6, rate=1e6, core_share=0.3)))
        self.assertIn("the load was the limit", stats.why_refused(run(0.8e6, rate=1e6, core_share=0.3)))
        self.assertIsNone(stats.why_refused(run(0.8e6, rate=1e6)), "the program was the limit, and busy")

    def test_a_generator_is_no_limit_where_the_bare_server_was(self):
        self.assertIsNone(stats.ceiling_of({"core_share": 0.97, "spans_per_s": 1e6}))
        self.assertEqual(stats.ceiling_of({"core_share": 0.5, "spans_per_s": 1e6}), 1e6)

    def test_rounds_are_paired_by_their_number(self):
        ours = [{"spans_per_cpu_s": 30, "round": 2}, {"spans_per_cpu_s": 40, "round": 3}]
        theirs = [{"spans_per_cpu_s": 1, "round": 1}, {"spans_per_cpu_s": 2, "round": 2}, {"spans_per_cpu_s": 2, "round": 3}]
        self.assertEqual(stats.ratio(ours, theirs), (17.5, 15, 20))


class CellsTest(unittest.TestCase):
    def test_names_and_targets(self):
        self.assertEqual(len({cell.name for cell in cells.CELLS}), len(cells.CELLS))
        self.assertEqual([cell.name for cell in cells.chosen("gzip,zstd")], ["gzip", "zstd"])
        self.assertNotIn("zstd", [cell.name for cell in cells.chosen("targets")])
        self.assertEqual(cells.chosen("all"), list(cells.CELLS))
        for wrong in ("gzip,nope", "", ","):
            with self.assertRaises(BenchError):
                cells.chosen(wrong)

    def test_a_rate_that_follows_brings_its_base_along(self):
        self.assertEqual([cell.name for cell in cells.chosen("calm")], ["plain", "calm"])

    def test_each_load_is_checked_once(self):
        self.assertEqual([load.name for load in cells.checks_of(cells.chosen("targets"))],
                         ["plain, load alone", "gzip, load alone", "json, load alone"])
        self.assertEqual([load.name for load in cells.checks_of(cells.chosen("ten"))], ["ten, load alone"])

    def test_both_kinds_of_traces_that_must_be_kept_are_made(self):
        for cell in cells.CELLS:
            args = cell.load_args()
            parts = cell.services if cell.interleave else 1
            traces = args[args.index("--pool") + 1] // parts * max(1, cell.per_request * parts // cell.per_trace)
            self.assertGreaterEqual(traces, cells.TRACES_MADE, cell.name)


class ResumeTest(Scratch):
    def test_an_interrupted_run_goes_on_where_it_ended(self):
        whole = FakeRunner()
        self.comparison(whole, "plain,gzip").run()
        self.file.unlink()
        first, second = FakeRunner(ends_after=6), FakeRunner()
        with self.assertRaises(KeyboardInterrupt):
            self.comparison(first, "plain,gzip").run()
        again = self.comparison(second, "plain,gzip")
        self.assertEqual(again.results.reused, 6)
        again.run()
        self.assertEqual(first.asked + second.asked, whole.asked)

    def test_a_line_cut_short_is_measured_again(self):
        self.comparison(FakeRunner(), "plain", 1).run()
        whole = self.file.read_text(encoding="utf-8")
        self.file.write_text(whole[:-30], encoding="utf-8")
        runner = FakeRunner()
        self.comparison(runner, "plain", 1).run()
        self.assertEqual([asked[:2] for asked in runner.asked], [("plain", "collector")])
        self.assertEqual(results.Results(self.file, UNDER).reused, len(whole.splitlines()))

    def test_nothing_is_taken_from_another_commit_or_machine(self):
        self.comparison(FakeRunner(), "plain", 1).run()
        for other in ({"commit": "def"}, {"machine": "n"}, {"binary": "c"}, {"seconds": 8}):
            self.assertEqual(results.Results(self.file, {**UNDER, **other}).reused, 0)

    def test_fresh_measures_again_and_leaves_others_alone(self):
        other = {**UNDER, "commit": "def"}
        self.comparison(FakeRunner(), "plain", 1).run()
        self.comparison(FakeRunner(), "plain", 1, under=other).run()
        self.assertEqual(results.Results(self.file, UNDER, fresh=True).reused, 0)
        self.assertEqual(results.Results(self.file, UNDER).reused, 0)
        self.assertEqual(results.Results(self.file, other).reused, 5)

    def test_a_failure_is_tried_again_and_a_changed_cell_too(self):
        self.comparison(FakeRunner({("plain", "tailrace"): BenchError("it ended")}), "plain", 1).run()
        runner = FakeRunner()
        self.comparison(runner, "plain", 1).run()
        self.assertEqual([asked[:2] for asked in runner.asked], [("plain", "tailrace")])
        changed = cells.by_name("plain").__class__(**{**vars(cells.by_name("plain")), "span_bytes": 500})
        self.assertIsNone(results.Results(self.file, UNDER).find(changed, "tailrace", 1))
        self.assertIsNotNone(results.Results(self.file, UNDER).find(cells.by_name("plain"), "tailrace", 1))

    def test_the_file_is_lines_of_json(self):
        self.comparison(FakeRunner(), "plain", 1).run()
        for line in self.file.read_text(encoding="utf-8").splitlines():
            self.assertEqual(json.loads(line)["under"], UNDER)


class PeersTest(Scratch):
    def test_one_that_cannot_be_built_is_missing(self):
        script = self.script('echo "scripts/peers: collector cannot be had" >&2; echo "no Go here" >&2; exit 1\n')
        peers = Peers(("collector",), scripts_peers=script)
        for _ in range(2):
            with self.assertRaisesRegex(MissingPeer, "collector is missing: no Go here"):
                peers.find("collector")
        self.assertEqual(peers.versions(["collector"]), {"collector": "collector is missing: no Go here"})

    def test_one_that_is_there_is_found(self):
        script = self.script('if [ "$1" = --where ]; then echo /somewhere; fi\n')
        self.assertEqual(Peers(("collector",), scripts_peers=script).find("collector"), pathlib.Path("/somewhere/collector/build/otelcol"))

    def test_those_left_out_and_a_path_that_is_no_program(self):
        for peers, name, why in ((Peers(()), "jaeger", "left out"), (Peers(()), "fluent-bit", "no --fluent-bit"),
                                 (Peers((), self.dir / "nothing"), "fluent-bit", "is no program")):
            with self.assertRaisesRegex(MissingPeer, why):
                peers.find(name)

    def test_without_a_peer_the_rest_runs(self):
        runner = FakeRunner({("plain", "collector"): MissingPeer("collector is missing: no Go here")})
        comparison = self.comparison(runner, "plain,gzip,answers")
        comparison.run()
        self.assertEqual([asked for asked in runner.asked if asked[1] == "collector"], [("plain", "collector", 0)])
        self.assertEqual(len([asked for asked in runner.asked if asked[:2] == ("gzip", "tailrace")]), 2)
        self.assertEqual(comparison.missing, {"collector": "collector is missing: no Go here"})
        words = {what: words for what, _, words, _ in targets.rows(comparison.evidence())}
        self.assertEqual(words["acknowledgement p99 at the Collector's top rate, against the Collector's at half of it"],
                         "not measured: collector is missing: no Go here")


class RunTest(Scratch):
    def test_rates_follow_from_the_base_of_the_same_round(self):
        runner = FakeRunner()
        self.comparison(runner, "calm,answers", 1).run()
        rates = {asked[:2]: asked[2] for asked in runner.asked}
        self.assertAlmostEqual(rates[("calm", "tailrace")], 0.7 * 3e6)
        self.assertAlmostEqual(rates[("answers", "tailrace")], 0.13e6)
        self.assertAlmostEqual(rates[("answers", "collector")], 0.065e6)

    def test_without_a_base_there_is_no_rate(self):
        comparison = self.comparison(FakeRunner({("plain", "tailrace"): BenchError("it ended")}), "calm", 1)
        comparison.run()
        self.assertEqual(comparison.results.of(cells.by_name("calm"), "tailrace"), [])
        self.assertEqual(comparison.skipped, {("calm", "tailrace"): "the top rate of Tailrace is not known: it did not run"})

    def test_programs_take_turns(self):
        runner = FakeRunner()
        self.comparison(runner, "gzip", 3).run()
        self.assertEqual([asked[1] for asked in runner.asked if asked[0] == "gzip"], ["tailrace", "collector"] * 3)

    def test_a_port_in_use_is_tried_again(self):
        class Taken(measure.Runner):
            def __init__(self, times: int, why: str):
                self.left, self.why = times, why

            def _with_sink(self, cell, program, rate):
                self.left -= 1
                if self.left >= 0:
                    raise BenchError(self.why)
                return "measured"

        in_use = "tailrace ended with 1: 127.0.0.1:4317: Address already in use"
        self.assertEqual(Taken(2, in_use).run(cells.CELLS[0], "tailrace", 0), "measured")
        for taken in (Taken(3, in_use), Taken(1, "tailrace ended with 1: no memory")):
            with self.assertRaises(BenchError):
                taken.run(cells.CELLS[0], "tailrace", 0)

    def test_as_many_traces_live_as_were_asked_for(self):
        measure.check_live(cells.by_name("live_50k"), 52_000)
        with self.assertRaisesRegex(BenchError, "50000 live traces were asked for, 30000 lived"):
            measure.check_live(cells.by_name("live_50k"), 30_000)

    def test_the_fate_of_what_must_be_kept(self):
        sent = {"traces": {"error": {"whole": 10, "partial": 1}, "slow": {"whole": 5, "partial": 0}, "normal": {"whole": 900, "partial": 0}},
                "spans": {"acknowledged": 18_300}}
        report = {"spans": 300, "traces": {"error": {"whole": 8, "broken": 1, "doubled": 1}, "slow": {"whole": 5, "broken": 0, "doubled": 0},
                                           "normal": {"whole": 9, "broken": 0, "doubled": 0}}}
        fate = measure.fate(sent, report)
        self.assertEqual({name: fate[name] for name in ("sent", "whole", "lost", "doubled", "partly_sent")},
                         {"sent": 15, "whole": 13, "lost": 1, "doubled": 1, "partly_sent": 1})

    def test_one_core_is_refused_with_a_way_out(self):
        with self.assertRaisesRegex(BenchError, "--unpinned"):
            placement.Placement(cores={0})
        alone = placement.Placement(unpinned=True, cores={0})
        self.assertEqual((alone.load, alone.program(False), alone.program(True)), (None, None, None))

    def test_two_cores_are_shared_and_a_third_is_better(self):
        self.assertEqual(placement.Placement(cores={0, 1}).program(True), "0,1")
        self.assertEqual(placement.Placement(cores={0, 1, 2, 3}).program(True), "0,2")
        self.assertEqual(placement.Placement(cores={0, 1, 2, 3}).program(False), 0)


if __name__ == "__main__":
    unittest.main(verbosity=1)
