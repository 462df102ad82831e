"""What the harness holds for the program that it measures: given back as the program grows, and taken again when it is gone."""

import time
import unittest
from unittest import mock

from bench.compare import measure  # noqa: F401  (which finds the harness)
import held_memory
from held_memory import HeldMemory

CHUNK = 1 << 20


def until(condition) -> None:
    end = time.monotonic() + 30
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it did not come to that")
        time.sleep(0.001)


class HeldMemoryTest(unittest.TestCase):
    def setUp(self):
        for name, value in (("CHUNK", CHUNK), ("AHEAD", 2 * CHUNK)):
            patch = mock.patch.object(held_memory, name, value)
            patch.start()
            self.addCleanup(patch.stop)

    def test_it_goes_a_little_ahead_of_the_program(self):
        held = HeldMemory(8 * CHUNK)
        held.fill()
        self.assertEqual(len(held.chunks), 8)
        size, looks = 0, 0

        def rss_bytes() -> int:
            nonlocal looks
            looks += 1
            return size

        def looked_again() -> None:
            before = looks
            until(lambda: looks > before + 1)

        with held.feeding(rss_bytes):
            looked_again()
            self.assertEqual(len(held.chunks), 6)
            size = 3 * CHUNK
            looked_again()
            self.assertEqual(len(held.chunks), 3)
            size = 100 * CHUNK  # more than is held
            until(lambda: not held.chunks)
        held.fill()
        self.assertEqual(len(held.chunks), 8)

    def test_a_program_that_ends_meanwhile_ends_it(self):
        held = HeldMemory(4 * CHUNK)
        held.fill()

        def gone() -> int:
            raise FileNotFoundError

        with held.feeding(gone):
            pass
        self.assertEqual(len(held.chunks), 4)

    def test_no_more_than_a_share_of_what_is_there(self):
        with mock.patch.object(held_memory, "available_bytes", lambda: 6 * CHUNK):
            self.assertEqual(HeldMemory(100 * CHUNK, share=0.5).wanted, 3)
        self.assertEqual(HeldMemory(0).wanted, 0)


if __name__ == "__main__":
    unittest.main()
