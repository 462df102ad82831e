"""OTLP protobuf bytes by hand, for tests that send what no library would."""

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
