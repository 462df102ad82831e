"""Kept traces on their way: over HTTP to a second daemon, undeliverable ones to the dead letters and from there again, a queue on disk
across a kill -9, a full queue that holds the clients up."""

import json
import pathlib
import subprocess
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support import daemon, otlp

RECEIVES = daemon.config("  batch: {timeout: 20ms}", "  file: {path: @DIR@/kept.jsonl, flush_interval: 20ms}",
                         "    traces: {receivers: [otlp], processors: [batch], exporters: [file]}")
RETRY = "    retry_on_failure: {initial_interval: 50ms, max_interval: 200ms, max_elapsed_time: 0s}\n"


def samples(exporter: str, extensions: str = "") -> str:
    """Everything is kept and goes to the one exporter."""
    text = daemon.config(
        "  tail_sampling:\n    decision_wait: 100ms\n    policies: [{name: all, type: always_sample}]\n  batch: {timeout: 20ms}",
        exporter, "    traces: {receivers: [otlp], processors: [tail_sampling, batch], exporters: [otlphttp]}")
    if extensions:
        names = ", ".join(line.split(":")[0].strip() for line in extensions.splitlines())
        text = text.replace("extensions:\n", "extensions:\n" + extensions, 1)
        text = text.replace("extensions: [health_check]", f"extensions: [health_check, {names}]")
    return text


class Backend:
    """An OTLP/HTTP backend that answers as it is told; what it took is in `taken`."""

    def __init__(self):
        self.status, self.headers, self.requests, self.taken, self.seen = 200, {}, 0, [], []
        backend = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                backend.requests += 1
                backend.seen.append((self.path, dict(self.headers)))
                if backend.status == 200:
                    backend.taken.append(body)
                self.send_response(backend.status)
                for name, value in backend.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def spans_of(bodies: list) -> int:
    return sum(len(s["spans"]) for body in bodies for r in json.loads(body)["resourceSpans"] for s in r["scopeSpans"])


