"""An OAuth2 token URL that answers as it is told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


class TokenServer:
    """Use it with `with`. Gives out `token-1`, `token-2`, ... good for `expires_in` seconds, unless `answer` says otherwise."""

    def __init__(self, expires_in: int = 3600):
        self.expires_in = expires_in
        self.answer = None  # (status, body), or none
        self.forms = []     # of the requests, decoded
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                server.forms.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                good = {"access_token": f"token-{len(server.forms)}", "token_type": "Bearer", "expires_in": server.expires_in}
                status, body = server.answer or (200, json.dumps(good).encode())
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/token"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> "TokenServer":
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()
