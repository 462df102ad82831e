"""The programs that Tailrace is compared with: found or built, configured with the same policies, started on a core."""

import os
import pathlib
import subprocess
import tempfile

import policies
from programs import ROOT, BenchError, Program, free_port, listening
from window import say

from .cells import COLLECTOR, FLUENT_BIT, JAEGER

POLICIES = {"three": policies.THREE_POLICIES, "ten": policies.TEN_POLICIES, "all": policies.ALL}

# The Collector's and Jaeger's. The queue takes what a bad second leaves waiting; the default is a thousand requests, and each kept trace is one.
COLLECTOR_CONFIG = """\
receivers:
  otlp:
    protocols:
      grpc:
        endpoint: 127.0.0.1:{grpc}
        max_recv_msg_size_mib: 64
      http:
        endpoint: 127.0.0.1:{http}
processors:
  tail_sampling:
    decision_wait: {wait_ms}ms
    num_traces: {num_traces}
    policies:
{policies}
exporters:
  otlphttp:
    endpoint: http://127.0.0.1:{sink}
    compression: none
    sending_queue: {{queue_size: 100000}}
service:
  telemetry:
    metrics: {{level: none}}
    logs: {{level: error}}
  pipelines:
    traces:
      receivers: [otlp]
      processors: [tail_sampling]
      exporters: [otlphttp]
"""

# It has no policy that keeps a share of the rest: errors and slow traces only.
FLUENT_BIT_CONFIG = """\
service:
  flush: 1
  log_level: error
pipeline:
  inputs:
    - name: opentelemetry
      listen: 127.0.0.1
      port: {grpc}
      processors:
        traces:
          - name: sampling
            type: tail
            sampling_settings:
              decision_wait: {wait_s}s
              max_traces: {num_traces}
            conditions:
              - type: latency
                threshold_ms_high: 500
              - type: status_code
                status_codes: [ERROR]
  outputs:
    - name: opentelemetry
      match: "*"
      host: 127.0.0.1
      port: {sink}
      traces_uri: /v1/traces
"""


class MissingPeer(BenchError):
    """The peer cannot be had here; what it would have been measured in is left out, and the report says so."""


class Peers:
    """Where each peer's program is, once for a run. `wanted`: those that may be used at all; `fluent_bit`: its path, or none."""

    def __init__(self, wanted: tuple, fluent_bit: pathlib.Path = None, scripts_peers: pathlib.Path = ROOT / "scripts" / "peers"):
        self.wanted, self.fluent_bit, self.scripts_peers = wanted, fluent_bit, scripts_peers
        self._found = {}  # name -> path, or why there is none

    def find(self, name: str) -> pathlib.Path:
        """Builds it where it is not built yet, which takes minutes."""
        if name not in self._found:
            try:
                self._found[name] = self._look(name)
            except (OSError, subprocess.SubprocessError, MissingPeer) as error:
                self._found[name] = str(error)
        found = self._found[name]
        if isinstance(found, str):
            raise MissingPeer(f"{name} is missing: {found}")
        return found

    def _look(self, name: str) -> pathlib.Path:
        if name == FLUENT_BIT:
            if self.fluent_bit is None:
                raise MissingPeer("no --fluent-bit PATH was given")
            if not os.access(self.fluent_bit, os.X_OK):
                raise MissingPeer(f"{self.fluent_bit} is no program")
            return self.fluent_bit
        if name not in self.wanted:
            raise MissingPeer("left out by --peers")
        say(f"{name}: scripts/peers looks for it, and builds it where it is not there, which takes minutes")
        built = subprocess.run([self.scripts_peers, name], capture_output=True, text=True, timeout=3600, check=False)
        if built.returncode != 0:
            raise MissingPeer((built.stderr.strip() or built.stdout.strip() or "scripts/peers failed").splitlines()[-1])
        where = pathlib.Path(subprocess.run([self.scripts_peers, "--where"], capture_output=True, text=True, check=True).stdout.strip())
        return where / {COLLECTOR: "collector/build/otelcol", JAEGER: "jaeger/jaeger"}[name]

    def versions(self, names) -> dict:
        """What each program says of itself, for the report, or why it is missing."""
        said = {}
        for name in names:
            try:
                said[name] = version(self.find(name), name)
            except MissingPeer as missing:
                said[name] = str(missing)
        return said


def version(program: pathlib.Path, name: str) -> str:
    if name == COLLECTOR:
        return _go_modules(program, "opentelemetry-collector-contrib/processor/tailsamplingprocessor", name)
    if name == JAEGER:
        return _go_modules(program, "jaegertracing/jaeger", name)
    said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False).stdout
    return said.strip().splitlines()[0] if said.strip() else name


def _go_modules(program: pathlib.Path, module: str, name: str) -> str:
    """A Go program knows the versions of the modules that it was built of, and of Go."""
    said = subprocess.run(["go", "version", "-m", program], capture_output=True, text=True, timeout=60, check=False).stdout
    versions = [line.split()[2] for line in said.splitlines() if line.split()[:1] == ["dep"] and line.split()[1].endswith(module)]
    go = said.splitlines()[0].rsplit(" ", 1)[-1] if said else "unknown Go"
    return f"{name} {versions[0] if versions else 'of unknown version'} ({go})"


class Peer(Program):
    """A running peer. `ports`: by protocol."""

    def __init__(self, name: str, binary: pathlib.Path, cell, sink_port: int, num_traces: int, core):
        self.ports = {"grpc": free_port()}
        self.config = tempfile.NamedTemporaryFile("w", suffix=".yaml")
        values = {"grpc": self.ports["grpc"], "sink": sink_port, "num_traces": num_traces, "wait_ms": round(cell.wait_s * 1000),
                  "wait_s": round(cell.wait_s) or 1}
        if name == FLUENT_BIT:
            if cell.policies != "three":
                raise MissingPeer("Fluent Bit has no such policies")
            self.ports["http"] = self.ports["grpc"]  # one port takes both
            text = FLUENT_BIT_CONFIG.format(**values)
        else:
            self.ports["http"] = free_port()
            text = COLLECTOR_CONFIG.format(**values, http=self.ports["http"], policies=POLICIES[cell.policies])
        self.ports["json"] = self.ports["http"]
        self.config.write(text)
        self.config.flush()
        flag = "-c" if name == FLUENT_BIT else "--config"
        # Jaeger would trace itself, to whoever listens on OTLP's usual port.
        env = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()} | {"OTEL_TRACES_SAMPLER": "always_off"}
        super().__init__([binary, flag, self.config.name], core, name, env=env)
        self.wait_until(lambda: all(listening(port) for port in self.ports.values()), f"{name} listens", 60)

    def residual(self):
        """It has no ledger."""
        return None
