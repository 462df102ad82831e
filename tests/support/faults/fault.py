"""What a backend that misbehaves does to one request."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Fault:
    # To the connection, before anything is read: accept_hang, accept_close, accept_reset, accept_garbage, no_streams (HTTP/2: none may be
    # opened). In the midst of the request's body: reset_mid_body, close_mid_body. After the request: answer, hang, close, reset, garbage,
    # half_answer, drip (a byte a second), endless_body, endless_headers, goaway, reset_stream, no_status, other_protocol.
    do: str = "answer"
    status: int = 0        # of HTTP, or gRPC's code; 0: all is well
    message: str = ""      # gRPC's status message
    headers: tuple = ()    # (name, value) of HTTP; of gRPC's trailers
    body: bytes = b""      # of the answer
    larger_than: int = 0   # only requests of more bytes; the others are taken
    marker: bytes = b""    # only requests that hold these bytes; the others are taken
    code: int = 0          # of HTTP/2: for goaway and reset_stream
    kept: bool = False     # the backend keeps what it was sent, however it answers

    def hits(self, body: bytes) -> bool:
        return len(body) > self.larger_than and self.marker in body

    @property
    def at_accept(self) -> bool:
        return self.do.startswith("accept_") or self.do == "no_streams"

    @property
    def at_body(self) -> bool:
        return self.do.endswith("_mid_body")

    def takes(self) -> bool:
        return self.kept or self.do == "answer" and self.status in (0, 200, 204)


OK = Fault()
