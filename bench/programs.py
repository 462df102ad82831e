"""Starts the programs of a measurement, each on its core, and reads what they cost: CPU time, memory, counters."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from policies import THREE_POLICIES  # noqa: E402
from tests.support import metrics  # noqa: E402

PROGRAM_CORE, LOAD_CORE = 0, 1
TICKS = os.sysconf("SC_CLK_TCK")


class BenchError(Exception):
    """Why a measurement could not be made, in words."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def wait_for(condition, what: str, deadline_s: float = 30):
    end = time.monotonic() + deadline_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise BenchError(f"not within {deadline_s:.0f} s: {what}")
        time.sleep(0.05)


def get(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return answer.read().decode()


class Program:
    """One process on one core (or several, as `taskset` lists them; None: wherever the kernel likes); stopped by `with`."""

    def __init__(self, args: list, core, name: str, stderr=None, env=None):
        self.name = name
        pin = [] if core is None else ["taskset", "-c", str(core)]
        self.log = tempfile.TemporaryFile()
        self.out = tempfile.TemporaryFile()
        self.process = subprocess.Popen([*pin, *map(str, args)], stdin=subprocess.DEVNULL, stdout=self.out,
                                        stderr=stderr or self.log, env=env)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self.log.close()
        self.out.close()

    def wait_until(self, condition, what: str, deadline_s: float = 30) -> None:
        """Of a program that has just been started: what does not come up is not left behind either."""
        try:
            wait_for(lambda: self.check_alive() or condition(), what, deadline_s)
        except BaseException:
            self.__exit__()
            raise

    def stop(self) -> str:
        """Asks it to stop and returns what it wrote to standard output."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.out.seek(0)
        return self.out.read().decode()

    def said(self) -> str:
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def check_alive(self) -> None:
        if self.process.poll() is not None:
            raise BenchError(f"{self.name} ended with {self.process.returncode}: {self.said()[-2000:]}")

    def cpu_s(self) -> float:
        """User and system time of all its threads."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def rss_bytes(self) -> int:
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise BenchError(f"{self.name} has no VmRSS")


def listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


class BareServer(Program):
    """The limit that everything is measured against."""

    def __init__(self, binary: pathlib.Path, core=PROGRAM_CORE):
        self.port = free_port()
        super().__init__([binary, "--port", self.port], core, "bench_bare_server")
        self.wait_until(lambda: listening(self.port), "the bare server listens")


class Sink(Program):
    def __init__(self, tailrace: pathlib.Path, core=LOAD_CORE):
        self.port, self.report_port = free_port(), free_port()
        super().__init__([tailrace, "sink", "--listen", f"127.0.0.1:{self.port}", "--report", f"127.0.0.1:{self.report_port}"],
                         core, "tailrace sink")
        self.wait_until(lambda: listening(self.report_port), "the sink listens")

    def report(self) -> dict:
        return json.loads(get(self.report_port, "/report"))


CONFIG = """\
receivers:
  otlp:
    protocols:
      grpc:
        endpoint: 127.0.0.1:{grpc}
      http:
        endpoint: 127.0.0.1:{http}
processors:
  tail_sampling:
    decision_wait: {wait_ms}ms
    num_traces: {num_traces}
    policies:
{policies}
exporters:
{exporters}
extensions:
  health_check:
    endpoint: 127.0.0.1:{health}
{storage}service:
  extensions: [{extensions}]
  tailrace:
    shards: {shards}
    memory_budget_mib: {budget_mib}
    page: {{endpoint: "127.0.0.1:{page}"}}
  telemetry:
    metrics:
      readers:
        - pull:
            exporter:
              prometheus:
                host: 127.0.0.1
                port: {metrics}
  pipelines:
    traces:
      receivers: [otlp]
      processors: [tail_sampling]
      exporters: [{names}]
"""


class Exporter:
    """One exporter of the daemon's configuration, `otlp` or `otlphttp`; `options`: more keys of it, each on a line."""

    def __init__(self, port: int, name: str = "otlp", compression: str = "none", options: str = ""):
        self.name = name
        scheme = "http://" if name.startswith("otlphttp") else ""
        lines = [f"endpoint: {scheme}127.0.0.1:{port}", f"compression: {compression}", "tls: {insecure: true}", *options.splitlines()]
        self.text = f"  {name}:\n" + "\n".join(f"    {line}" for line in lines)


class Daemon(Program):
    """`storage`: a directory for queues on disk, or none; `template`: a configuration like CONFIG."""

    def __init__(self, tailrace: pathlib.Path, exporters: list, wait_s: float, num_traces: int, budget_mib: int,
                 policies: str = THREE_POLICIES, storage: str = "", core=PROGRAM_CORE, shards: int = 1, template: str = CONFIG):
        self.port, self.http_port, self.metrics_port, self.health_port, self.page_port = (free_port() for _ in range(5))
        self.config = tempfile.NamedTemporaryFile("w", suffix=".yaml")
        self.config.write(template.format(grpc=self.port, http=self.http_port, metrics=self.metrics_port,
                                          health=self.health_port, page=self.page_port, shards=shards, wait_ms=round(wait_s * 1000),
                                          num_traces=num_traces, budget_mib=budget_mib, policies=policies,
                                          exporters="\n".join(e.text for e in exporters),
                                          names=", ".join(e.name for e in exporters),
                                          storage=f"  file_storage: {{directory: {storage}}}\n" if storage else "",
                                          extensions="health_check, file_storage" if storage else "health_check"))
        self.config.flush()
        super().__init__([tailrace, "--config", self.config.name], core, "tailrace")
        self.wait_until(self._ready, "the daemon is ready", 60)

    def _ready(self) -> bool:
        try:
            return bool(get(self.health_port, "/")) or True
        except OSError:
            return False

    def metrics(self) -> metrics.Metrics:
        return metrics.parse(get(self.metrics_port, "/metrics"))

    def residual(self) -> float:
        """The ledger's, in spans; whatever its sign."""
        return max(abs(value) for _, value in self.metrics().find("tailrace_ledger_residual_spans"))


class Generator(Program):
    """A load generator; its progress lines are read while it runs, so that the program's CPU time can be read at the same moments."""

    def __init__(self, args: list, core, name: str):
        super().__init__(args, core, name, stderr=subprocess.PIPE)
        self._last_words = []
        self._lines = []
        self._news = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with self.process.stderr as stderr:
            for raw in stderr:
                line = raw.decode(errors="replace")
                with self._news:
                    (self._lines if line.startswith("{") else self._last_words).append(line)
                    self._news.notify_all()
        with self._news:
            self._lines.append("")
            self._news.notify_all()

    def progress(self, count: int) -> dict:
        """Waits for the progress line of second `count` (from 1)."""
        with self._news:
            if not self._news.wait_for(lambda: len(self._lines) >= count or "" in self._lines, timeout=count + 60):
                raise BenchError("the load generator shows no progress")
            if "" in self._lines[:count]:
                raise BenchError(f"the load generator ended early: {''.join(self._last_words)[-2000:]}")
            return json.loads(self._lines[count - 1])

    def result(self, timeout_s: float = 120) -> dict:
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise BenchError("the load generator does not end") from None
        if self.process.returncode != 0:
            raise BenchError(f"the load generator: {''.join(self._last_words)[-2000:]}")
        self.out.seek(0)
        return json.loads(self.out.read().decode())


class Load(Generator):
    def __init__(self, tailrace: pathlib.Path, port: int, args: list, core=LOAD_CORE):
        super().__init__([tailrace, "load", "--endpoint", f"127.0.0.1:{port}", "--json-progress", *args], core, "tailrace load")
