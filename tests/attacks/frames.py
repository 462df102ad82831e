"""HTTP/2 frames and HPACK blocks as bytes: what an attacker prepares beforehand."""

import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 2, 3, 4, 6, 7, 8, 9
END_STREAM, ACK, END_HEADERS = 0x1, 0x1, 0x4
INITIAL_WINDOW_SIZE = 4
PAYLOAD_MAX = 16384


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def settings(*pairs: tuple) -> bytes:
    return frame(SETTINGS, 0, 0, b"".join(struct.pack(">HI", key, value) for key, value in pairs))


def integer(value: int, bits: int, first: int = 0) -> bytes:
    """RFC 7541, 5.1."""
    most = (1 << bits) - 1
    if value < most:
        return bytes([first | value])
    out, value = bytearray([first | most]), value - most
    while value >= 128:
        out.append(0x80 | value & 0x7F)
        value >>= 7
    out.append(value)
    return bytes(out)


def literal(name: bytes, value: bytes, first: int = 0x00) -> bytes:
    """`first` 0x00: not indexed; 0x40: the other side is to keep it."""
    return bytes([first]) + integer(len(name), 7) + name + integer(len(value), 7) + value


# :method POST, :scheme http, :path /, from the static table: a request that is answered with an error.
ANY_REQUEST = b"\x83\x86\x84"
_EXPORT = b"/opentelemetry.proto.collector.trace.v1.TraceService/Export"
GRPC_REQUEST = (b"\x83\x86" + literal(b":path", _EXPORT) + literal(b":authority", b"localhost")
                + literal(b"content-type", b"application/grpc") + literal(b"te", b"trailers"))
# The request `export nothing`, whole.
EMPTY_MESSAGE = b"\x00\x00\x00\x00\x00"


def opening(*pairs: tuple) -> bytes:
    """What every client begins with; `pairs` are its settings."""
    return PREFACE + settings(*pairs)


def window_update(stream: int, increment: int) -> bytes:
    return frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", increment))


def reset(stream: int, code: int = 8) -> bytes:
    return frame(RST_STREAM, 0, stream, struct.pack(">I", code))


def streams(first: int, count: int) -> range:
    """`count` stream ids of a client, the `first`-th (from 0) and what follows."""
    return range(2 * first + 1, 2 * (first + count) + 1, 2)
