"""Memory that has been touched, held ready for the program that is measured.

Many virtual machines take back what lies idle for a second or two: whoever touches it next waits for the host, at half a gigabyte a second where
ten are usual, and a program that grows to some gigabytes spends its whole warm-up, or more, on that and nothing else. It says nothing about the
program. So the harness itself holds touched memory while no program runs, and gives it back chunk by chunk a little ahead of a program that grows:
what was given back a moment ago is what the kernel hands out next. Where the host takes nothing back this changes nothing.

One thread beside the caller's while feeding() lasts."""

import contextlib
import mmap
import threading
import time

CHUNK = 128 << 20
AHEAD = 1536 << 20
LOOKS_S = 0.02
MADV_POPULATE_WRITE = 23  # Linux 5.14; mmap has no name for it yet


def available_bytes() -> int:
    with open("/proc/meminfo", encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")) * 1024


class HeldMemory:
    def __init__(self, most: int, share: float = 0.5):
        """`most` bytes, and no more than a share of what is available now."""
        self.wanted = int(min(most, available_bytes() * share)) // CHUNK
        self.chunks = []

    def fill(self) -> None:
        """Takes back what was given, while it is still warm."""
        while len(self.chunks) < self.wanted:
            chunk = mmap.mmap(-1, CHUNK, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            try:
                chunk.madvise(mmap.MADV_HUGEPAGE)
                chunk.madvise(MADV_POPULATE_WRITE)
            except OSError:  # a kernel that knows neither
                chunk.write(bytes(CHUNK))
            self.chunks.append(chunk)

    @contextlib.contextmanager
    def feeding(self, rss_bytes):
        """While it lasts, what `rss_bytes()` says and a little more has been given back. Afterwards, with the program gone: fill()."""
        ended = threading.Event()

        def feed():
            given = 0
            while self.chunks and not ended.is_set():
                try:
                    wanted = rss_bytes() + AHEAD
                except OSError:  # it has ended
                    return
                while self.chunks and given < wanted:
                    self.chunks.pop().close()
                    given += CHUNK
                time.sleep(LOOKS_S)

        thread = threading.Thread(target=feed, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
