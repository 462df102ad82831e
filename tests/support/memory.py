"""The most resident memory of a process over a while."""

import os
import pathlib
import threading


class Memory:
    """Watches a process's resident memory while `with` lasts."""

    def __init__(self, pid: int, every_s: float = 0.02):
        self._path = pathlib.Path(f"/proc/{pid}/statm")
        self._every_s = every_s
        self._done = threading.Event()
        self.highest_mib = self.now_mib()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def now_mib(self) -> float:
        return int(self._path.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)

    def _watch(self) -> None:
        while not self._done.wait(self._every_s):
            try:
                self.highest_mib = max(self.highest_mib, self.now_mib())
            except (OSError, IndexError):
                return

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._done.set()
        self._thread.join()
