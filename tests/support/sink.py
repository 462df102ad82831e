"""`tailrace sink` as a backend that can be killed and started again."""

import json
import subprocess
import urllib.request

from tests.support import daemon as daemons


class Sink:
    """Tells whole traces of `tailrace load` from broken ones. Runs while `with` lasts."""

    def __init__(self):
        self.port, self._report = daemons.free_ports(2)
        self._process = None

    def start(self) -> None:
        """Does not wait until it is up."""
        self._process = subprocess.Popen([daemons.BINARY, "sink", "--listen", f"127.0.0.1:{self.port}", "--report",
                                          f"127.0.0.1:{self._report}"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def report(self) -> dict:
        with urllib.request.urlopen(f"http://127.0.0.1:{self._report}/report", timeout=10) as answer:
            return json.loads(answer.read())

    def _up(self) -> bool:
        try:
            self.report()
            return True
        except OSError:
            return False

    def __enter__(self) -> "Sink":
        self.start()
        daemons.wait_for(self._up, "the sink is up")
        return self

    def __exit__(self, *_) -> None:
        self.kill()
