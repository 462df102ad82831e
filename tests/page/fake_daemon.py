"""A daemon as the page sees it: the built page and the API's answers, with faults on demand (`hang`, `status`, `version`)."""

import http.server
import json
import pathlib
import socketserver
import sys
import threading
import urllib.parse

from tests.page import spans
from tests.page.shop import Shop, trace_id

PAGE = pathlib.Path(__file__).resolve().parents[2] / "collector" / "admin" / "ui" / "dist"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
          "frame-ancestors 'none'; form-action 'none'")
PAGE_OF_TRACES = ("limit", "before", "after")


class FakeDaemon:
    """Answers are functions by path, so that a test can put its own in their place."""

    def __init__(self):
        self.shop = Shop()
        self.version = "0.1.0"
        self.status = 200           # other than 200: every answer of the API is a refusal
        self.hang = threading.Event()
        self.hang.set()             # cleared: the API does not answer
        self.asked: list[str] = []  # paths of the API, as they came
        self.summaries = self.shop.summaries(173)
        self.spans = {trace_id(0): spans.checkout(), trace_id(1): spans.large(10_000)}
        self.answers = {
            "status": lambda _: self.shop.status(), "flow": lambda _: self.shop.flow(), "policies": lambda _: self.shop.policies(),
            "config": lambda _: self.shop.config(), "traces": self.traces,
            "baselines": lambda q: self.shop.baselines(int(q.get("window_s", 300)), int(q.get("ago_s", 0)))}

    def traces(self, query: dict) -> dict:
        rows = [row for row in self.summaries if matches(row, query)]
        limit = int(query.get("limit", 50))
        newest = self.summaries[0]["cursor"] if self.summaries else None
        if "after" in query:
            newer = [row for row in reversed(rows) if int(row["cursor"]) > int(query["after"])]
            return {"traces": newer[:limit], "next": None, "newest": newest, "searched": len(rows), "truncated": False}
        older = [row for row in rows if int(row["cursor"]) < int(query.get("before", "99999999"))]
        return {"traces": older[:limit], "next": older[limit - 1]["cursor"] if len(older) > limit else None, "newest": newest,
                "searched": len(rows), "truncated": False}

    def why(self, wanted: str) -> dict:
        row = next((row for row in self.summaries if row["id"] == wanted), None)
        if row is None:
            return {"id": wanted, "sentence": "This trace was never seen here.", "answers": [answer("never_seen")]}
        if row["decision"] == "dropped":
            return {"id": wanted, "sentence": f"Dropped: none of 5 policies voted to keep it; its duration was {row['duration_ms']:.0f} ms.", "answers": [
                answer("dropped", row, votes=[vote("errors", "status_code", "not_sampled", "a span with status ERROR"),
                                              vote("slow", "latency", "not_sampled", "latency of at least 500 ms", f"{row['duration_ms']:.0f} ms")])]}
        return {"id": wanted, "sentence": "Kept by the policy errors: the span call acquirer of payment has status ERROR.", "answers": [
            answer("kept", row, policy=row["policy"], late=2, votes=[
                vote("errors", "status_code", "sampled", "a span with status ERROR", "ERROR", f"{12:016x}", "payment", "call acquirer"),
                vote("slow", "latency", "sampled", "latency of at least 500 ms", "812 ms", f"{1:016x}", "storefront", "POST /checkout"),
                vote("checkout", "ottl_condition", "not_sampled", 'attributes["user.tier"] == "platinum"', "gold"),
                vote("one-per-cent", "probabilistic", "not_sampled", "1 % of trace ids", "0.734"),
                vote("rest", "rate_limiting", "not_asked", "at most 400 spans a second")])]}

    def answer(self, path: str, query: dict):
        """The body, or None where nothing is held."""
        name, _, rest = path.partition("/")
        if name == "why":
            return self.why(rest.lower())
        if name == "traces" and rest:
            return self.spans.get(rest.lower())
        return self.answers[name](query) if name in self.answers else None

    def __enter__(self):
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon = self
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        return self

    def __exit__(self, *_):
        self.hang.set()
        self.server.shutdown()
        self.server.server_close()


def matches(row: dict, query: dict) -> bool:
    return (query.get("decision", "any") in ("any", row["decision"]) and row["id"].startswith(query.get("id", "").lower())
            and query.get("service", row["services"][0]) in row["services"] and query.get("operation", row["root"]["operation"]) == row["root"]["operation"]
            and query.get("policy", row["policy"]) == row["policy"] and float(query.get("min_ms", 0)) <= row["duration_ms"] <= float(query.get("max_ms", 1e12))
            and query.get("status", "any") in ("any", "error" if row["error"] else "ok"))


def answer(state: str, row: dict | None = None, policy: str | None = None, late: int = 0, votes: list | None = None) -> dict:
    return {"pipeline": "traces", "state": state, "deadline_unix_ms": None, "decided_unix_ms": row and row["decided_unix_ms"], "early": None, "policy": policy,
            "spans": row["spans"] if row else 0, "duration_ms": row["duration_ms"] if row else 0, "late_spans": late, "has_spans": bool(row), "votes": votes or []}


def vote(policy, kind, decision, rule, value=None, span_id=None, service=None, operation=None) -> dict:
    return {"policy": policy, "type": kind, "vote": decision, "rule": rule, "value": value, "span_id": span_id, "service": service, "operation": operation}


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # a page that leaves is no error


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        daemon: FakeDaemon = self.server.daemon
        address = urllib.parse.urlsplit(self.path)
        if address.path.startswith("/api/v1/"):
            daemon.asked.append(self.path)
            daemon.hang.wait()
            query = dict(urllib.parse.parse_qsl(address.query, keep_blank_values=True))
            body = daemon.answer(address.path.removeprefix("/api/v1/"), query) if daemon.status == 200 else {"error": "busy: try again"}
            status = daemon.status if daemon.status != 200 else 404 if body is None else 200
            self.reply(status, "application/json", json.dumps(body or {"error": "nothing is held under this id"}).encode())
            return
        file = PAGE / (address.path.lstrip("/") or "index.html")
        if file.is_file() and PAGE in file.resolve().parents:
            self.reply(200, TYPES.get(file.suffix, "application/octet-stream"), file.read_bytes())
        else:
            self.reply(404, "text/plain", b"not here")

    def reply(self, status: int, kind: str, body: bytes):
        try:
            self.send_response(status)
            for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store"), ("Content-Security-Policy", POLICY),
                                ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("X-Tailrace-Version", self.server.daemon.version)):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # the page left


if __name__ == "__main__":
    with FakeDaemon() as running:
        print(running.url, flush=True)
        threading.Event().wait()
