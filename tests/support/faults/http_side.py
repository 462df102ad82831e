"""The HTTP/1.1 side of the faulty backend."""

import select
import socket
import struct

from tests.support.faults.fault import Fault

REASONS = {200: "OK", 400: "Bad Request", 413: "Payload Too Large", 429: "Too Many Requests", 503: "Service Unavailable"}


def _read_until(connection: socket.socket, have: bytes, size: int) -> bytes:
    while len(have) < size:
        chunk = connection.recv(65536)
        if not chunk:
            raise ConnectionError("the client is gone")
        have += chunk
    return have


def _read_head(connection: socket.socket, have: bytes) -> tuple:
    while b"\r\n\r\n" not in have:
        chunk = connection.recv(65536)
        if not chunk:
            raise ConnectionError("the client is gone")
        have += chunk
    head, rest = have.split(b"\r\n\r\n", 1)
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return int(lengths[0]) if lengths else 0, rest


def _answer(status: int, headers: tuple, body: bytes) -> bytes:
    status = status or 200
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Answer')}"]
    names = {name.lower() for name, _ in headers}
    if "content-type" not in names:
        lines.append("Content-Type: application/x-protobuf")
    if status != 204 and "content-length" not in names:
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _until_gone(backend, connection: socket.socket, seconds: float) -> bool:
    """True: the client is gone, or all is well again."""
    if backend.healed.wait(0):
        return True
    readable, _, _ = select.select([connection], [], [], seconds)
    return bool(readable) and not connection.recv(65536)


def _misbehave(backend, connection: socket.socket, fault: Fault) -> None:
    """The connection is done afterwards."""
    good = _answer(200, (), b"")
    if fault.do == "hang":
        while not _until_gone(backend, connection, 0.05):
            pass
    elif fault.do in ("reset", "reset_mid_body"):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif fault.do in ("garbage", "other_protocol"):
        connection.sendall(b"\x00\x01\x02 not HTTP at all\r\n\r\n")
    elif fault.do == "half_answer":
        connection.sendall(_answer(200, (("Content-Length", "1000"),), b"half"))
    elif fault.do == "drip":
        for byte in good:
            connection.sendall(bytes([byte]))
            if _until_gone(backend, connection, 1):
                break
    elif fault.do == "endless_body":
        connection.sendall(_answer(200, (("Content-Length", str(10 << 30)),), b""))
        while not backend.healed.is_set():
            connection.sendall(b"x" * 65536)
    elif fault.do == "endless_headers":
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not backend.healed.is_set():
            connection.sendall(b"x-more: " + b"y" * 1000 + b"\r\n")


def serve(backend, connection: socket.socket, _spoiled: Fault) -> None:
    rest = b""
    while True:
        size, rest = _read_head(connection, rest)
        coming = backend.next_fault(at_accept=False)
        if coming and coming.at_body:
            backend.count()
            _read_until(connection, rest, size // 2)
            _misbehave(backend, connection, coming)
            return
        rest = _read_until(connection, rest, size)
        body, rest = rest[:size], rest[size:]
        fault = backend.fault_for(body)
        if fault.do != "answer":
            _misbehave(backend, connection, fault)
            return
        connection.sendall(_answer(fault.status, fault.headers, fault.body))
        if ("Connection", "close") in fault.headers:
            return
