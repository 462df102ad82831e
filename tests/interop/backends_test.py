"""The real Collector as the backend: what Tailrace keeps arrives there field by field, over gRPC and over HTTP, plain, packed, and with
TLS on both sides; and nothing is missing after the backend was killed and started again under load."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import threading
import unittest

from tests.e2e.forward_test import rich_traces
from tests.interop.collector.programs import COLLECTOR
from tests.support import certificates, daemon, otlp

RETRY = "    retry_on_failure: {initial_interval: 100ms, max_interval: 500ms, max_elapsed_time: 0s}\n"


def make_certificates(folder: pathlib.Path) -> None:
    """An authority, and one certificate for each side."""
    certificates.make_authority(folder)
    for side in ("server", "client"):
        certificates.make_certificate(folder, side)


class Backend:
    """The Collector, writing what it gets to a file. Use it with `with`; it can be killed and started again."""

    def __init__(self, folder: pathlib.Path, tls: bool = False):
        self.folder = folder
        self.ports = dict(zip(("GRPC", "HTTP"), daemon.free_ports(2)))
        security = ""
        if tls:
            security = (f", tls: {{cert_file: {folder}/server.pem, key_file: {folder}/server.key, client_ca_file: {folder}/ca.pem}}")
        (folder / "backend.yaml").write_text(
            "receivers: {otlp: {protocols: {"
            f"grpc: {{endpoint: '127.0.0.1:{self.ports['GRPC']}', max_recv_msg_size_mib: 4{security}}}, "
            f"http: {{endpoint: '127.0.0.1:{self.ports['HTTP']}'{security}}}}}}}}}\n"
            f"exporters: {{file: {{path: {folder}/kept.jsonl, append: true}}}}\n"
            "service:\n  telemetry: {metrics: {level: none}, logs: {level: error}}\n"
            "  pipelines: {traces: {receivers: [otlp], exporters: [file]}}\n", encoding="utf-8")
        self.process = None

    def start(self) -> None:
        with open(self.folder / "backend.log", "ab") as log:
            self.process = subprocess.Popen([str(COLLECTOR), "--config", str(self.folder / "backend.yaml")], stdout=log, stderr=log,
                                            env={k: v for k, v in os.environ.items() if "proxy" not in k.lower()})
        daemon.wait_for(lambda: self.process.poll() is not None or self._listens(), "the Collector listens")
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

    def kept(self) -> list:
        return otlp.read_file_exporter(self.folder / "kept.jsonl")


def samples(exporter: str) -> str:
    name = exporter.split(":")[0].strip()
    return daemon.config(
        "  tail_sampling:\n    decision_wait: 100ms\n"
        "    policies: [{name: errors, type: status_code, status_code: {status_codes: [ERROR]}}]\n  batch: {timeout: 20ms}",
        exporter, f"    traces: {{receivers: [otlp], processors: [tail_sampling, batch], exporters: [{name}]}}")


class BackendsTest(unittest.TestCase):
    def deliver(self, backend: Backend, exporter: str) -> None:
        sent = rich_traces(200)
        wanted = {s["traceId"] for _, _, s in otlp.each_span(sent) if s.get("status", {}).get("code") == 2}
        with daemon.Daemon(samples(exporter)) as first:
            for request in sent:
                self.assertEqual(first.post(request).status, 200)
            first.stop()
        backend.end(signal.SIGTERM)
        expected = {trace: spans for trace, spans in otlp.whole_traces(sent).items() if trace in wanted}
        self.assertEqual(len(expected), 100)
        self.assertEqual(otlp.whole_traces(backend.kept()), expected)

    def test_plain_and_packed(self):
        for kind, options in (("grpc", "compression: none"), ("grpc", "compression: gzip"), ("http", "compression: none"),
                              ("http", "compression: gzip"), ("http", "compression: zstd"), ("http", "encoding: json")):
            with self.subTest(f"{kind} {options}"), tempfile.TemporaryDirectory() as scratch, Backend(pathlib.Path(scratch)) as backend:
                if kind == "grpc":
                    exporter = f"  otlp:\n    endpoint: 127.0.0.1:{backend.ports['GRPC']}\n    tls: {{insecure: true}}\n    {options}\n"
                else:
                    exporter = f"  otlphttp:\n    endpoint: http://127.0.0.1:{backend.ports['HTTP']}\n    {options}\n"
                self.deliver(backend, exporter)

    def test_tls_on_both_sides(self):
        for kind in ("grpc", "http"):
            with self.subTest(kind), tempfile.TemporaryDirectory() as scratch:
                folder = pathlib.Path(scratch)
                make_certificates(folder)
                tls = f"    tls: {{ca_file: {folder}/ca.pem, cert_file: {folder}/client.pem, key_file: {folder}/client.key}}\n"
                with Backend(folder, tls=True) as backend:
                    if kind == "grpc":
                        exporter = f"  otlp:\n    endpoint: 127.0.0.1:{backend.ports['GRPC']}\n{tls}"
                    else:
                        exporter = f"  otlphttp:\n    endpoint: https://127.0.0.1:{backend.ports['HTTP']}\n{tls}"
                    self.deliver(backend, exporter)

    def test_ten_restarts_under_load(self):
        with tempfile.TemporaryDirectory() as scratch, Backend(pathlib.Path(scratch)) as backend:
            exporter = (f"  otlp:\n    endpoint: 127.0.0.1:{backend.ports['GRPC']}\n    tls: {{insecure: true}}\n"
                        f"    sending_queue: {{queue_size: 100000}}\n{RETRY}")
            with daemon.Daemon(samples(exporter)) as first:
                sent, stop = [], threading.Event()

                def send() -> None:
                    while not stop.is_set():
                        request = otlp.request(*(otlp.span(error=True) for _ in range(5)))
                        if first.post(request).status == 200:
                            sent.append(request)

                sender = threading.Thread(target=send)
                sender.start()
                try:
                    for number in range(10):
                        before = len(sent)
                        daemon.wait_for(lambda: len(sent) >= before + 50, "some more is sent")
                        backend.end(signal.SIGKILL if number % 2 else signal.SIGTERM)
                        down = len(sent)
                        daemon.wait_for(lambda: len(sent) >= down + 20, "some is sent while the backend is down")
                        backend.start()
                finally:
                    stop.set()
                    sender.join()
                wanted = otlp.trace_ids(sent)
                daemon.wait_for(lambda: first.metrics().sum("otelcol_exporter_sent_spans") == len(wanted), "all kept traces are acknowledged")
            backend.end(signal.SIGTERM)
            arrived = [span["traceId"] for _, _, span in otlp.each_span(backend.kept())]
            # What the Collector had acknowledged and not yet written when it was killed is its own loss, and it is told apart: the
            # sender was told that it was taken.
            lost = len(wanted) - len(wanted & set(arrived))
            doubled = len(arrived) - len(set(arrived))
            self.assertLess(doubled, max(5, len(wanted) // 100))
            self.assertLess(lost, 5 * 30, "more than what five killed backends can have held unwritten")
            print(f"{len(wanted)} traces, {doubled} doubled, {lost} acknowledged by a backend that was killed before it wrote them")


if __name__ == "__main__":
    unittest.main(verbosity=2)
