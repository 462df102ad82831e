"""The two programs that are compared: each runs all trees as pipelines of one process, fed by one receiver, and writes
what each pipeline keeps into a file of its own."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import time

from tests.interop.collector import kept_traces, yaml_text
from tests.support import daemon, metrics, otlp, web

PEERS = pathlib.Path(subprocess.run([str(daemon.SOURCE_DIR / "scripts" / "peers"), "--where"], capture_output=True, text=True,
                                    check=True).stdout.strip())
COLLECTOR = PEERS / "collector" / "build" / "otelcol"
# Lambdas as arguments of functions are behind a gate; Tailrace always takes them.
GATES = ("--feature-gates=ottl.functions.enableLambda",)
# Counted once a trace and pipeline, whatever the decision; a trace above maximum_trace_size_bytes counts apart.
DECISIONS = ("otelcol_processor_tail_sampling_global_count_traces_sampled",
             "otelcol_processor_tail_sampling_traces_dropped_too_large")


def configuration(trees: list, wait_s: int, directory: pathlib.Path, ports: dict, extra_service: dict) -> dict:
    """The same for both, but for the telemetry's log."""
    made = {"receivers": {"otlp": {"protocols": {"http": {"endpoint": f"127.0.0.1:{ports['HTTP']}"}}}}, "processors": {},
            "exporters": {}, "service": {"telemetry": {**extra_service, "metrics": {"readers": [
                {"pull": {"exporter": {"prometheus": {"host": "127.0.0.1", "port": ports["METRICS"]}}}}]}}, "pipelines": {}}}
    for i, tree in enumerate(trees):
        made["processors"][f"tail_sampling/{i}"] = {"decision_wait": f"{wait_s}s", "num_traces": 100_000, **tree}
        made["exporters"][f"file/{i}"] = {"path": str(directory / f"{i}.jsonl")}
        made["service"]["pipelines"][f"traces/{i}"] = {"receivers": ["otlp"], "processors": [f"tail_sampling/{i}"],
                                                       "exporters": [f"file/{i}"]}
    return made


class Program:
    """One run of one of the two. Use it with `with`."""

    def __init__(self, name: str, binary: pathlib.Path, trees: list, wait_s: int, directory: pathlib.Path):
        self.name, self.binary, self.trees, self.wait_s = name, binary, trees, wait_s
        self.dir = directory / name
        self.dir.mkdir(parents=True, exist_ok=True)
        self.log_path = self.dir / "log"
        self.ports, self.process = {}, None

    def __enter__(self) -> "Program":
        for _ in range(5):
            self._launch()
            daemon.wait_for(lambda: self.process.poll() is not None or self._listens(), f"{self.name} listens")
            if self.process.poll() is None:
                return self
            if "in use" not in self.log():
                break
        raise AssertionError(f"{self.name} refused {self.dir / 'config.yaml'}:\n{self.log()[-6000:]}")

    def __exit__(self, *_) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def _launch(self) -> None:
        self.ports = dict(zip(("HTTP", "METRICS"), daemon.free_ports(2)))
        level = {"logs": {"level": "error"}}
        text = yaml_text.dump(configuration(self.trees, self.wait_s, self.dir, self.ports, level)).replace("$", "$$")
        path = self.dir / "config.yaml"
        path.write_text(text, encoding="utf-8")
        gates = GATES if self.name == "collector" else ()
        env = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([str(self.binary), "--config", str(path), *gates], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, cwd=self.dir, env=env)

    def _listens(self) -> bool:
        with contextlib.suppress(OSError):
            for port in self.ports.values():
                socket.create_connection(("127.0.0.1", port), timeout=2).close()
            return True
        return False

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def send(self, requests: list) -> float:
        """One request after the other, as the order within a trace counts; returns how long it took."""
        started = time.monotonic()
        for request in requests:
            answer = web.post(self.ports["HTTP"], request, "application/json", {}, "/v1/traces", 30)
            if answer.status != 200 or answer.rejected_spans() != 0:
                raise AssertionError(f"{self.name} answered {answer}")
        return time.monotonic() - started

    def wait_for_decisions(self, traces: int) -> None:
        expected = traces * len(self.trees)
        daemon.wait_for(lambda: self._decisions() >= expected, f"{expected} decisions of {self.name}")

    def _decisions(self) -> float:
        found = metrics.parse(web.request(self.ports["METRICS"], "GET", "/metrics", timeout=20).body.decode())
        return sum(value for name, _, value in found.samples if name.removesuffix("_total") in DECISIONS)

    def stop(self) -> list:
        """Stops gracefully; returns what each pipeline kept: trace id -> multiset of its spans, in canonical form."""
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(daemon.DEADLINE_S) != 0:
            raise AssertionError(f"{self.name} ended with {self.process.returncode}:\n{self.log()[-3000:]}")
        return [kept_traces.by_id(otlp.read_file_exporter(self.dir / f"{i}.jsonl")) for i in range(len(self.trees))]
