"""The real Collector as the backend: what Tailrace keeps arrives there field by field, over gRPC and over HTTP, plain, packed, with TLS on
both sides, and with a password; and nothing is missing after the backend was killed and started again under load."""

import pathlib
import signal
import tempfile
import threading
import unittest

from tests.e2e.forward_test import rich_traces
from tests.interop.backends import Collector, make_certificates
from tests.support import daemon, otlp

RETRY = "    retry_on_failure: {initial_interval: 100ms, max_interval: 500ms, max_elapsed_time: 0s}\n"
AUTH = "    auth: {authenticator: basicauth/me}\n"


def samples(exporter: str, password: str = "") -> str:
    """Errors are kept and go to the one exporter; with a password, its `auth` may name `basicauth/me`."""
    name = exporter.split(":")[0].strip()
    text = daemon.config(
        "  tail_sampling:\n    decision_wait: 100ms\n"
        "    policies: [{name: errors, type: status_code, status_code: {status_codes: [ERROR]}}]\n  batch: {timeout: 20ms}",
        exporter, f"    traces: {{receivers: [otlp], processors: [tail_sampling, batch], exporters: [{name}]}}")
    if password:
        text = text.replace("extensions:\n", f"extensions:\n  basicauth/me: {{client_auth: {{username: me, password: {password}}}}}\n", 1)
        text = text.replace("extensions: [health_check]", "extensions: [health_check, basicauth/me]")
    return text


def secured(kind: str, backend: Collector, auth: str = "") -> str:
    """The exporter with TLS on both sides, by the certificates in the backend's folder."""
    name, endpoint = {"grpc": ("otlp", f"127.0.0.1:{backend.ports['GRPC']}"),
                      "http": ("otlphttp", f"https://127.0.0.1:{backend.ports['HTTP']}")}[kind]
    folder = backend.folder
    return (f"  {name}:\n    endpoint: {endpoint}\n{auth}"
            f"    tls: {{ca_file: {folder}/ca.pem, cert_file: {folder}/client.pem, key_file: {folder}/client.key}}\n")


class BackendsTest(unittest.TestCase):
    def deliver(self, backend: Collector, exporter: str, password: str = "") -> None:
        sent = rich_traces(200)
        wanted = {s["traceId"] for _, _, s in otlp.each_span(sent) if s.get("status", {}).get("code") == 2}
        with daemon.Daemon(samples(exporter, password)) as first:
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
            with self.subTest(f"{kind} {options}"), tempfile.TemporaryDirectory() as scratch, Collector(pathlib.Path(scratch)) as backend:
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
                with Collector(folder, tls=True) as backend:
                    self.deliver(backend, secured(kind, backend))

    def test_tls_on_both_sides_with_basic_auth(self):
        for kind in ("grpc", "http"):
            with self.subTest(kind), tempfile.TemporaryDirectory() as scratch:
                folder = pathlib.Path(scratch)
                make_certificates(folder)
                with Collector(folder, tls=True, users=("me:s3cret-word",)) as backend:
                    self.deliver(backend, secured(kind, backend, AUTH), "s3cret-word")

    def test_a_wrong_password_is_refused_and_accounted_for(self):
        for kind, name, said in (("grpc", "otlp", "UNAUTHENTICATED"), ("http", "otlphttp", "HTTP 401")):
            with self.subTest(kind), tempfile.TemporaryDirectory() as scratch:
                folder = pathlib.Path(scratch)
                make_certificates(folder)
                with Collector(folder, tls=True, users=("me:s3cret-word",)) as backend:
                    with daemon.Daemon(samples(secured(kind, backend, AUTH), "an0ther-word")) as first:
                        self.assertEqual(first.post(otlp.request(*(otlp.span(error=True) for _ in range(30)))).status, 200)
                        daemon.wait_for(lambda: first.metrics().sum_or_zero("otelcol_exporter_send_failed_spans") == 30, "all are given up")
                        self.assertEqual(first.metrics().sum("tailrace_dropped_spans", exporter=name, reason="refused_by_backend"), 30)
                        log = first.stop()  # its ledger's residual is 0
                    backend.end(signal.SIGTERM)
                    self.assertEqual(backend.kept(), [])
                    self.assertIn(said, log)
                    self.assertNotIn("an0ther-word", log)

    def test_ten_restarts_under_load(self):
        with tempfile.TemporaryDirectory() as scratch, Collector(pathlib.Path(scratch)) as backend:
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
            arrived = [span["traceId"] for _, _, span in otlp.each_span(backend.kept(killed=True))]
            # What the Collector had acknowledged and not yet written when it was killed is its own loss, and it is told apart: the
            # sender was told that it was taken. Its file exporter holds up to a second's batches, and may be killed amid a line of them.
            lost = len(wanted) - len(wanted & set(arrived))
            doubled = len(arrived) - len(set(arrived))
            self.assertLess(doubled, max(5, len(wanted) // 100))
            self.assertLess(lost, 5 * 300, "more than what five killed backends can have held unwritten")
            print(f"{len(wanted)} traces, {doubled} doubled, {lost} acknowledged by a backend that was killed before it wrote them")


if __name__ == "__main__":
    unittest.main(verbosity=2)
