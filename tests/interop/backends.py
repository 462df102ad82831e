"""Real backends as processes, each on free ports of 127.0.0.1: the Collector and Jaeger. scripts/peers builds both.

Use them with `with`; they can be ended and started again on the same ports."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
from urllib.parse import urlencode

from tests.interop.collector.programs import COLLECTOR, PEERS
from tests.support import certificates, daemon, otlp, web

JAEGER = PEERS / "jaeger" / "jaeger"


class Backend:
    """One program with one configuration; receives OTLP on the ports GRPC and HTTP."""

    def __init__(self, program: pathlib.Path, folder: pathlib.Path, ports: dict):
        self.program, self.folder, self.ports = program, folder, ports
        self.process = None
        # Jaeger would trace itself, to whoever listens on OTLP's usual port.
        self.environment = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()} | {"OTEL_TRACES_SAMPLER": "always_off"}

    def configure(self, text: str) -> None:
        (self.folder / "backend.yaml").write_text(text, encoding="utf-8")

    def start(self) -> None:
        with open(self.folder / "backend.log", "ab") as log:
            self.process = subprocess.Popen([str(self.program), "--config", str(self.folder / "backend.yaml")], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, env=self.environment)
        daemon.wait_for(lambda: self.process.poll() is not None or self._listens(), f"{self.program.name} listens")
        if self.process.poll() is not None:
            raise AssertionError((self.folder / "backend.log").read_text(encoding="utf-8", errors="replace")[-3000:])

    def _listens(self) -> bool:
        with contextlib.suppress(OSError):
            for port in self.ports.values():
                socket.create_connection(("127.0.0.1", port), timeout=2).close()
            return True
        return False

    def end(self, sig: int) -> None:
        if self.process.poll() is None:
            self.process.send_signal(sig)
            self.process.wait(30)

    def __enter__(self) -> "Backend":
        self.start()
        return self

    def __exit__(self, *_) -> None:
        self.end(signal.SIGTERM)


def make_certificates(folder: pathlib.Path) -> None:
    """An authority, and one certificate for each side."""
    certificates.make_authority(folder)
    for side in ("server", "client"):
        certificates.make_certificate(folder, side)


class Collector(Backend):
    """Writes what it gets to a file. `tls`: with the certificates in its folder, and only for clients that have one too. `users`: only for
    these, each as `user:password`."""

    def __init__(self, folder: pathlib.Path, tls: bool = False, users: tuple = ()):
        super().__init__(COLLECTOR, folder, dict(zip(("GRPC", "HTTP"), daemon.free_ports(2))))
        security, extensions, names = "", "", ""
        if tls:
            security = f", tls: {{cert_file: {folder}/server.pem, key_file: {folder}/server.key, client_ca_file: {folder}/ca.pem}}"
        if users:
            (folder / "htpasswd").write_text("".join(f"{user}\n" for user in users), encoding="utf-8")
            security += ", auth: {authenticator: basicauth}"
            extensions, names = f"extensions: {{basicauth: {{htpasswd: {{file: {folder}/htpasswd}}}}}}\n", "basicauth"
        self.configure(
            "receivers: {otlp: {protocols: {"
            f"grpc: {{endpoint: '127.0.0.1:{self.ports['GRPC']}', max_recv_msg_size_mib: 4{security}}}, "
            f"http: {{endpoint: '127.0.0.1:{self.ports['HTTP']}'{security}}}}}}}}}\n"
            f"exporters: {{file: {{path: {folder}/kept.jsonl, append: true}}}}\n{extensions}"
            f"service:\n  extensions: [{names}]\n  telemetry: {{metrics: {{level: none}}, logs: {{level: error}}}}\n"
            "  pipelines: {traces: {receivers: [otlp], exporters: [file]}}\n")

    def kept(self, killed: bool = False) -> list:
        return otlp.read_file_exporter(self.folder / "kept.jsonl", killed)


class Jaeger(Backend):
    """Jaeger v2 with its memory for a storage, which holds `TRACES_MAX` traces."""

    TRACES_MAX = 10_000

    def __init__(self, folder: pathlib.Path):
        super().__init__(JAEGER, folder, dict(zip(("GRPC", "HTTP", "QUERY", "QUERY_GRPC"), daemon.free_ports(4))))
        self.configure(
            "receivers: {otlp: {protocols: {"
            f"grpc: {{endpoint: '127.0.0.1:{self.ports['GRPC']}'}}, http: {{endpoint: '127.0.0.1:{self.ports['HTTP']}'}}}}}}}}\n"
            "exporters: {jaeger_storage_exporter: {trace_storage: memory}}\n"
            "extensions:\n"
            f"  jaeger_storage: {{backends: {{memory: {{memory: {{max_traces: {self.TRACES_MAX}}}}}}}}}\n"
            f"  jaeger_query: {{http: {{endpoint: '127.0.0.1:{self.ports['QUERY']}'}}, "
            f"grpc: {{endpoint: '127.0.0.1:{self.ports['QUERY_GRPC']}'}}, storage: {{traces: memory}}}}\n"
            "service:\n  extensions: [jaeger_storage, jaeger_query]\n  telemetry: {metrics: {level: none}, logs: {level: error}}\n"
            "  pipelines: {traces: {receivers: [otlp], exporters: [jaeger_storage_exporter]}}\n")

    def _query(self, path: str, **parameters: str) -> list:
        answer = web.request(self.ports["QUERY"], "GET", f"/api/v3/{path}?{urlencode(parameters)}")
        if answer.status == 404:
            return []
        if answer.status != 200:
            raise AssertionError(f"Jaeger answered {path} with {answer}")
        return [answer.json()["result"]]

    def trace(self, trace_id: str) -> list:
        """The spans of one trace as Jaeger stores them, as OTLP requests; none if it has no such trace."""
        return self._query(f"traces/{trace_id}", raw_traces="true")

    def every_trace(self) -> list:
        """All that it stores, as OTLP requests."""
        return self._query("traces", **{"query.start_time_min": "1970-01-01T00:00:00Z", "query.start_time_max": "2200-01-01T00:00:00Z",
                                        "query.num_traces": str(self.TRACES_MAX), "query.raw_traces": "true"})
