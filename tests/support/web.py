"""A client small enough to send what a well-behaved library would refuse to send."""

import http.client
import json
import socket
from typing import NamedTuple


class Response(NamedTuple):
    status: int
    headers: dict  # names in lower case
    body: bytes

    def json(self):
        return json.loads(self.body)

    def rejected_spans(self) -> int:
        return int(self.json().get("partialSuccess", {}).get("rejectedSpans", 0))


def request(port: int, method: str, path: str, body=None, headers=None, timeout: float = 30, context=None) -> Response:
    """With an ssl.SSLContext: over TLS."""
    if context is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    else:
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=timeout, context=context)
    try:
        try:
            connection.request(method, path, body=body, headers=headers or {})
        except (BrokenPipeError, ConnectionResetError):
            pass  # answered before the whole body was sent; the answer, if any, is what counts
        return _read(connection.getresponse())
    finally:
        connection.close()


def _read(answer: http.client.HTTPResponse) -> Response:
    return Response(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())


def post(port: int, body, content_type: str, headers: dict, path: str = "/v1/traces", timeout: float = 30,
         context=None) -> Response:
    if isinstance(body, (dict, list)):
        body = json.dumps(body)
    if isinstance(body, str):
        body = body.encode()
    all_headers = dict(headers)
    if content_type:
        all_headers["Content-Type"] = content_type
    return request(port, "POST", path, body, all_headers, timeout, context)


def raw(port: int, data: bytes, half_close: bool = False, timeout: float = 10) -> bytes:
    """Sends these bytes as they are and returns what comes back until the peer closes or says nothing for `timeout`."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as s:
        try:
            s.sendall(data)
            if half_close:
                s.shutdown(socket.SHUT_WR)
            while chunk := s.recv(65536):
                received += chunk
                if b"\r\n\r\n" in received and not half_close:
                    break
        except (ConnectionError, TimeoutError):
            pass
    return received
