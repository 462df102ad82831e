"""`tailrace top` against a server that answers like a daemon, and against one."""

import signal
import subprocess
import unittest

from tests.support import daemon
from tests.support.fake_api import FakeApi
from tests.support.terminal import ESCAPES, Terminal, run


class TopTest(unittest.TestCase):
    def test_once(self):
        with FakeApi() as api:
            done = run("top", "--url", api.url, "--once", "--interval", "200ms")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for pattern in (r"tailrace 0\.1\.0  fake-host  ready  up 1h 1m  2 shards", r"spans/s in (\d{3}|1(\.\d)?k)  out 0 ",
                        r"traces open 42  kept (9\.\d|10(\.\d)?)%  lag p50 1\.0ms p99 8\.0ms", r"memory 256 MiB of 1 GiB \(25%\)", r"residual 0",
                        r"errors +status_code", r"otlp/jaeger +down .* 25% +connection refused", r"payment +Charge +10 +1% +99\.9%"):
            self.assertRegex(done.stdout, pattern)

    def test_the_daemon_itself(self):
        with daemon.Daemon(daemon.one_pipeline()) as d:
            done = run("top", "--url", f"http://127.0.0.1:{d.ports['PAGE']}", "--once", "--interval", "200ms")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        for pattern in (r"tailrace \S+  \S+  ready  up ", r"residual 0", r"all +always_sample +0 +0 ", r"file +healthy "):
            self.assertRegex(done.stdout, pattern)

    def test_without_baselines(self):
        with FakeApi() as api:
            del api.answers["/api/v1/baselines"]
            done = run("top", "--url", api.url, "--once", "--interval", "100ms")
        self.assertEqual(done.returncode, 0)
        self.assertNotIn("OPERATION", done.stdout)

    def test_lines_for_a_pipe(self):
        with FakeApi() as api:
            with subprocess.Popen([daemon.BINARY, "top", "--url", api.url, "--interval", "100ms"], stdout=subprocess.PIPE, text=True) as process:
                lines = [process.stdout.readline() for _ in range(3)]
                process.send_signal(signal.SIGTERM)
                self.assertEqual(process.wait(daemon.DEADLINE_S), 0)
        for line in lines:
            self.assertRegex(line, r"^\d\d:\d\d:\d\d  spans/s in \S+ out 0 .* residual 0\n$")

    def check_given_back(self, terminal: Terminal) -> None:
        self.assertEqual(terminal.mode(), terminal.before)
        self.assertTrue(terminal.output.endswith("\x1b[?25h\x1b[?1049l"), terminal.output[-40:])

    def test_it_draws_again_and_again_until_q(self):
        with FakeApi() as api, Terminal("top", "--url", api.url, "--interval", "100ms") as terminal:
            terminal.wait_for("q quits")
            self.assertTrue(terminal.output.startswith("\x1b[?1049h\x1b[?25l"))
            self.assertNotEqual(terminal.mode(), terminal.before)
            drawn = len(terminal.output)
            daemon.wait_for(lambda: terminal.output[drawn:].count("q quits") > 3, "it goes on")
            self.assertIn("\x1b[31m", terminal.output)  # the exporter that is down
            terminal.keys(b"xq")
            self.assertEqual(terminal.ended(), 0)
            self.check_given_back(terminal)

    def test_signals_give_the_screen_back(self):
        for stop in (lambda t: t.keys(b"\x03"), lambda t: t.process.send_signal(signal.SIGTERM)):
            with FakeApi() as api, Terminal("top", "--url", api.url, "--interval", "100ms") as terminal:
                terminal.wait_for("q quits")
                stop(terminal)
                self.assertEqual(terminal.ended(), 0)
                self.check_given_back(terminal)

    def fills(self, terminal: Terminal, rows: int, columns: int) -> bool:
        """Whether the last frame that is complete was drawn for a terminal of this size."""
        frames = [frame for frame in terminal.output.split("\x1b[H") if frame.endswith("\x1b[J")]
        lines = ESCAPES.sub("", frames[-1]).split("\r\n")
        return len(lines) <= rows and max(map(len, lines)) <= columns and max(map(len, lines)) > columns - 30

    def test_it_fits_the_terminal_and_follows_its_size(self):
        with FakeApi() as api, Terminal("top", "--url", api.url, "--interval", "1h", rows=24, columns=100) as terminal:
            terminal.wait_for("CALLS/S")
            for rows, columns in ((10, 40), (30, 80)):
                terminal.resize(rows, columns)
                # The whole height is used, and none of the width is passed.
                daemon.wait_for(lambda size=(rows, columns): self.fills(terminal, *size), f"a frame of {rows} x {columns}")
            terminal.keys(b"q")
            self.assertEqual(terminal.ended(), 0)

    def test_a_daemon_that_goes_away_is_said_and_waited_for(self):
        with FakeApi() as api, Terminal("top", "--url", api.url, "--interval", "100ms") as terminal:
            terminal.wait_for("q quits")
            api.close()
            terminal.wait_for("cannot reach")
            self.assertIsNone(terminal.process.poll())
            terminal.keys(b"q")
            self.assertEqual(terminal.ended(), 0)

    def test_colour_is_not_for_everyone(self):
        for args, env in ((("--no-color",), {}), ((), {"NO_COLOR": "1"})):
            with FakeApi() as api, Terminal("top", "--url", api.url, "--interval", "100ms", *args, env=env) as terminal:
                terminal.wait_for("q quits")
                terminal.keys(b"q")
                self.assertEqual(terminal.ended(), 0)
                self.assertNotIn("\x1b[31m", terminal.output)

    def test_a_terminal_that_cannot_move_its_cursor_gets_lines(self):
        with FakeApi() as api, Terminal("top", "--url", api.url, "--interval", "100ms", env={"TERM": "dumb"}) as terminal:
            terminal.wait_for("residual 0")
            terminal.keys(b"\x03")
            self.assertEqual(terminal.process.wait(daemon.DEADLINE_S), 0)
            self.assertNotIn("\x1b", terminal.output)


if __name__ == "__main__":
    daemon.main()
