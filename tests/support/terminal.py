"""The daemon's verbs as a person runs them: into a pipe, or on a terminal."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading

from tests.support import daemon

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def run(*args: str, env: dict = None, timeout: float = daemon.DEADLINE_S) -> subprocess.CompletedProcess:
    return subprocess.run([daemon.BINARY, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", **(env or {})})


class Terminal:
    """A verb on a pseudo-terminal of its own."""

    def __init__(self, *args: str, rows: int = 40, columns: int = 120, env: dict = None):
        self.master, slave = pty.openpty()
        self.resize(rows, columns)
        self.before = termios.tcgetattr(slave)
        self.output = ""
        self._slave = slave
        self.process = subprocess.Popen(
            [daemon.BINARY, *args], stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(env or {})})
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._slave)
        self._reader.join(5)
        os.close(self.master)

    def _read(self) -> None:
        try:
            while data := os.read(self.master, 65536):
                self.output += data.decode("utf-8", "replace")
        except OSError:
            pass  # closed

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def keys(self, data: bytes) -> None:
        os.write(self.master, data)

    def wait_for(self, text: str, start: int = 0) -> None:
        daemon.wait_for(lambda: text in self.output[start:] or self.process.poll() is not None, f"{text!r} on the screen")
        if text not in self.output[start:]:
            raise AssertionError(f"it ended with {self.process.returncode}: {self.output!r}")

    def ended(self) -> int:
        code = self.process.wait(daemon.DEADLINE_S)
        daemon.wait_for(lambda: "\x1b[?1049l" in self.output, "the screen is given back")
        return code

    def mode(self) -> list:
        return termios.tcgetattr(self._slave)
