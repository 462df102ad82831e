"""Configurations that were made to hurt are refused with 2, with file and line, within a second and 64 MiB of memory.

    hostile_config_test.py measured|unmeasured      unmeasured: a sanitizer's build, which is slower and larger
"""

import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import unittest

from tests.support import daemon

MEASURED = True
CPU_S_MAX = 1.0  # of the processor: a busy machine does not count
RSS_KB_MAX = 64 << 10
LIMIT = 2 << 20  # bytes of a file
NEAR = LIMIT - 100

GOOD = daemon.one_pipeline().replace("@DIR@", "/tmp")
for _name in ("GRPC", "HTTP", "METRICS", "HEALTH"):
    GOOD = GOOD.replace(f"@{_name}@", "0")
PROBABILISTIC = "- {name: all, type: probabilistic, probabilistic: {sampling_percentage: @}}"


def laughs(width: int, use: str) -> str:
    """Each line refers ten times to the line before."""
    lines = [f"a0: &a0 {use.replace('*', 'x')}"]
    for n in range(1, 30):
        lines.append(f"a{n}: &a{n} " + use.replace("*", f"*a{n - 1}"))
    return "\n".join(lines * width) + "\n"


# name -> (the text, the line, words of the message); every text is as large as a file may be, or does its work in less.
TEXTS = {
    "billion laughs": (lambda: laughs(1, "[*,*,*,*,*,*,*,*,*,*]"), 5, "more than 150000 values"),
    "billion laughs in maps": (lambda: laughs(1, "{a: *, b: *, c: *, d: *}"), 8, "more than 150000 values"),
    "billion laughs in merges": (lambda: laughs(1, "{<<: [{x: *}, {y: *}], z: *}"), 10, "more than 150000 values"),
    "cycle": (lambda: "a:\n  b: &a\n    c: *a\n", 3, "an alias stands inside of what it refers to"),
    "cycle in a merge": (lambda: "a: &a\n  <<: *a\n", 2, "an alias stands inside of what it refers to"),
    "doubled keys": (lambda: "k: 1\n" * (NEAR // 5), 2, "stands twice in one map: at line 1 and at line 2"),
    "many keys": (lambda: "".join(f"k{n}: 1\n" for n in range(200_000)), 2001, "more than 2000 keys"),
    "as many values as there may be": (lambda: "a: [" + "xxxxxxxxx," * 149_000 + "]\n", 1, "unknown key"),
    "as many maps as there may be": (lambda: "a:\n" + "  - {b: }\n" * 49_000, 1, "unknown key"),
    "deep brackets": (lambda: "[" * 100_000, 1, "nested more than 64"),
    "deep braces": (lambda: "{" * NEAR, 1, "nested more than 64"),
    "deep brackets, all of them": (lambda: "[" * NEAR, 1, "nested more than 64"),
    "deep dashes": (lambda: "- " * 100_000, 1, "nested more than 64"),
    "deep lines": (lambda: "".join(" " * n + "a:\n" for n in range(1_900)), 65, "nested more than 64"),
    "flow without end": (lambda: "[x" + "," * NEAR, 1, "more than 100000 signs of YAML's syntax"),
    "flow of keys without end": (lambda: "{" + "a, " * (NEAR // 3), 1, "the key stands twice"),
    "aliases without end": (lambda: "[*a," * (NEAR // 4), 1, "more than 100000 signs"),
    "anchors": (lambda: "&a " * (NEAR // 3), 1, "more than 100000 signs|multiple anchors"),
    "tags": (lambda: "!a " * (NEAR // 3), 1, "more than 100000 signs|multiple tags"),
    "a bracket that is never closed": (lambda: "[a\n" + "b\n" * (NEAR // 2), None, "not valid YAML"),
    "a quote that is never closed": (lambda: 'a: "' + "x" * NEAR, 1, "not valid YAML"),
    "a long key": (lambda: "k" * 1_000_000 + ": 1\n", 1, "not valid YAML"),
    "a key of many parts": (lambda: "::".join(["a"] * 300) + ": 1\n", 1, "unknown key"),
    "a tab for indentation": (lambda: "a:\n\tb: 1\n", 2, "not valid YAML"),
    "a NUL": (lambda: GOOD + "#\0\n", GOOD.count("\n") + 1, "not a text file: byte 0x00"),
    "not UTF-8": (lambda: GOOD.encode() + b"# caf\xe9\n", GOOD.count("\n") + 1, "not a text file: byte 0xe9"),
    "UTF-8, longer than it may be": (lambda: GOOD.encode() + b"# \xc0\xaf\n", GOOD.count("\n") + 1, "not a text file: byte 0xc0"),
    "UTF-16": (lambda: GOOD.encode("utf-16"), 1, "not a text file: byte 0xff"),
    "expansions without end": (lambda: "a: '" + "${" * 45_000 + "'\n", 1, "expands to too much text|recursive"),
    "YAML in expansions": (lambda: "a: [" + "'${yaml:[a,b,c,d,e,f,g]}'," * 30_000 + "]\n", 1, "too many values"),
    "a file of 8 MiB": (lambda: "a" * (8 << 20), None, "larger than 2 MiB"),
}

# (what stands in GOOD, what takes its place, the key that is named)
VALUES = [("decision_wait: 200ms", f"decision_wait: {value}", "decision_wait")
          for value in ("-1s", "-0.001ns1s", "9999999999999h", "292277h9999999h", "1e9s", "nan", ".inf", "0x10s", "1" * 100_000 + "s")]
VALUES += [("type: always_sample", "type: probabilistic, probabilistic: {sampling_percentage: " + value + "}", "sampling_percentage")
           for value in (".nan", ".NaN", "nan", ".inf", "-.inf", "inf", "1e999", "-1e999", "0x1p9999", "'" + "9" * 400 + "'")]
VALUES += [("decision_wait: 200ms", f"decision_wait: 200ms\n    num_traces: {value}", "num_traces")
           for value in ("-1", "18446744073709551616", "99999999999999999999999", "0xffffffffffffffffff", "1e3", "1.5", ".nan", "[1]", "'-'")]
VALUES += [("  telemetry:\n", f"  tailrace: {{{key}: {value}}}\n  telemetry:\n", key)
           for key in ("memory_budget_mib", "shards", "connections_max") for value in ("-1", "18446744073709551615", "1e400", ".inf")]


class HostileConfigTest(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tailrace-test-")))
        self.path = self.dir / "bad.yaml"

    def run_bounded(self, path=None, environment: dict = None) -> tuple:
        """Exit code and what was said of `validate`; the bounds are kept."""
        with open(self.dir / "said", "wb") as said:
            process = subprocess.Popen([daemon.BINARY, "validate", "--config", str(path or self.path)], stdin=subprocess.DEVNULL,
                                       stdout=said, stderr=said, env={**os.environ, **(environment or {})})
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if MEASURED:
            self.assertLess(used.ru_utime + used.ru_stime, CPU_S_MAX, "seconds of the processor")
            self.assertLess(used.ru_maxrss, RSS_KB_MAX, "KiB of memory")
        return process.returncode, (self.dir / "said").read_text(encoding="utf-8", errors="replace")

    def assert_refused(self, line, words: str, path=None, environment: dict = None) -> None:
        code, said = self.run_bounded(path, environment)
        self.assertEqual(code, 2, said[:300])
        place = re.escape(str(path or self.path)) + (f":{line}: " if line else ":")
        self.assertTrue(re.search(f"{place}.*({words})", said), f"no {place} {words} in {said[:300]}")
        self.assertLess(len(said), 200_000)

    def test_texts(self):
        for name, (make, line, words) in TEXTS.items():
            with self.subTest(name):
                text = make()
                self.path.write_bytes(text if isinstance(text, bytes) else text.encode())
                del text
                self.assert_refused(line, words)

    def test_numbers_durations_and_sizes(self):
        for present, wrong, key in VALUES:
            with self.subTest(wrong[:80]):
                self.assertIn(present, GOOD)
                text = GOOD.replace(present, wrong)
                self.path.write_text(text)
                self.assert_refused(next(n for n, one in enumerate(text.splitlines(), 1) if key + ":" in one), key)

    def test_files_that_are_no_files(self):
        os.mkfifo(self.dir / "fifo")
        (self.dir / "large").touch()
        os.truncate(self.dir / "large", 100 << 20)
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(str(self.dir / "socket"))
        (self.dir / "loop").symlink_to("loop")
        for path, words in ((self.dir, "is a directory"), (self.dir / "fifo", "empty configuration file"), (self.dir / "large", "larger than 2 MiB"),
                            (self.dir / "socket", "cannot be read"), (self.dir / "loop", "cannot be read"), ("/dev/zero", "larger than 2 MiB"),
                            ("/dev/full", "larger than 2 MiB"), ("/dev/null", "empty configuration file"), ("/dev/urandom", "larger than 2 MiB"),
                            ("x" * 5000, "cannot be read")):
            with self.subTest(str(path)[:80]):
                self.assert_refused(None, words, path)

    def test_the_same_by_expansion(self):
        """What a value is replaced by is bounded as the file is."""
        wait = "decision_wait: 200ms"
        line = next(n for n, one in enumerate(GOOD.splitlines(), 1) if wait in one)
        doubling = {f"V{n}": f"${{env:V{n + 1}}}${{env:V{n + 1}}}" for n in range(60)} | {"V60": "x" * 1000}
        for value, environment, words in (
                ("${file:/dev/zero}", {}, "larger than 2 MiB"), (f"${{file:{self.path}}}", {}, "decision_wait"),
                ("${env:V0}", doubling, "recursive|too much text"), ("${env:A}", {"A": "${env:A}"}, "recursive"),
                ("${env:A}", {"A": "[" * 100_000}, "decision_wait"), ("${env:A}", {"A": "&a [*a]"}, "decision_wait"),
                ("${env:A}", {"A": "-1s"}, "decision_wait")):
            with self.subTest(value):
                self.path.write_text(GOOD.replace(wait, f'decision_wait: "{value}"'))
                self.assert_refused(line, words, environment=environment)

    def test_an_unknown_variable_is_empty_and_said_so(self):
        """As in the Collector: an empty value, and a warning at the start."""
        text = GOOD.replace("decision_wait: 200ms", "decision_wait: ${env:TAILRACE_NOPE}")
        self.path.write_text(text)
        self.assertEqual(self.run_bounded()[0], 0)
        with daemon.Daemon(daemon.one_pipeline(decision_wait="${env:TAILRACE_NOPE}")) as d:
            self.assertRegex(d.stderr(), r'tailrace\.yaml:\d+: processors::tail_sampling::decision_wait: .*"TAILRACE_NOPE" is not set')

    def test_what_looks_odd_and_is_good(self):
        for name, text in {"a byte order mark": b"\xef\xbb\xbf" + GOOD.encode(), "lines of DOS": GOOD.replace("\n", "\r\n").encode(),
                           "tabs before comments": GOOD.replace("\n", "\t# x\n").encode()}.items():
            with self.subTest(name):
                self.path.write_bytes(text)
                code, said = self.run_bounded()
                self.assertEqual(code, 0, said[:300])


if __name__ == "__main__":
    MEASURED = {"measured": True, "unmeasured": False}[sys.argv.pop(1)]
    daemon.main()
