"""A server that answers like a daemon's page, from a table of answers, and remembers what it was asked."""

import http.server
import json
import threading
import time
import urllib.parse

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
NEVER_SEEN = "0" * 31 + "1"
FORGOTTEN = "0" * 31 + "2"
VERSION = "0.1.0"
MEMORY = {"budget_bytes": 1 << 30, "rss_bytes": 1 << 28, "table_bytes": 1 << 27, "buffer_bytes": 1 << 20}


def span(span_id: str, name: str, start_ms: int, end_ms: int, parent: str = "", kind: int = 1, status: dict = None) -> dict:
    begin = 1700000000000
    return {"traceId": TRACE, "spanId": span_id.rjust(16, "0"), "parentSpanId": parent and parent.rjust(16, "0"), "name": name, "kind": kind,
            "startTimeUnixNano": str((begin + start_ms) * 1000000), "endTimeUnixNano": str((begin + end_ms) * 1000000),
            "status": status or {}}


def resource(service: str, *spans: dict) -> dict:
    return {"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}, "scopeSpans": [{"spans": list(spans)}]}


def shop_trace(name: str = "POST /cart") -> dict:
    return {"resourceSpans": [
        resource("checkout", span("1", name, 0, 1000, kind=2, status={"code": 2}), span("2", "charge", 100, 950, "1", kind=3)),
        resource("payment", span("3", "Charge", 200, 900, "2", kind=2, status={"code": 2, "message": "timed out"}))]}


def summary(number: int, **changes) -> dict:
    return {"cursor": str(number), "id": TRACE, "pipeline": "traces", "decision": "kept", "policy": "errors", "early": None,
            "decided_unix_ms": 1700000001000, "start_unix_ns": "1700000000000000000", "duration_ms": 1000.0, "spans": 3, "bytes": 900,
            "services": ["checkout", "payment"], "root": {"service": "checkout", "operation": "POST /cart"}, "error": True,
            "has_spans": True, **changes}


def why(trace_id: str, state: str, **changes) -> dict:
    answer = {"pipeline": "traces", "state": state, "deadline_unix_ms": None, "decided_unix_ms": 1700000001000, "early": None,
              "policy": "errors", "spans": 3, "duration_ms": 1000.0, "late_spans": 1, "has_spans": True, "votes": [
                  {"policy": "errors", "type": "status_code", "vote": "sampled", "rule": "status ERROR", "value": "ERROR",
                   "span_id": "0000000000000003", "service": "payment", "operation": "Charge"},
                  {"policy": "rest", "type": "probabilistic", "vote": "not_sampled", "rule": "1 % of trace ids", "value": None,
                   "span_id": None, "service": None, "operation": None}], **changes}
    return {"id": trace_id, "sentence": f"This trace is {state}.", "answers": [answer]}


class FakeApi:
    """Use it with `with`. `answers`: path to a dict, or to a function of the query that gives one, or (status, dict)."""

    def __init__(self, version: str = VERSION, context=None):
        self.answers = {}
        self.requests = []  # (path with query, headers)
        self.polls = 0
        self.delay_s = 0.0
        self._began = time.monotonic()
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):  # noqa: N802
                fake.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                status, body = fake.answer(urllib.parse.urlsplit(self.path))
                body = body if isinstance(body, bytes) else json.dumps(body).encode()
                if fake.stop_answering.wait(fake.delay_s):
                    return
                try:
                    self.send_response(status)
                    if version:
                        self.send_header("X-Tailrace-Version", version)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass  # the client gave up

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                pass  # clients that give up are part of the tests

        self.stop_answering = threading.Event()
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "https" if context is not None else "http"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "FakeApi":
        self.fill()
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self.stop_answering.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, parts) -> tuple:
        found = self.answers.get(parts.path, (404, {"error": "nothing stands here"}))
        if callable(found):
            found = found(dict(urllib.parse.parse_qsl(parts.query)))
        return found if isinstance(found, tuple) else (200, found)

    def fill(self) -> None:
        self.answers.update({
            "/": (200, b"ready"),
            "/api/v1/status": self._status, "/api/v1/flow": self._flow, "/api/v1/policies": self._policies,
            "/api/v1/baselines": {"now_unix_ms": 1700000000000, "window_s": 300, "rows": [
                {"service": "payment", "operation": "Charge", "kind": "server", "calls": 3000, "errors": 30, "total_ms": 900.0,
                 "p50_ms": 10.0, "p95_ms": 20.0, "p99_ms": 30.0},
                {"service": "checkout", "operation": "POST /cart", "kind": "server", "calls": 300, "errors": 0, "total_ms": 1.0,
                 "p50_ms": 1.0, "p95_ms": 2.0, "p99_ms": 3.0}], "services": []},
            f"/api/v1/traces/{TRACE}": shop_trace(),
            f"/api/v1/why/{TRACE}": why(TRACE, "kept"),
            f"/api/v1/why/{NEVER_SEEN}": {"id": NEVER_SEEN, "sentence": "This trace was never seen.",
                                          "answers": [{"pipeline": "traces", "state": "never_seen", "votes": []}]},
            f"/api/v1/why/{FORGOTTEN}": why(FORGOTTEN, "forgotten", remembered="kept", votes=[], policy=None, has_spans=False),
        })

    def _clock(self) -> float:
        """Seconds of work so far: the counters grow with it, a thousand spans a second."""
        return time.monotonic() - self._began

    def _status(self, _query) -> dict:
        self.polls += 1
        return {"version": VERSION, "instance": "fake-host", "state": "ready", "started_unix_ms": 0, "now_unix_ms": 1700000000000,
                "uptime_s": 3700, "shards": 2, "cpu_seconds": self._clock() / 2, "memory": MEMORY,
                "accepted_spans": int(1000 * self._clock()), "refused_spans": 0, "failed_spans": 0, "residual_spans": 0}

    def _flow(self, _query) -> dict:
        worked = self._clock()
        return {"now_unix_ms": 1700000000000, "memory": MEMORY, "stress": {}, "receivers": [], "ledger": [],
                "pipelines": [{"id": "traces", "in_table_traces": 42, "sampled_traces": int(1000 * worked), "dropped_traces": 0,
                               "not_sampled_traces": int(9000 * worked), "decision_lag_ms": {"p50": 1.0, "p99": 8.0}}],
                "exporters": [{"id": "otlp/jaeger", "server_address": "jaeger:4317", "state": "down", "forwarded_spans": 0,
                               "dropped_spans": {"queue_full": 7}, "queued_spans": 5, "in_flight_spans": 1, "queue_full": 0.25,
                               "last_error": "connection refused"}]}

    def _policies(self, _query) -> dict:
        worked = self._clock()
        return {"pipelines": [{"pipeline": "traces", "processor": "tail_sampling", "policies": [
            {"name": "errors", "type": "status_code", "sampled": int(10 * worked), "not_sampled": int(90 * worked), "dropped": 0,
             "errors": 0, "cpu_ms": worked}]}]}
