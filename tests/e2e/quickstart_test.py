"""`make run`'s script: within 15 seconds it says what was kept and why, and at Ctrl-C comes the ledger."""

import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from tests.support import daemon

SCRIPT = daemon.SOURCE_DIR / "scripts" / "quickstart"


class QuickstartTest(unittest.TestCase):
    def test_it_tells_what_was_kept_and_why(self):
        with tempfile.TemporaryDirectory(prefix="tailrace-test-") as scratch:
            said_path = pathlib.Path(scratch) / "said"

            def said() -> str:
                return said_path.read_text(encoding="utf-8", errors="replace")
            with open(said_path, "wb") as out:
                started = time.monotonic()
                process = subprocess.Popen([sys.executable, "-B", str(SCRIPT), daemon.BINARY, "--any-ports"], cwd=scratch,
                                           stdin=subprocess.DEVNULL, stdout=out, stderr=out)
            try:
                daemon.wait_for(lambda: process.poll() is not None or "Ctrl-C" in said(), "the story")
                took = time.monotonic() - started
                self.assertIsNone(process.poll(), said())
                self.assertLess(took, 15, said())
                process.send_signal(signal.SIGINT)
                self.assertEqual(process.wait(daemon.DEADLINE_S), 0, said())
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                    process.wait(daemon.DEADLINE_S)
            for words in ("600 traces", "kept for an error", "kept for being slow", "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:",
                          "dropped, and counted"):
                self.assertIn(words, said())
            self.assertEqual(set(daemon.ledger_residuals(said())), {0}, said())


if __name__ == "__main__":
    daemon.main()
