"""One HTTP/2 request on a connection of its own, gRPC or not; enough of HPACK to read the statuses of the answer."""

import socket
import ssl
import struct
from typing import NamedTuple, Optional

_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_DATA, _HEADERS, _RST_STREAM, _SETTINGS, _GOAWAY = 0, 1, 3, 4, 7
# RFC 7541, appendix B, of the digits; other texts stay as they are.
_HUFFMAN_DIGITS = {"00000": "0", "00001": "1", "00010": "2", "011001": "3", "011010": "4", "011011": "5", "011100": "6",
                   "011101": "7", "011110": "8", "011111": "9"}
_GRPC_STATUS_HUFFMAN = bytes.fromhex("9acac8b21234da8f")
_STATUS_INDICES = {8: "200", 9: "204", 10: "206", 11: "304", 12: "400", 13: "404", 14: "500"}


class Answer(NamedTuple):
    status: Optional[int]       # None: the stream or the connection was reset instead
    grpc_status: Optional[int]


def _frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def _literal(name: str, value: str) -> bytes:
    """Not indexed, not packed; both shorter than 127 bytes."""
    assert len(name) < 127 and len(value) < 127
    return b"\x00" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()


def send(port: int, path: str, fields: list, body: bytes, context: ssl.SSLContext = None, timeout: float = 20) -> Answer:
    """`fields`: (name, value), sent as they are. An error of TLS or of the socket is raised."""
    head = b"".join(_literal(name, value) for name, value in
                    [(":method", "POST"), (":scheme", "https" if context else "http"), (":path", path),
                     (":authority", "localhost"), *fields])
    data = b"".join(_frame(_DATA, 0, 1, body[i:i + 16384]) for i in range(0, len(body), 16384))
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = context.wrap_socket(plain, server_hostname="127.0.0.1") if context else plain
        with connection:
            connection.sendall(_PREFACE + _frame(_SETTINGS, 0, 0, b"") + _frame(_HEADERS, 4, 1, head) + data
                               + _frame(_DATA, 1, 1, b""))
            return _read_answer(connection)


def grpc(port: int, fields: list, message: bytes, context: ssl.SSLContext = None) -> Answer:
    return send(port, "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
                [("content-type", "application/grpc"), ("te", "trailers"), *fields],
                b"\x00" + struct.pack(">I", len(message)) + message, context)


def _read_answer(connection) -> Answer:
    received, status, grpc_status = b"", None, None
    while True:
        piece = connection.recv(65536)
        if not piece:
            return Answer(status, grpc_status)
        received += piece
        while len(received) >= 9 and len(received) >= 9 + int.from_bytes(received[:3], "big"):
            size = int.from_bytes(received[:3], "big")
            kind, flags, payload = received[3], received[4], received[9:9 + size]
            received = received[9 + size:]
            if kind == _HEADERS:
                found = dict(_fields(payload))
                status = int(found[":status"]) if ":status" in found else status
                grpc_status = int(found["grpc-status"]) if "grpc-status" in found else grpc_status
            if kind in (_RST_STREAM, _GOAWAY) or (kind in (_DATA, _HEADERS) and flags & 1):
                return Answer(status, grpc_status)


def _fields(block: bytes):
    """The fields that tests look at."""
    at = 0
    while at < len(block):
        first = block[at]
        if first & 0x80:  # indexed
            at += 1
            if first & 0x7F in _STATUS_INDICES:
                yield ":status", _STATUS_INDICES[first & 0x7F]
            continue
        bits = 6 if first & 0x40 else 4
        index, at = _integer(block, at, bits)
        if index == 0:
            packed, raw, at = _text(block, at)
            name = "grpc-status" if raw == (_GRPC_STATUS_HUFFMAN if packed else b"grpc-status") else "?"
        else:
            name = ":status" if index in _STATUS_INDICES else "?"
        packed, raw, at = _text(block, at)
        if name != "?":
            yield name, _digits(raw) if packed else raw.decode()


def _integer(block: bytes, at: int, bits: int) -> tuple:
    value = block[at] & ((1 << bits) - 1)
    at += 1
    shift = 0
    if value == (1 << bits) - 1:
        while True:
            value += (block[at] & 0x7F) << shift
            shift += 7
            at += 1
            if not block[at - 1] & 0x80:
                break
    return value, at


def _text(block: bytes, at: int) -> tuple:
    packed = bool(block[at] & 0x80)
    size, at = _integer(block, at, 7)
    return packed, block[at:at + size], at + size


def _digits(raw: bytes) -> str:
    bits, out = "".join(f"{b:08b}" for b in raw), ""
    while bits and not (len(bits) < 8 and set(bits) == {"1"}):
        code = next(c for c in _HUFFMAN_DIGITS if bits.startswith(c))
        out += _HUFFMAN_DIGITS[code]
        bits = bits[len(code):]
    return out
