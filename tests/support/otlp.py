"""OTLP JSON for tests: makes requests, reads the file exporter's lines, brings spans to one canonical form."""

import collections
import json
import os
import pathlib
import struct
import time


def trace_id() -> str:
    return os.urandom(16).hex()


def span_id() -> str:
    return os.urandom(8).hex()


def span(trace: str = None, name: str = "GET /", parent: str = "", duration_ms: float = 5, error: bool = False,
         **fields) -> dict:
    end = time.time_ns()
    made = {"traceId": trace or trace_id(), "spanId": span_id(), "name": name, "kind": 2,
            "startTimeUnixNano": str(end - int(duration_ms * 1e6)), "endTimeUnixNano": str(end)}
    if parent:
        made["parentSpanId"] = parent
    if error:
        made["status"] = {"code": 2, "message": "it failed"}
    made.update(fields)
    return made


def request(*spans: dict, service: str = "frontend") -> dict:
    return {"resourceSpans": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]},
        "scopeSpans": [{"scope": {"name": "tests", "version": "1"}, "spans": list(spans)}]}]}


def read_file_exporter(path: pathlib.Path, killed: bool = False) -> list:
    """The requests in a file exporter's file; a last line that is still being written is left for the next look. `killed`: whoever wrote it
    was, and what it had begun may stand before the first line of the next one: it counts as not written."""
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    begin = '{"resourceSpans"'
    return [json.loads(line[line.rindex(begin):] if killed and begin in line else line) for line in lines[:-1] if line]


def each_span(requests: list):
    """(resourceSpans without its scopes, scopeSpans without its spans, span) of every span."""
    for one in requests:
        for resource_spans in one.get("resourceSpans", []):
            resource = {k: v for k, v in resource_spans.items() if k != "scopeSpans"}
            for scope_spans in resource_spans.get("scopeSpans", []):
                scope = {k: v for k, v in scope_spans.items() if k != "spans"}
                for one_span in scope_spans.get("spans", []):
                    yield resource, scope, one_span


def trace_ids(requests: list) -> set:
    return {s["traceId"].lower() for _, _, s in each_span(requests)}


def whole_traces(requests: list) -> dict:
    """trace id -> multiset of its spans, each with its resource and scope, in canonical form."""
    traces = collections.defaultdict(collections.Counter)
    for resource, scope, one_span in each_span(requests):
        text = json.dumps([canonical(resource), canonical(scope), canonical(one_span)], sort_keys=True)
        traces[one_span["traceId"].lower()][text] += 1
    return dict(traces)


_NUMBERS = {"intValue", "startTimeUnixNano", "endTimeUnixNano", "timeUnixNano", "droppedAttributesCount",
            "droppedEventsCount", "droppedLinksCount", "flags", "kind", "code"}
_HEX = {"traceId", "spanId", "parentSpanId"}
_DOUBLES = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


def canonical(value, key: str = ""):
    """OTLP JSON has more than one spelling of one thing: 64-bit numbers, hex case, fields at their default."""
    if isinstance(value, list):
        return [canonical(v) for v in value]
    if isinstance(value, dict):
        if key == "value" and value.keys() <= {"stringValue", "intValue", "boolValue", "doubleValue", "bytesValue",
                                               "arrayValue", "kvlistValue"}:
            return {k: canonical(v, k) for k, v in value.items()}  # a oneof: an empty string is not an absent one
        if key in ("arrayValue", "kvlistValue"):
            # Inside an array each element is a oneof of its own.
            return [canonical(v, "value" if key == "arrayValue" else "") for v in value.get("values", [])]
        made = {k: canonical(v, k) for k, v in value.items()}
        # A field of proto3 at its default is an absent one.
        return {k: v for k, v in made.items() if v not in ("", 0, [], {}) or (k == "value" and v != {})}
    if key in _NUMBERS:
        return int(value)
    if key in _HEX:
        return value.lower()
    if key == "doubleValue":
        number = _DOUBLES.get(value, value)
        return struct.pack(">d", float(number)).hex()
    return value
