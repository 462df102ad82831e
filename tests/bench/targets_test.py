"""What the comparison says of its runs: targets reached and missed, refusals in words, the document between its marks, what is drawn."""

import json
import unittest

from bench.compare import cells, comparison, pictures, results, tables, targets
from tests.bench.compare_test import UNDER, FakeRunner, Scratch, run

CHECKS = {"plain, load alone": run(15e6), "sink": run(5e6)}


class Reported(Scratch):
    def evidence(self, changes: dict = None, missing: dict = None, rounds: int = 3, ceilings: dict = None) -> targets.Evidence:
        """Every cell with every program; `changes`: (cell, program) -> what is different in its runs, or an error."""
        lines = []
        speeds = {"bare": 8e6, "collector": 0.1e6, "jaeger": 0.1e6, "fluent-bit": 0.12e6}
        for number in range(1, rounds + 1):
            for cell in cells.CELLS:
                for program in cell.programs:
                    if program not in (missing or {}):
                        # As much as was asked for, where a rate was.
                        at_rate = {"rate": cell.rate, "spans_per_s": cell.rate} if cell.rate else {}
                        theirs = {} if program == "tailrace" else {"rss": 1e9, "answer_p99_ms": 30, "residual": None}
                        if cell.storage != "none":
                            theirs["held"] = [(5e7, 6e7)]
                        made = run(speeds.get(program, 3e6), **{**at_rate, **theirs, **(changes or {}).get((cell.name, program), {})})
                        lines.append({"cell": cell.name, "program": program, "round": number, "shape": results.shape(cell), "under": UNDER,
                                      "result": made if "error" not in made else {"error": made["error"]}})
        self.file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        found = results.Results(self.file, UNDER)
        return targets.Evidence(found, missing or {}, {}, ceilings or {}, list(cells.CELLS))

    def rows(self, *args, **kwargs) -> dict:
        return {what: (words, reached) for what, _, words, reached in targets.rows(self.evidence(*args, **kwargs))}

    def row(self, start: str, *args, **kwargs) -> tuple:
        return next(value for what, value in self.rows(*args, **kwargs).items() if what.startswith(start))


GRPC = "spans per CPU-second, plain gRPC, against the Collector's"


class TargetsTest(Reported):
    def test_all_reached(self):
        self.assertEqual([what for what, (_, reached) in self.rows().items() if not reached], [])
        self.assertEqual(self.rows()[GRPC][0], "30.0x (3.00 of 0.100 M spans per CPU-second; by round 30.0x to 30.0x)")

    def test_each_is_missed_where_it_is_not_reached(self):
        for start, cell, program, change in (
                (GRPC, "plain", "tailrace", {"spans_per_cpu_s": 2.7e6}),
                ("spans per CPU-second, plain gRPC, against the bare", "plain", "bare", {"spans_per_cpu_s": 10e6}),
                ("spans per CPU-second, gzip", "gzip", "tailrace", {"spans_per_cpu_s": 1.4e6}),
                ("spans per CPU-second, HTTP JSON", "json", "tailrace", {"spans_per_cpu_s": 0.9e6}),
                ("spans per CPU-second, ten", "ten", "tailrace", {"spans_per_cpu_s": 1.4e6}),
                ("spans per CPU-second, two shards", "shards_2", "tailrace", {"spans_per_cpu_s": 2.3e6}),
                ("spans per CPU-second, 2 000 000", "live_2m", "tailrace", {"spans_per_cpu_s": 2.3e6}),
                ("RSS over", "memory", "tailrace", {"held": [(1e8, 5e7)]}),
                ("the same with storage_compression: lz4", "memory_lz4", "tailrace", {"held": [(1e8, 6e7)]}),
                ("spans per CPU-second with storage_compression", "lz4", "tailrace", {"spans_per_cpu_s": 2.0e6}),
                ("RSS with the same", "memory", "tailrace", {"rss": 3.4e8}),
                ("decision lag", "calm", "tailrace", {"lag_p99_ms": 60}),
                ("acknowledgement p99", "answers", "tailrace", {"answer_p99_ms": 30}),
                ("error and slow", "zstd", "tailrace", {"traces": {"sent": 10, "whole": 9, "lost": 1, "doubled": 0}}),
                ("error and slow", "zstd", "tailrace", {"traces": {"sent": 0, "whole": 0, "lost": 0, "doubled": 0}}),
                ("ledger residual", "http", "tailrace", {"residual": 1})):
            with self.subTest(start):
                missed = [what for what, (_, reached) in self.rows({(cell, program): change}).items() if not reached]
                self.assertTrue(len(missed) == 1 and missed[0].startswith(start), missed)

    def test_a_generator_that_was_the_limit_gives_no_figure(self):
        words, reached = self.row(GRPC, {("plain", "tailrace"): {"core_share": 0.6, "load_share": 0.9}})
        self.assertFalse(reached)
        self.assertIn("not measured: `plain`, Tailrace: the program had only 60% of its core to do: load and sink were busy", words)
        self.assertNotIn("M spans per CPU-second", words)
        evidence = self.evidence(ceilings={cells.by_name("plain").load(): 3.1e6})
        words = next(words for what, _, words, _ in targets.rows(evidence) if what == GRPC)
        self.assertIn("not measured", words)
        self.assertEqual(len(evidence.runs(cells.by_name("plain"), "bare")), 3, "the ceiling is the bare server's own figure")

    def test_a_missing_collector_is_said_in_every_row_of_it(self):
        table = self.rows(missing={"collector": "collector is missing: no Go here"})
        self.assertEqual({what for what, (words, _) in table.items() if words == "not measured: collector is missing: no Go here"},
                         {what for what in table if "Collector" in what or "same spans waiting" in what})
        self.assertTrue(table["ledger residual, every cell"][1])

    def test_memory_is_compared_only_where_the_same_spans_waited(self):
        words, reached = self.row("RSS with the same", {("memory", "collector"): {"spans_per_s": 60_000, "core_share": 0.99}})
        self.assertIn("Collector did not take 80000 spans/s", words)
        self.assertFalse(reached)

    def test_a_cell_that_failed_is_no_success(self):
        table = self.rows({("zstd", "tailrace"): {"error": "tailrace ended with 139"}})
        for what in ("ledger residual, every cell", "error and slow traces that reach the sink whole, every cell"):
            self.assertFalse(table[what][1])
            self.assertIn("`zstd` round 2 failed: tailrace ended with 139", table[what][0])

    def test_one_bad_round_of_three_is_left_out(self):
        evidence = self.evidence()
        cell = cells.by_name("gzip")
        evidence.results.add(cell, "tailrace", 2, run(core_share=0.2))
        self.assertEqual([good["round"] for good in evidence.runs(cell, "tailrace")], [1, 3])
        evidence.results.add(cell, "tailrace", 3, run(core_share=0.2))
        with self.assertRaises(targets.NotMeasured):
            evidence.runs(cell, "tailrace")

    def test_rounds_that_differ_much_come_with_a_warning(self):
        evidence = self.evidence()
        evidence.results.add(cells.by_name("plain"), "collector", 2, run(0.2e6))
        words = next(words for what, _, words, _ in targets.rows(evidence) if what == GRPC)
        self.assertIn("the rounds of Collector differ too much for a comparison", words)


