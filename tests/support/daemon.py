"""Runs the built daemon for a test: starts it on free ports, waits until it is ready, talks to it, stops it.

Every daemon that a test starts is stopped by `with`, and every stop checks what must always hold: exit code 0 and a
ledger whose residual is zero.
"""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from tests.support import metrics, web
from tests.support.ports import free_ports

SOURCE_DIR = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("TAILRACE_BINARY", str(SOURCE_DIR / "build" / "dev" / "tailrace"))
# How much longer a sanitizer's build may take.
SLOW = 4 if "san" in BINARY else 1
# Sanitizers slow a start and a stop down; nothing waits this long where all is well.
DEADLINE_S = float(os.environ.get("TAILRACE_TEST_DEADLINE_S", "60"))

SERVICE = """
extensions:
  health_check:
    endpoint: 127.0.0.1:@HEALTH@
receivers:
  otlp:
    protocols:
      grpc:
        endpoint: 127.0.0.1:@GRPC@
      http:
        endpoint: 127.0.0.1:@HTTP@
"""

TELEMETRY = """
  extensions: [health_check]
  telemetry:
    metrics:
      readers:
        - pull:
            exporter:
              prometheus:
                host: 127.0.0.1
                port: @METRICS@
"""


def config(processors: str, exporters: str, pipelines: str, service_extra: str = "") -> str:
    """A whole configuration from the parts that tests differ in; each part is indented by two, as under its key."""
    return (f"{SERVICE}processors:\n{processors}\nexporters:\n{exporters}\nservice:{TELEMETRY}{service_extra}"
            f"  pipelines:\n{pipelines}\n")


def one_pipeline(policies: str = "- {name: all, type: always_sample}", decision_wait: str = "200ms", extra: str = "",
                 service_extra: str = "", receiver_extra: str = "") -> str:
    """otlp -> tail_sampling -> file (@DIR@/kept.jsonl); `extra` is more keys of tail_sampling, one a line."""
    policy_lines = "\n".join("      " + line for line in policies.splitlines())
    extra_lines = "".join(f"    {line}\n" for line in extra.splitlines())
    text = config(
        f"  tail_sampling:\n    decision_wait: {decision_wait}\n{extra_lines}    policies:\n{policy_lines}",
        "  file:\n    path: @DIR@/kept.jsonl\n    flush_interval: 50ms",
        "    traces:\n      receivers: [otlp]\n      processors: [tail_sampling]\n      exporters: [file]",
        service_extra)
    return text.replace("endpoint: 127.0.0.1:@HTTP@\n", "endpoint: 127.0.0.1:@HTTP@\n" + receiver_extra)


def wait_for(condition, what: str, deadline_s: float = DEADLINE_S):
    """Polls until `condition()` is true and returns its value; fails with `what` when the deadline passes."""
    end = time.monotonic() + deadline_s
    pause = 0.01
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline_s:.0f} s: {what}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)


