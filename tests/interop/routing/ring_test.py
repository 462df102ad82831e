"""10^6 random trace ids and member lists of 1 to 50 that grow and shrink: the Collector's ring and ours give every id to the same member."""

import pathlib
import random
import tempfile
import unittest

from tests.interop.routing import ring
from tests.support import daemon

OURS = pathlib.Path(daemon.BINARY).parent / "tests" / "interop" / "ring_owners"
IDS = 1_000_000
LISTS = 50


class RingTest(unittest.TestCase):
    def test_same_owners(self):
        chance = random.Random(20261)
        lists = ring.changing_lists(chance, LISTS, 50)
        ids = chance.randbytes(16 * IDS)
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            theirs = ring.owners(ring.build_collectors_ring(folder), lists, ids, folder)
            ours = ring.owners(OURS, lists, ids, folder)
        for endpoints, expected, found in zip(lists, theirs, ours, strict=True):
            self.assertEqual(len(expected), IDS)
            self.assertEqual(len(set(expected)), len(endpoints), "each member owns something")
            self.assertTrue(found == expected, endpoints)
        moved = sum(a != b for a, b in zip(theirs[0], theirs[1]))
        self.assertGreater(moved, 0, "the lists differ")


if __name__ == "__main__":
    unittest.main(verbosity=2)