class DocumentTest(Reported):
    def test_the_section_is_written_and_the_rest_is_kept(self):
        docs = self.dir / "BENCHMARKS.md"
        docs.write_text(f"# Head\n{tables.BEGIN}\nold\n{tables.END}\n<!-- begin: written by bench/run.py -->\nkept\n", encoding="utf-8")
        about = {"command": "python3 -m bench.compare", "seconds": 4, "commit": "abc", "machine": "a machine",
                 "versions": {"tailrace": "tailrace 1"}, "pictures": ["speed"]}
        tables.write(self.evidence({("gzip", "tailrace"): {"spans_per_cpu_s": 1e6}}), CHECKS, about, docs=docs)
        text = docs.read_text(encoding="utf-8")
        self.assertTrue(text.startswith("# Head\n" + tables.BEGIN) and text.endswith("kept\n"))
        self.assertNotIn("old", text)
        for wanted in ("| 15x | **missed**: 10.0x", "`python3 -m bench.compare`", "a machine", "* tailrace 1", "images/bench/speed.svg",
                       "3.00 (3.00 to 3.00)", "30 of 30", "no ledger", "Plain, load alone: the bare server takes 15.00 M"):
            self.assertIn(wanted, text)
        self.assertNotIn("memory.svg", text)

    def test_rows_of_the_table_have_its_columns(self):
        table = tables.cells_table(self.evidence(missing={"jaeger": "jaeger is missing: x"}))
        self.assertEqual({line.count("|") for line in table}, {12})
        self.assertTrue(any("jaeger is missing: x" in line for line in table))

    def test_only_what_was_measured_is_drawn(self):
        shown = pictures.data(self.evidence({("gzip", "tailrace"): {"core_share": 0.1}}))
        names = [bar["name"] for bar in shown["speed"]["bars"]]
        self.assertIn("gzip: Collector", names)
        self.assertNotIn("gzip: Tailrace", names)
        self.assertEqual([bar["name"] for bar in shown["memory"]["bars"]], ["Tailrace", "Collector", "Tailrace, lz4", "Tailrace, zstd"])
        panels = {panel["name"]: panel["points"] for panel in shown["cost"]["panels"]}
        self.assertEqual([point["x"] for point in panels["live traces"]], [50_000, 500_000, 2_000_000])
        self.assertEqual([point["value"] for point in panels["connections"]], [3.0, 3.0, 3.0])
        no_policies = pictures.data(self.evidence({("ten", "tailrace"): {"core_share": 0.1}}))["cost"]["panels"]
        self.assertNotIn("policies", [panel["name"] for panel in no_policies])  # one point is no curve
        nothing = targets.Evidence(results.Results(self.dir / "none", UNDER), {}, {}, {}, [])
        self.assertEqual(pictures.draw(nothing), ([], "nothing was measured that could be drawn"))

    def test_without_matplotlib_there_is_a_reason(self):
        script = self.script('echo "plots cannot be had" >&2; exit 1\n')
        original, pictures.sys.executable = pictures.sys.executable, "/bin/false"
        self.addCleanup(setattr, pictures.sys, "executable", original)
        drawn, why = pictures.draw(self.evidence(), script, self.dir)
        self.assertEqual(drawn, [])
        self.assertIn("plots cannot be had", why)

    def test_a_whole_run_of_all_cells_reports(self):
        run_once = comparison.Comparison(FakeRunner(), results.Results(self.file, UNDER), cells.chosen("all"), 1)
        run_once.run()
        evidence = run_once.evidence()
        self.assertEqual(len(tables.cells_table(evidence)) - 2, sum(len(cell.programs) for cell in cells.CELLS))
        self.assertEqual(len(targets.rows(evidence)), 16)


if __name__ == "__main__":
    unittest.main(verbosity=1)
