"""What a program can check of how the code reads: lengths, the direction of includes, banned calls, headers' openings."""

import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODE_DIRS = ("base", "proto", "config", "processors", "collector", "bench", "tests")
LINES_MAX = 400
LINES_WARN = 300

# The arrow of includes: base <- proto <- processors <- collector <- bench, tests; base <- config <- processors.
MAY_INCLUDE = {
    "base": {"base"},
    "proto": {"base", "proto"},
    "config": {"base", "config"},
    "processors": {"base", "proto", "config", "processors"},
    "collector": {"base", "proto", "config", "processors", "collector"},
    "bench": {"base", "proto", "config", "processors", "collector", "bench", "tests"},
    "tests": set(CODE_DIRS),
}

# What may not be called, why, and the only files that may. Time and chance come in from outside, so that one seed
# replays a run; a sleep in place of a condition is a flaky test or a slow daemon.
BANNED = (
    (r"\b(sleep_for|sleep_until)\s*\(|\b(usleep|nanosleep|sleep)\s*\(", "waits by the clock",
     {"tests/support/wait_for.h", "collector/load/sink_ingest.cc"}),
    (r"(?<![\w.>:])s?rand\s*\(|\bstd::random_device\b", "chance comes in from outside", {"base/hash.cc", "collector/app/app.cc", "collector/load/load_options.cc"}),
    (r"(?<![\w.>])time\s*\(\s*(NULL|nullptr|0)\s*\)|\bgettimeofday\s*\(|\bsystem_clock::now\b|\bclock_gettime\s*\(",
     "the wall clock is base/clock's", {"base/clock.cc", "tests/base/clock_test.cc", "tests/support/grpc_client.h",
      "tests/collector/exporters/scripted_backend.cc"}),
    (r"\bsteady_clock::now\b", "time is base/clock's",
     {"base/clock.cc", "tests/support/wait_for.h"}),
    (r"(?<![\w.])(std::)?getenv\s*\(", "the environment is read in one place", {"collector/cli/environment.cc"}),
    (r"\busing namespace std\s*;", "names stay where they are", set()),
    (r"\b(GTEST_SKIP|DISABLED_\w+)", "a test that does not run proves nothing", set()),
)
# Threads measure their own deadlines; the pure folders get time by argument.
CLOCK_READERS = ("collector/", "bench/", "tests/")

# Words that would tie the tree to one machine or put off work.
WORDS = re.compile(r"\bTODO\b|\bFIXME\b|\bXXX\b|\.\./shared|(?<![\w.])/work/|/root/|/home/\w+/")


def files(*suffixes: str) -> list:
    """What git would commit: tracked and new files, less the ignored ones."""
    try:
        listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True,
                                check=True).stdout.split("\n")
        found = [ROOT / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):  # not a clone: everything but what is built
        found = [p for p in ROOT.rglob("*") if not {"build", ".git", "tailrace-out"} & set(p.relative_to(ROOT).parts)]
    return sorted(p for p in found if p.is_file() and p.suffix in suffixes)


def name_of(path: pathlib.Path) -> str:
    return str(path.relative_to(ROOT))


def code() -> list:
    return [p for p in files(".h", ".cc") if p.relative_to(ROOT).parts[0] in CODE_DIRS]


def without_comments(text: str) -> str:
    """Comments and string literals blanked, lines kept."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"', re.DOTALL)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


class TidyTest(unittest.TestCase):
    def fail_with(self, problems: list):
        self.assertEqual(problems, [], "\n  " + "\n  ".join(problems))

    def test_there_is_code(self):
        self.assertGreater(len(code()), 50)

    def test_files_are_short(self):
        problems = []
        for path in code():
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > LINES_MAX:
                problems.append(f"{name_of(path)}: {lines} lines; at most {LINES_MAX}: is it one idea?")
            elif lines > LINES_WARN:
                print(f"look again: {name_of(path)} has {lines} lines", file=sys.stderr)
        self.fail_with(problems)

    def test_includes_follow_the_arrow(self):
        problems = []
        for path in code():
            folder = path.relative_to(ROOT).parts[0]
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                match = re.match(r'\s*#include "([^"]+)"', line)
                if not match:
                    continue
                target = match.group(1).split("/")[0]
                if target in CODE_DIRS and target not in MAY_INCLUDE[folder]:
                    problems.append(f"{name_of(path)}:{number}: {folder} may not include {match.group(1)}")
        self.fail_with(problems)

    def test_banned_calls(self):
        problems = []
        for path in code():
            name = name_of(path)
            for number, line in enumerate(without_comments(path.read_text(encoding="utf-8")).splitlines(), 1):
                for pattern, why, homes in BANNED:
                    if "steady_clock" in pattern and name.startswith(CLOCK_READERS):
                        continue
                    if re.search(pattern, line) and name not in homes:
                        problems.append(f"{name}:{number}: {line.strip()[:80]}: {why}")
        self.fail_with(problems)

    def test_headers_open_for_a_stranger(self):
        problems = []
        for path in code():
            if path.suffix != ".h":
                continue
            text = path.read_text(encoding="utf-8")
            if not text.startswith("//"):
                problems.append(f"{name_of(path)}: opens with no comment that says what it is")
            if text.count("#pragma once") != 1:
                problems.append(f"{name_of(path)}: has no #pragma once")
        self.fail_with(problems)

    def test_planted_bugs_fit(self):
        patches = sorted((ROOT / "tests" / "simulation" / "planted").glob("*.patch"))
        self.assertGreaterEqual(len(patches), 20)
        self.fail_with([f"{name_of(patch)} fits no more: make it anew, see scripts/planted-bugs" for patch in patches
                        if subprocess.run(["patch", "-p1", "--dry-run", "--silent", "--force", "-i", patch], cwd=ROOT,
                                          stdout=subprocess.DEVNULL, check=False).returncode != 0])

    def test_lines_fit(self):
        problems = []
        for path in code():
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if len(line) > 140:
                    problems.append(f"{name_of(path)}:{number}: {len(line)} columns")
                if line != line.rstrip() or "\t" in line:
                    problems.append(f"{name_of(path)}:{number}: white space at its end, or a tab")
        self.fail_with(problems)

    def test_nothing_is_put_off_or_tied_to_one_machine(self):
        problems = []
        here = name_of(pathlib.Path(__file__).resolve())
        for path in files(".h", ".cc", ".py", ".md", ".txt", ".cmake", ".yaml", ".yml", ".json", ".sh", ".proto", ".tpl", ""):
            if name_of(path) in (here, "LICENSE") or "tests/golden/" in name_of(path) or "/corpus/" in name_of(path):
                continue
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
            for number, line in enumerate(text.splitlines(), 1):
                if WORDS.search(line):
                    problems.append(f"{name_of(path)}:{number}: {line.strip()[:90]}")
        self.fail_with(problems)


if __name__ == "__main__":
    unittest.main(verbosity=1)
