"""The check of instructions per span without valgrind: a stand-in for it runs a stand-in for bench_instructions, and writes what callgrind would."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import textwrap
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))
import callgrind  # noqa: E402
import instructions  # noqa: E402

# Ten spans a turn.
PROGRAM = """\
    #!/bin/sh
    case "$1" in
      --built-with) echo "g++ 12.2.0, glibc 2.36, x86_64" ;;
      --list) printf 'scan\\t5\\t25\\tthe scan\\njudge\\t2\\t4\\ta judgement\\n' ;;
      *) echo "$((10 * $2))" ;;
    esac
    """
# 1000 instructions before anything, then for each span what the file `costs` beside it says.
VALGRIND = """\
    #!/bin/sh
    [ "$1" = --tool=callgrind ] && [ -n "$GLIBC_TUNABLES" ] && [ -z "$HOME" ] || exit 9
    out=${3#--callgrind-out-file=} program=$4 name=$5 turns=$6
    . "${0%/*}/costs"
    eval cost=\\$$name
    [ "$cost" != None ] || { echo "Illegal instruction" >&2; exit 1; }
    within=$((cost * 10 * turns))
    printf 'events: Ir\\nfn=(1) main\\n12 1000\\ncfn=(2) Work()\\ncalls=%d 3\\n+1 %d\\n\\nfn=(2)\\n* %d\\n\\ntotals: %d\\n' \\
      "$turns" "$within" "$within" "$((1000 + within))" > "$out"
    exec "$program" "$name" "$turns"
    """
CHANGELOG = """\
    # Changelog

    ## [Unreleased]

    ### Changed

    * Something that has nothing to do with it, `scan`.
    {entry}

    ## [0.1.0]

    * `judge` takes more instructions per span: that was long ago.
    """
NAMED = "* Twice the attributes are read. It costs `judge` a few more\n  instructions per span."
RECORD = {"built_with": "g++ 12.2.0, glibc 2.36, x86_64", "instructions_per_span": {"scan": 100, "judge": 1000}}


class Scratch(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.dir = pathlib.Path(scratch.name)
        self.record = self.dir / "bench/instructions/recorded.json"
        self.docs = self.dir / "docs/BENCHMARKS.md"
        for path in (self.record, self.docs):
            path.parent.mkdir(parents=True)
        self.docs.write_text(f"before\n{instructions.BEGIN}\nold\n{instructions.END}\nbehind\n", encoding="utf-8")
        for name, text in (("program", PROGRAM), ("valgrind", VALGRIND)):
            (self.dir / name).write_text(textwrap.dedent(text), encoding="utf-8")
            (self.dir / name).chmod(0o755)
        self.given()

    def given(self, costs: dict = None, record: dict = None, entry: str = ""):
        costs = {"scan": 100, "judge": 1000, **(costs or {})}
        (self.dir / "costs").write_text("".join(f"{name}={cost}\n" for name, cost in costs.items()), encoding="utf-8")
        self.record.write_text(json.dumps(record or RECORD), encoding="utf-8")
        (self.dir / "CHANGELOG.md").write_text(textwrap.dedent(CHANGELOG).format(entry=entry), encoding="utf-8")

    def run_it(self, *args, valgrind: str = None) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, "-B", ROOT / "bench/instructions.py", "--program", self.dir / "program", "--tree", self.dir,
                               "--out", self.dir / "out", "--valgrind", valgrind or self.dir / "valgrind", *args],
                              capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "HOME": "/"})

    def passes(self, *args) -> str:
        done = self.run_it(*args)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def fails(self, *args, **kwargs) -> str:
        done = self.run_it(*args, **kwargs)
        self.assertEqual(done.returncode, 1, done.stdout)
        return done.stderr

    def recorded(self) -> dict:
        return json.loads(self.record.read_text(encoding="utf-8"))["instructions_per_span"]


class CheckTest(Scratch):
    def test_what_comes_before_the_turns_cancels_out(self):
        out = self.passes()
        self.assertRegex(out, r"scan +100\.0 +100\.0 +\+0\.0%\n")
        self.assertRegex(out, r"judge +1000\.0 ")

    def test_five_per_cent_more_pass_and_a_little_above_fails(self):
        self.given({"judge": 1050})
        self.assertNotIn("FAILS", self.passes())
        self.given({"judge": 1051})
        said = self.fails()
        self.assertIn("judge: 1051.0 instructions per span, 5.1% more than the 1000.0 of the record", said)
        self.assertNotIn("scan:", said)

    def test_a_failure_says_where_and_what_to_do(self):
        self.given({"scan": 130})
        said = self.fails()
        self.assertRegex(said, r" 130\.0  Work\(\)\n +0\.0  main\n")
        self.assertIn("callgrind_annotate", said)
        self.assertIn("CHANGELOG.md", said)
        self.assertIn("INSTRUCTIONS=--write", said)

    def test_an_entry_alone_lets_nothing_pass(self):
        self.given({"judge": 1200}, entry=NAMED)
        self.fails()

    def test_cases_without_a_figure_and_figures_without_a_case(self):
        self.given(record={**RECORD, "instructions_per_span": {"scan": 100}})
        self.assertIn("judge: has no figure", self.fails())
        self.given(record={**RECORD, "instructions_per_span": {"scan": 100, "judge": 1000, "gone": 7}})
        self.assertIn("gone: is in the record, but no case any more", self.fails())
        self.passes("--cases", "judge,scan")

    def test_without_a_record_every_case_fails(self):
        self.record.unlink()
        self.assertIn("scan: has no figure", self.fails())

    def test_fewer_are_noted(self):
        self.given({"judge": 940})
        self.assertIn("judge takes 6.0% fewer instructions than the record says", self.passes())

    def test_another_compiler_is_told_and_judged_all_the_same(self):
        other = {**RECORD, "built_with": "g++ 13.1.0, glibc 2.36, x86_64"}
        self.given(record=other)
        self.assertIn("the record is of g++ 13.1.0", self.passes())
        self.given({"judge": 1200}, record=other)
        self.fails()

    def test_a_case_that_ends_badly(self):
        self.given({"judge": None})
        self.assertIn("program judge 2 under callgrind ended with 1 and said: Illegal instruction", self.fails())

    def test_no_valgrind(self):
        self.assertIn("there is no nothing-here: `scripts/setup bench` installs Debian's package `valgrind`", self.fails(valgrind="nothing-here"))

    def test_an_unknown_case(self):
        self.assertIn("the cases are scan, judge", self.fails("--cases", "scam"))


class WriteTest(Scratch):
    def test_lower_figures_and_new_cases_are_written(self):
        self.given({"judge": 900}, record={**RECORD, "instructions_per_span": {"judge": 1000, "gone": 7}})
        self.passes("--write")
        self.assertEqual(self.recorded(), {"scan": 100, "judge": 900})
        self.assertRegex(self.docs.read_text(encoding="utf-8"), r"^before\n[^|]*g\+\+ 12\.2\.0(.|\n)*\| `judge` \| a judgement \| 900\.0 \|\n(.|\n)*\nbehind\n$")
        self.passes()

    def test_a_raise_is_refused_and_nothing_written(self):
        self.given({"judge": 1200, "scan": 50})
        self.assertIn("no entry in the unreleased section of CHANGELOG.md names `judge`", self.fails("--write"))
        self.assertEqual(self.recorded(), RECORD["instructions_per_span"])
        self.assertIn("old", self.docs.read_text(encoding="utf-8"))

    def test_an_entry_lets_it_pass(self):
        self.given({"judge": 1200}, entry=NAMED)
        self.passes("--write")
        self.assertEqual(self.recorded(), {"scan": 100, "judge": 1200})
        self.passes()

    def test_an_entry_counts_for_the_cases_that_it_names_alone(self):
        for entry in ("* `judge-fast` takes more instructions per span.", "* `judge` takes more time.", "* The judge takes more instructions per span.",
                      "* More instructions per span.\n* `judge` is another matter."):
            self.given({"judge": 1200}, entry=entry)
            self.fails("--write")

    def test_no_figure_creeps_up(self):
        self.given({"judge": 1040})
        self.assertIn("judge stays at 1000.0", self.passes("--write"))
        self.assertEqual(self.recorded(), RECORD["instructions_per_span"])
        self.given({"judge": 1040}, entry=NAMED)
        self.passes("--write")
        self.assertEqual(self.recorded()["judge"], 1040)

    def test_a_new_compiler_may_take_a_little_more(self):
        self.given({"judge": 1040}, record={**RECORD, "built_with": "g++ 11"})
        self.passes("--write")
        self.assertEqual(self.recorded()["judge"], 1040)

    def test_of_all_cases_only(self):
        self.assertEqual(self.run_it("--write", "--cases", "scan").returncode, 2)


class CallgrindTest(Scratch):
    def test_names_given_first_in_a_call_are_known_later(self):
        out = self.dir / "file"
        out.write_text("fl=(1) a.cc\nfn=(1) First\n1 5\ncfi=(2) b.cc\ncfn=(2) Second\ncalls=1 9\n+1 70\n* 2\nfi=(2)\n-4 3\n\nfn=(2)\n9 70\n\n"
                       "totals: 80\n", encoding="utf-8")
        self.assertEqual(callgrind.by_function(out), {"First": 10, "Second": 70})
        self.assertEqual(callgrind.total(out), 80)

    def test_a_file_cut_short(self):
        out = self.dir / "file"
        out.write_text("fn=(1) First\n1 5\n", encoding="utf-8")
        with self.assertRaisesRegex(callgrind.CallgrindError, "has no total"):
            callgrind.total(out)


class RecordTest(unittest.TestCase):
    def test_the_committed_table_is_that_of_the_committed_record(self):
        record = instructions.Record.read(ROOT / "bench/instructions/recorded.json")
        docs = (ROOT / "docs/BENCHMARKS.md").read_text(encoding="utf-8")
        self.assertTrue(record.figures)
        for name, figure in record.figures.items():
            self.assertRegex(docs, rf"\n\| `{name}` \| [^|]+ \| {figure:.1f} \|\n")


if __name__ == "__main__":
    unittest.main(verbosity=1)
