"""A Kubernetes API server that knows the EndpointSlices of one Service, and misbehaves as a test tells it."""

import collections
import http.server
import json
import ssl
import threading
import urllib.parse

NAMESPACE, SERVICE = "tracing", "samplers"
PATH = f"/apis/discovery.k8s.io/v1/namespaces/{NAMESPACE}/endpointslices"


class KubeApi:
    """Use it with `with`; `url` then is where it listens. `files`: certificate and key, for TLS."""

    def __init__(self, *addresses: str, token: str = "good", files: tuple = None):
        self.token = token
        self._changed = threading.Condition()
        self._addresses = list(addresses)
        self._version = 100
        self._said = []                        # (version, line) of a watch
        self._instead = collections.deque()    # what the next requests get in place of an answer
        self._cuts = 0
        self.lists = self.watches = 0
        self.versions = []                     # resourceVersion of each watch
        handler = type("Handler", (_Handler,), {"api": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        scheme = "http"
        if files:
            scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*files)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{scheme}://localhost:{self._server.server_address[1]}" if files else f"{scheme}://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "KubeApi":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self.cut()
        self._server.shutdown()
        self._server.server_close()

    # --- what a test tells it ---

    def set(self, *addresses: str, kind: str = "MODIFIED") -> None:
        """The Service's endpoints from now on; whoever watches hears of it."""
        with self._changed:
            self._addresses = list(addresses)
            self._version += 1
            self._said.append((self._version, json.dumps({"type": kind, "object": self._slice()})))
            self._changed.notify_all()

    def set_unheard(self, *addresses: str) -> None:
        """The same, but no watch will ever tell."""
        with self._changed:
            self._addresses = list(addresses)
            self._version += 1

    def say(self, line: str) -> None:
        """A line of its own to whoever watches."""
        with self._changed:
            self._version += 1
            self._said.append((self._version, line))
            self._changed.notify_all()

    def cut(self) -> None:
        """Ends every watch."""
        with self._changed:
            self._cuts += 1
            self._changed.notify_all()

    def instead(self, *answers) -> None:
        """What the next requests get: an HTTP status, or the text of an answer with status 200."""
        with self._changed:
            self._instead.extend(answers)

    # --- the handler's ---

    def _slice(self) -> dict:
        endpoints = [{"addresses": [a], "hostname": f"sampler-{i}", "conditions": {"ready": True}} for i, a in enumerate(self._addresses)]
        return {"metadata": {"name": f"{SERVICE}-abc", "resourceVersion": str(self._version)}, "addressType": "IPv4", "endpoints": endpoints}

    def answer(self, path: str, token: str):
        """(status, text, None), or (200, None, version) for a watch from that version on."""
        url = urllib.parse.urlsplit(path)
        query = dict(urllib.parse.parse_qsl(url.query))
        with self._changed:
            if self._instead:
                instead = self._instead.popleft()
                return (instead, "{}", None) if isinstance(instead, int) else (200, instead, None)
            if token != f"Bearer {self.token}":
                return 401, json.dumps({"kind": "Status", "code": 401}), None
            if url.path != PATH or query.get("labelSelector") != f"kubernetes.io/service-name={SERVICE}":
                return 404, "{}", None
            if query.get("watch") == "true":
                self.watches += 1
                self.versions.append(query.get("resourceVersion"))
                return 200, None, int(query["resourceVersion"])
            self.lists += 1
            return 200, json.dumps({"kind": "EndpointSliceList", "metadata": {"resourceVersion": str(self._version)},
                                    "items": [self._slice()]}), None

    def lines(self, version: int):
        """What a watch from `version` on hears, until it is cut."""
        with self._changed:
            cuts = self._cuts
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._cuts != cuts or any(v > version for v, _ in self._said), timeout=60)
                if self._cuts != cuts:
                    return
                fresh = [(v, line) for v, line in self._said if v > version]
            for v, line in fresh:
                version = v
                yield line


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api = None

    def do_GET(self):
        status, text, version = self.api.answer(self.path, self.headers.get("Authorization", ""))
        if version is None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for line in self.api.lines(version):
                data = (line + "\n").encode()
                self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")
        except OSError:  # the client went
            self.close_connection = True

    def log_message(self, *_):
        pass