class DeliveryTest(unittest.TestCase):
    def test_over_http_packed_in_every_way(self):
        for options in ("compression: none", "compression: gzip", "compression: zstd", "encoding: json"):
            sent = [otlp.request(*(otlp.span() for _ in range(10))) for _ in range(20)]
            with self.subTest(options), daemon.Daemon(RECEIVES) as second:
                exporter = f"  otlphttp:\n    endpoint: http://127.0.0.1:{second.ports['HTTP']}\n    {options}\n"
                with daemon.Daemon(samples(exporter)) as first:
                    for request in sent:
                        self.assertEqual(first.post(request).status, 200)
                    first.stop()
                second.stop()
                came_out = otlp.whole_traces(otlp.read_file_exporter(second.dir / "kept.jsonl"))
                self.assertEqual(came_out, otlp.whole_traces(sent))

    def test_headers_and_basic_auth_go_out_and_the_secret_stays_in(self):
        with Backend() as backend:
            exporter = (f"  otlphttp:\n    traces_endpoint: http://127.0.0.1:{backend.port}/custom/path\n"
                        "    headers: {X-Scope-OrgID: tenant-1, x-honeycomb-team: s3cret-key}\n    auth: {authenticator: basicauth/me}\n")
            with daemon.Daemon(samples(exporter, "  basicauth/me: {client_auth: {username: me, password: s3cret-word}}\n")) as first:
                self.assertEqual(first.post(otlp.request(otlp.span())).status, 200)
                daemon.wait_for(lambda: backend.seen, "a request")
                first.stop()
                self.assertNotIn("s3cret", first.stderr())
            path, headers = backend.seen[0]
            self.assertEqual(path, "/custom/path")
            self.assertEqual(headers["X-Scope-OrgID"], "tenant-1")
            self.assertEqual(headers["authorization"], "Basic bWU6czNjcmV0LXdvcmQ=")

    def test_what_is_refused_becomes_a_dead_letter_and_can_be_sent_again(self):
        with Backend() as backend, tempfile.TemporaryDirectory() as scratch:
            letters = pathlib.Path(scratch) / "dead.jsonl"
            backend.status = 401
            exporter = (f"  otlphttp:\n    endpoint: http://127.0.0.1:{backend.port}\n    compression: none\n"
                        f"    dead_letter: {{path: {letters}}}\n")
            sent = otlp.request(*(otlp.span() for _ in range(30)))
            with daemon.Daemon(samples(exporter)) as first:
                self.assertEqual(first.post(sent).status, 200)
                daemon.wait_for(lambda: first.metrics().sum("tailrace_exporter_dead_letter_spans", outcome="written") == 30, "30 dead letters")
                self.assertEqual(first.metrics().sum("tailrace_dropped_spans", exporter="otlphttp", reason="refused_by_backend"), 30)
            lines = [json.loads(line) for line in letters.read_text(encoding="utf-8").splitlines()]
            self.assertEqual(sum(line["tailrace"]["spans"] for line in lines), 30)
            self.assertEqual({line["tailrace"]["error"] for line in lines}, {"HTTP 401"})
            with daemon.Daemon(RECEIVES) as second:
                for target in (["--http", f"http://127.0.0.1:{second.ports['HTTP']}/v1/traces"],
                               ["--grpc", f"127.0.0.1:{second.ports['GRPC']}", "--insecure"]):
                    replay = subprocess.run([daemon.BINARY, "replay-dead-letter", *target, str(letters)], capture_output=True, timeout=60,
                                            text=True, check=False)
                    self.assertEqual(replay.returncode, 0, replay.stderr)
                second.stop()
                came_out = otlp.read_file_exporter(second.dir / "kept.jsonl")
                self.assertEqual(otlp.trace_ids(came_out), otlp.trace_ids([sent]))
                self.assertEqual(sum(1 for _ in otlp.each_span(came_out)), 2 * 30)

    def test_a_bad_line_is_named_and_the_rest_is_sent(self):
        with daemon.Daemon(RECEIVES) as second, tempfile.TemporaryDirectory() as scratch:
            letters = pathlib.Path(scratch) / "dead.jsonl"
            letters.write_text(json.dumps(otlp.request(otlp.span())) + "\nnonsense\n" + json.dumps(otlp.request(otlp.span())) + "\n", encoding="utf-8")
            replay = subprocess.run([daemon.BINARY, "replay-dead-letter", "--http", f"http://127.0.0.1:{second.ports['HTTP']}/v1/traces",
                                     str(letters)], capture_output=True, timeout=60, text=True, check=False)
            self.assertEqual(replay.returncode, 1)
            self.assertIn("dead.jsonl:2:", replay.stderr)
            second.stop()
            self.assertEqual(sum(1 for _ in otlp.each_span(otlp.read_file_exporter(second.dir / "kept.jsonl"))), 2)

    def test_a_queue_on_disk_survives_kill_minus_nine(self):
        with Backend() as backend, tempfile.TemporaryDirectory() as scratch:
            backend.status = 503
            exporter = (f"  otlphttp:\n    endpoint: http://127.0.0.1:{backend.port}\n    compression: none\n    encoding: json\n{RETRY}"
                        "    sending_queue: {storage: file_storage/q}\n")
            config = samples(exporter, f"  file_storage/q: {{directory: {scratch}/queue}}\n")
            with daemon.Daemon(config, expect_clean_stop=False) as first:
                for _ in range(20):
                    self.assertEqual(first.post(otlp.request(*(otlp.span() for _ in range(10)))).status, 200)
                daemon.wait_for(lambda: first.metrics().sum("tailrace_ledger_spans", state="queued") +
                                first.metrics().sum("tailrace_ledger_spans", state="in_flight") == 200, "all are queued")
                daemon.wait_for(lambda: first.metrics().sum("tailrace_exporter_stored_bytes") ==
                                first.metrics().sum("tailrace_exporter_queue_bytes"), "all of the queue is on disk")
                first.process.kill()
                first.process.wait()
            backend.status = 200
            with daemon.Daemon(config) as second:
                daemon.wait_for(lambda: second.metrics().sum("otelcol_exporter_sent_spans") == 200, "all are delivered")
                self.assertEqual(second.metrics().sum("tailrace_exporter_recovered_spans"), 200)
            self.assertEqual(spans_of(backend.taken), 200)

    def test_a_backend_that_comes_back_is_found_within_seconds_whatever_it_asked_for(self):
        with Backend() as backend:
            backend.status, backend.headers = 429, {"Retry-After": "3600"}
            exporter = f"  otlphttp:\n    endpoint: http://127.0.0.1:{backend.port}\n    compression: none\n    encoding: json\n{RETRY}"
            with daemon.Daemon(samples(exporter)) as first:
                for _ in range(5):
                    self.assertEqual(first.post(otlp.request(otlp.span())).status, 200)
                daemon.wait_for(lambda: first.metrics().sum("tailrace_exporter_state", state="down") == 1, "the backend is seen to be down")
                backend.status, backend.headers = 200, {}
                daemon.wait_for(lambda: spans_of(backend.taken) == 5, "all are delivered", 5)

    def test_a_queue_that_blocks_holds_the_clients_up_and_not_for_ever(self):
        with Backend() as backend:
            backend.status = 503
            exporter = (f"  otlphttp:\n    endpoint: http://127.0.0.1:{backend.port}\n    compression: none\n    encoding: json\n{RETRY}"
                        "    sending_queue: {queue_size: 4, block_on_overflow: true}\n")
            with daemon.Daemon(samples(exporter)) as first:
                accepted = 0

                def refused() -> bool:
                    nonlocal accepted
                    status = first.post(otlp.request(otlp.span())).status
                    accepted += status == 200
                    return status == 503

                daemon.wait_for(refused, "a request is refused")
                backend.status = 200
                daemon.wait_for(lambda: first.post(otlp.request(otlp.span())).status == 200, "requests are taken again")
                daemon.wait_for(lambda: spans_of(backend.taken) == accepted + 1, "all that was taken is delivered")
                self.assertEqual(first.metrics().sum("tailrace_dropped_spans", exporter="otlphttp"), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
