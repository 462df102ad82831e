"""OTLP protobuf bytes by hand, for tests that send what no library would."""

import base64
import os
import struct
import time


def varint(n: int) -> bytes:
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def field(number: int, payload: bytes) -> bytes:
    """A length-delimited field."""
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def fixed64(number: int, value: int) -> bytes:
    return varint(number << 3 | 1) + struct.pack("<Q", value)


def span(trace_id: bytes = None, span_id: bytes = None, attributes=()) -> bytes:
    """Span { trace_id = 1; span_id = 2; name = 5; start = 7; end = 8; attributes = 9 }"""
    now = time.time_ns()
    return (field(1, os.urandom(16) if trace_id is None else trace_id)
            + field(2, os.urandom(8) if span_id is None else span_id)
            + field(5, b"GET /") + fixed64(7, now - 5_000_000) + fixed64(8, now)
            + b"".join(field(9, field(1, b"key") + field(2, value)) for value in attributes))


def request(*spans: bytes) -> bytes:
    """ExportTraceServiceRequest { resource_spans = 1 { scope_spans = 2 { spans = 2 } } }"""
    return field(1, field(2, b"".join(field(2, one) for one in spans)))


def nested_value(depth: int) -> bytes:
    """AnyValue { array_value = 5 { values = 1 { AnyValue ... } } }, so many arrays deep; made from the inside out."""
    heads, length = [], 0
    for _ in range(depth):
        for number in (1, 5):
            head = varint(number << 3 | 2) + varint(length)
            heads.append(head)
            length += len(head)
    return b"".join(reversed(heads))


def base64_text(data: bytes) -> str:
    """As gRPC writes metadata whose name ends in -bin."""
    return base64.b64encode(data).decode().rstrip("=")


def fields(message: bytes):
    """(number, value) of every length-delimited field."""
    at = 0
    while at < len(message):
        tag, at = _read_varint(message, at)
        if tag & 7 == 0:
            _, at = _read_varint(message, at)
        elif tag & 7 == 2:
            size, at = _read_varint(message, at)
            yield tag >> 3, message[at:at + size]
            at += size
        else:
            at += {1: 8, 5: 4}[tag & 7]


def _read_varint(message: bytes, at: int) -> tuple:
    value, shift = 0, 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        shift, at = shift + 7, at + 1
        if byte < 128:
            return value, at


def spans_of(message: bytes):
    """Each Span of an ExportTraceServiceRequest, as bytes."""
    for _, resource_spans in fields(message):
        for number, scope_spans in fields(resource_spans):
            if number == 2:
                yield from (value for field_number, value in fields(scope_spans) if field_number == 2)


def trace_id_of(span_bytes: bytes) -> str:
    return next(value.hex() for number, value in fields(span_bytes) if number == 1)