class Daemon:
    """One run of the daemon in a directory of its own. Use it with `with`."""

    def __init__(self, config_text: str, args: tuple = (), expect_clean_stop: bool = True, prefix: tuple = (), admin: dict = None):
        """`admin`: what web.request needs to be let in by the metrics and health listeners."""
        self._admin = admin or {}
        self._template = config_text
        self._args = list(args)
        self._prefix = list(prefix)  # a command that runs the daemon in its own place, by exec
        self._expect_clean_stop = expect_clean_stop
        self._scratch = tempfile.TemporaryDirectory(prefix="tailrace-test-")
        self.dir = pathlib.Path(self._scratch.name)
        self.ports = {}
        self.process = None
        self.stderr_path = self.dir / "stderr.log"

    def __enter__(self) -> "Daemon":
        self.start()
        return self

    def __exit__(self, exc_type, exc, trace) -> None:
        ended_well = False
        try:
            if exc_type is None and self._expect_clean_stop and self.process and self.process.poll() is None:
                self.stop()
            ended_well = exc_type is None
        finally:
            if self.process and self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            if not ended_well:
                sys.stderr.write(f"--- the daemon said ---\n{self.stderr()[-8000:]}\n-----------------------\n")
            self._scratch.cleanup()

    def start(self) -> None:
        """Starts and waits until ready. Another process may take a port between our look and the daemon's: tried again."""
        for attempt in range(5):
            self._launch()
            try:
                wait_for(self._ready_or_dead, "the daemon is ready")
            except AssertionError:
                self.process.kill()
                self.process.wait()
                raise AssertionError(f"the daemon did not become ready; it said:\n{self.stderr()}") from None
            if self.process.poll() is None:
                return
            if not (self.process.returncode == 1 and "in use" in self.stderr()):
                break
        raise AssertionError(f"the daemon ended with {self.process.returncode} at start; it said:\n{self.stderr()}")

    def _launch(self) -> None:
        names = ["GRPC", "HTTP", "METRICS", "HEALTH", "PAGE", "SERIES", "PPROF"]
        self.ports = dict(zip(names, free_ports(len(names))))
        text = self._template.replace("@DIR@", str(self.dir))
        for name, port in self.ports.items():
            text = text.replace(f"@{name}@", str(port))
        path = self.dir / "tailrace.yaml"
        path.write_text(text, encoding="utf-8")
        # The page is there without being asked for: not on the port that everybody's has.
        page = [] if "@PAGE@" in self._template else ["--set", f"service.tailrace.page.endpoint=127.0.0.1:{self.ports['PAGE']}"]
        with open(self.stderr_path, "wb") as err:
            self.process = subprocess.Popen([*self._prefix, BINARY, "--config", str(path), *page, *self._args],
                                            stdin=subprocess.DEVNULL, stdout=err, stderr=err, cwd=self.dir)

    def _ready_or_dead(self) -> bool:
        return self.process.poll() is not None or self.healthy()

    def healthy(self) -> bool:
        try:
            return web.request(self.ports["HEALTH"], "GET", "/", timeout=2, **self._admin).status == 200
        except OSError:
            return False

    def stderr(self) -> str:
        return self.stderr_path.read_text(encoding="utf-8", errors="replace") if self.stderr_path.exists() else ""

    def post(self, body, content_type: str = "application/json", headers=None, path: str = "/v1/traces",
             timeout: float = 30, port: str = "HTTP") -> web.Response:
        """Posts one request to the OTLP/HTTP port; a dict goes as JSON."""
        return web.post(self.ports[port], body, content_type, headers or {}, path, timeout)

    def metrics(self) -> metrics.Metrics:
        response = web.request(self.ports["METRICS"], "GET", "/metrics", timeout=20, **self._admin)
        if response.status != 200:
            raise AssertionError(f"/metrics answered {response.status}")
        return metrics.parse(response.body.decode())

    def api(self, path: str, **more) -> web.Response:
        """The page's API: `path` below /api/v1/."""
        return web.request(self.ports["PAGE"], "GET", "/api/v1/" + path, timeout=20, **{**self._admin, **more})

    def check_residual(self) -> None:
        """The ledger holds at every moment, not at the stop only."""
        residual = self.metrics().sum("tailrace_ledger_residual_spans")
        if residual != 0:
            raise AssertionError(f"tailrace_ledger_residual_spans is {residual}")

    def stop(self, sig: int = signal.SIGTERM) -> str:
        """Stops gracefully; returns what it said. Fails unless it ended with 0 and its ledger with a residual of 0."""
        self.check_residual()
        self.process.send_signal(sig)
        try:
            self.process.wait(DEADLINE_S)
        except subprocess.TimeoutExpired:
            raise AssertionError("the daemon did not stop in time") from None
        said = self.stderr()
        if self.process.returncode != 0:
            raise AssertionError(f"the daemon ended with {self.process.returncode}")
        residuals = ledger_residuals(said)
        if not residuals or any(residuals):
            raise AssertionError(f"ledger residuals at stop: {residuals or 'none printed'}")
        return said


def ledger_residuals(said: str) -> list:
    """Each `residual` that the ledger printed at stop names, as numbers."""
    return [int(n) for n in re.findall(r"residual\D{0,40}?(-?\d+)", said)]


def run_to_end(args: list, timeout: float = DEADLINE_S, cwd=None) -> subprocess.CompletedProcess:
    """The daemon for runs that end by themselves: bad configurations, verbs."""
    return subprocess.run([BINARY, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                          timeout=timeout, cwd=cwd, check=False)


def main() -> None:
    if not os.path.exists(BINARY):
        sys.exit(f"no daemon at {BINARY}: build it, or set TAILRACE_BINARY")
    unittest.main(verbosity=2)
