"""Which program runs on which cores."""

import os

from programs import LOAD_CORE, PROGRAM_CORE, BenchError


class Placement:
    """`unpinned`: wherever the kernel likes, for a machine with one core; what is measured so can be compared with nothing."""

    def __init__(self, unpinned: bool = False, cores: set = None):
        self.cores = sorted(os.sched_getaffinity(0) if cores is None else cores)
        self.unpinned = unpinned
        if not unpinned and not {PROGRAM_CORE, LOAD_CORE} <= set(self.cores):
            raise BenchError(f"cores {PROGRAM_CORE} and {LOAD_CORE} are needed, one for the program, one for load and sink; here are "
                             f"{self.cores}. --unpinned runs without that, but then the programs take each other's time")

    @property
    def load(self):
        return None if self.unpinned else LOAD_CORE

    def program(self, both_cores: bool):
        """Two cores where a cell asks for them: a third, if there is one, rather than the load's."""
        if self.unpinned:
            return None
        others = [core for core in self.cores if core not in (PROGRAM_CORE, LOAD_CORE)]
        return f"{PROGRAM_CORE},{others[0] if others else LOAD_CORE}" if both_cores else PROGRAM_CORE
