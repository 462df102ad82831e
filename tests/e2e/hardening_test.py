"""How the daemon was compiled and linked, read from the file itself: what turns a bug into a stop and not into a break-in.

    hardening_test.py fortified|plain     plain: a build that does not optimise, or with a sanitizer
"""

import pathlib
import platform
import re
import subprocess
import sys
import unittest

from tests.support import daemon

FORTIFIED = True


def readelf(*options: str) -> str:
    return subprocess.run(["readelf", "--wide", *options, daemon.BINARY], check=True, capture_output=True, text=True, timeout=120).stdout


class HardeningTest(unittest.TestCase):
    def assert_says(self, option: str, pattern: str) -> None:
        """What readelf says is long: only what was looked for is shown."""
        self.assertTrue(re.search(pattern, readelf(option)), f"readelf {option}: nothing like {pattern}")

    def test_it_is_loaded_at_an_address_of_chance(self):
        self.assert_says("--file-header", r"Type:\s+DYN ")
        self.assert_says("--dynamic", r"FLAGS_1\).*\bPIE\b")

    def test_the_table_of_functions_is_complete_and_read_only_before_main(self):
        self.assert_says("--program-headers", r"\n\s*GNU_RELRO\s")
        self.assert_says("--dynamic", r"\(FLAGS\).*\bBIND_NOW\b|FLAGS_1\).*\bNOW\b")

    def test_the_stack_holds_no_code(self):
        stack = re.search(r"\n\s*GNU_STACK\s+(.*)", readelf("--program-headers"))
        self.assertIsNotNone(stack)
        self.assertRegex(stack.group(1), r"\sRW\s")

    def test_nothing_is_both_writable_and_executable(self):
        self.assertEqual(re.findall(r"\n\s*LOAD\s.*\sRWE\s.*", readelf("--program-headers")), [])

    def test_the_stack_is_guarded(self):
        self.assert_says("--dyn-syms", r"\b__stack_chk_fail\b")

    def test_sizes_of_buffers_are_checked(self):
        checked = re.findall(r"\b__\w+_chk\b", readelf("--dyn-syms"))
        if FORTIFIED:
            self.assertGreater(len(set(checked)), 2, checked)

    def test_jumps_land_where_they_may(self):
        """Functions begin with the mark for indirect jumps. (The file as a whole cannot: Debian's crt1.o has none.)"""
        if platform.machine() == "x86_64":
            endbr64 = b"\xf3\x0f\x1e\xfa"
            self.assertGreater(pathlib.Path(daemon.BINARY).read_bytes().count(endbr64), 1000)


if __name__ == "__main__":
    FORTIFIED = {"fortified": True, "plain": False}[sys.argv.pop(1)]
    daemon.main()
