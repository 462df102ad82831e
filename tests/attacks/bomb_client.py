"""One compressed request, and of its answer: the code, and whether it says to try again."""

import socket
import struct
from typing import NamedTuple, Union

import hpack

from tests.attacks import frames
from tests.support import web


class Answer(NamedTuple):
    code: Union[int, str]  # HTTP's status or gRPC's; a text: none came
    try_again: bool        # Retry-After, or RetryInfo


def http(port: int, encoding: str, packed: bytes) -> Answer:
    answer = web.post(port, packed, "application/x-protobuf", {"Content-Encoding": encoding}, timeout=60)
    return Answer(answer.status, "retry-after" in answer.headers)


def grpc(port: int, encoding: str, packed: bytes) -> Answer:
    head = frames.GRPC_REQUEST + frames.literal(b"grpc-encoding", encoding.encode())
    message = b"\x01" + struct.pack(">I", len(packed)) + packed
    data = b"".join(frames.frame(frames.DATA, 0, 1, message[i:i + frames.PAYLOAD_MAX])
                    for i in range(0, len(message), frames.PAYLOAD_MAX))
    with socket.create_connection(("127.0.0.1", port), timeout=60) as s:
        s.sendall(frames.opening())
        received = s.recv(65536)  # the daemon's settings: its large windows are ours once we acknowledge them
        s.sendall(frames.frame(frames.SETTINGS, frames.ACK, 0)
                  + frames.frame(frames.HEADERS, frames.END_HEADERS, 1, head) + data + frames.frame(frames.DATA, frames.END_STREAM, 1))
        return _answer(s, received)


def _answer(s: socket.socket, received: bytes) -> Answer:
    decoder, fields = hpack.Decoder(), {}
    while True:
        while len(received) >= 9 and len(received) >= 9 + int.from_bytes(received[:3], "big"):
            size, kind, flags = int.from_bytes(received[:3], "big"), received[3], received[4]
            payload, received = received[9:9 + size], received[9 + size:]
            if kind == frames.HEADERS:
                fields.update(decoder.decode(payload))
                if flags & frames.END_STREAM:
                    return Answer(int(fields["grpc-status"]), "grpc-status-details-bin" in fields)
            if kind in (frames.RST_STREAM, frames.GOAWAY):
                raise AssertionError(f"frame {kind} instead of an answer: {payload.hex()}")
        piece = s.recv(65536)
        if not piece:
            raise AssertionError("closed instead of an answer")
        received += piece
