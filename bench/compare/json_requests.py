"""The load generator's own requests as OTLP JSON: it sends each of them once, to a server in this process, and they are translated here, so
that the JSON load is the protobuf load field for field. Also its way of labelling trace ids (collector/load/trace_label.h). Pure but for
capture()."""

import http.server
import json
import operator
import re
import socketserver
import struct
import subprocess
import threading

CLASSES = ("normal", "error", "slow")
_MASK = (1 << 64) - 1
_MAGIC = 0x7A1CE5
_ROUND_KEYS = ((0x9E3779B97F4A7C15, 0xD1B54A32D192ED03), (0xBF58476D1CE4E5B9, 0x94D049BB133111EB),
               (0xA0761D6478BD642F, 0xE7037ED1A0B428DB), (0x8EBC6AF09C88C6E3, 0x589965CC75374CC3))


def _round(half: int, number: int) -> int:
    key, factor = _ROUND_KEYS[number]
    product = (half ^ key) * factor
    return (product ^ product >> 64) & _MASK


def encode_trace_id(number: int, seed: int, trace_class: int, spans: int) -> bytes:
    """In hex."""
    low, high = number << 16 | spans, seed << 32 | _MAGIC << 8 | trace_class
    low ^= _round(high, 0)
    high ^= _round(low, 1)
    low ^= _round(high, 2)
    high ^= _round(low, 3)
    return struct.pack("<QQ", low, high).hex().encode()


def decode_trace_id(text: str) -> tuple:
    """(number, class)"""
    low, high = struct.unpack("<QQ", bytes.fromhex(text))
    high ^= _round(low, 3)
    low ^= _round(high, 2)
    high ^= _round(low, 1)
    low ^= _round(high, 0)
    if high >> 8 & 0xFFFFFF != _MAGIC:
        raise ValueError(f"{text} is no trace id of the load generator")
    return low >> 16, high & 3


# Messages as field number -> (name, kind or message, repeated). 64-bit integers are strings in JSON, ids are hex.
_ANY = {1: ("stringValue", "text", False), 2: ("boolValue", "bool", False), 3: ("intValue", "int64", False),
        4: ("doubleValue", "double", False)}
_KEY_VALUE = {1: ("key", "text", False), 2: ("value", _ANY, False)}
_STATUS = {2: ("message", "text", False), 3: ("code", "int", False)}
_SPAN = {1: ("traceId", "hex", False), 2: ("spanId", "hex", False), 3: ("traceState", "text", False), 4: ("parentSpanId", "hex", False),
         5: ("name", "text", False), 6: ("kind", "int", False), 7: ("startTimeUnixNano", "fixed64", False),
         8: ("endTimeUnixNano", "fixed64", False), 9: ("attributes", _KEY_VALUE, True), 15: ("status", _STATUS, False)}
_SCOPE = {1: ("name", "text", False), 2: ("version", "text", False), 3: ("attributes", _KEY_VALUE, True)}
_SCOPE_SPANS = {1: ("scope", _SCOPE, False), 2: ("spans", _SPAN, True), 3: ("schemaUrl", "text", False)}
_RESOURCE_SPANS = {1: ("resource", {1: ("attributes", _KEY_VALUE, True)}, False), 2: ("scopeSpans", _SCOPE_SPANS, True),
                   3: ("schemaUrl", "text", False)}
_REQUEST = {1: ("resourceSpans", _RESOURCE_SPANS, True)}
_OF_VARINT = {"bool": bool, "int": int, "int64": lambda n: str(n - (1 << 64) if n >> 63 else n)}


def _varint(data: bytes, at: int) -> tuple:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        shift, at = shift + 7, at + 1
        if byte < 128:
            return value, at


def _message(data: bytes, fields: dict) -> dict:
    made, at = {}, 0
    while at < len(data):
        tag, at = _varint(data, at)
        if tag >> 3 not in fields:
            raise ValueError(f"a field {tag >> 3} that the translation does not know")
        name, kind, repeated = fields[tag >> 3]
        if tag & 7 == 2:
            size, at = _varint(data, at)
            raw, at = data[at:at + size], at + size
            value = raw.decode() if kind == "text" else raw.hex() if kind == "hex" else _message(raw, kind)
        elif tag & 7 == 1:
            value = str(struct.unpack_from("<Q", data, at)[0]) if kind == "fixed64" else struct.unpack_from("<d", data, at)[0]
            at += 8
        else:
            number, at = _varint(data, at)
            value = _OF_VARINT[kind](number)
        if repeated:
            made.setdefault(name, []).append(value)
        else:
            made[name] = value
    return made


def to_json(request: bytes) -> bytes:
    return json.dumps(_message(request, _REQUEST), separators=(",", ":")).encode()


class Template:
    """One request, cut at its trace ids. `labels`: (number, class) of the traces that it holds pieces of, as they were captured."""

    def __init__(self, body: bytes, head: bytes):
        self._pieces = re.split(rb'(?<="traceId":")([0-9a-f]{32})(?=")', head + body)  # every other one is an id
        found = [decode_trace_id(text.decode()) for text in self._pieces[1::2]]
        self.labels = sorted(set(found))
        index = {label: i for i, label in enumerate(self.labels)}
        self._ids_of = operator.itemgetter(*(index[label] for label in found), 0)
        self.spans = len(found)

    def with_ids(self, ids: list) -> bytes:
        """The whole request with `ids` in place of those of its traces, in the order of `labels`."""
        self._pieces[1::2] = self._ids_of(ids)[:-1]
        return b"".join(self._pieces)


def capture(tailrace: str, args: list, traces: int) -> list:
    """The bodies of the generator's requests, in their order."""
    bodies = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):  # noqa: N802
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = subprocess.run([tailrace, "load", "--endpoint", f"127.0.0.1:{server.server_address[1]}", "--protocol", "http", "--connections", "1",
                               "--spread", "0", "--traces", str(traces), "--seed", "7", "--quiet", *map(str, args)],
                              capture_output=True, text=True, timeout=60, check=False)
        server.shutdown()
    if done.returncode != 0:
        raise RuntimeError(f"tailrace load: {done.stderr[-1000:]}")
    return bodies
