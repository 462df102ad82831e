"""`go tool pprof` reads the daemon's profiles: by URL alone, and with the program's file beside it."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from tests.e2e.pprof_test import Load, with_pprof
from tests.support import daemon


class GoToolPprofTest(unittest.TestCase):
    def top(self, directory: str, *args) -> str:
        """What `go tool pprof -top` prints of it; pprof keeps what it fetches in `directory`."""
        environment = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()} | {"PPROF_TMPDIR": directory}
        done = subprocess.run(["go", "tool", "pprof", "-top", "-cum", "-nodecount=500", *args], capture_output=True, text=True, timeout=200,
                              cwd=directory, env=environment, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_it_names_the_functions(self):
        with tempfile.TemporaryDirectory() as directory, daemon.Daemon(with_pprof()) as d, Load(d):
            daemon.wait_for(lambda: d.metrics().sum("otelcol_receiver_accepted_spans") > 1000, "there is traffic")
            base = f"http://127.0.0.1:{d.ports['PPROF']}/debug/pprof"
            # On a busy machine the daemon gets little of it, so that one profile may have missed this.
            for beside in ((), (daemon.BINARY,)):
                text = daemon.wait_for(lambda args=beside: (text := self.top(directory, *args, f"{base}/profile?seconds=3")) and
                                       "tailrace::Connection::OnReadable" in text and text, "pprof names who receives", 120)
                self.assertIn("Type: cpu", text)
            fetched = max(pathlib.Path(directory).glob("pprof.*.samples.cpu.*.pb.gz"), key=lambda path: path.stat().st_mtime)
            tags = subprocess.run(["go", "tool", "pprof", "-tags", str(fetched)], capture_output=True, text=True, timeout=100, check=True).stdout
            self.assertRegex(tags, r"thread:(.|\n)*shard-0")
            for path, kind in (("heap", "inuse_space"), ("allocs", "alloc_space")):
                text = self.top(directory, f"{base}/{path}")
                self.assertIn(f"Type: {kind}", text)
                self.assertTrue(re.search(r"\btailrace::\w+", text), text)


if __name__ == "__main__":
    daemon.main()
