#!/usr/bin/env python3
"""`tailrace load` for OTLP JSON: the same requests, new trace ids in each, as fast as one core sends them. Takes the generator's options as
far as they mean something here, and says what it says.

It is one loop over non-blocking sockets; all JSON is made beforehand and only ids are written in."""

import argparse
import collections
import gc
import json
import random
import select
import socket
import sys
import time

from json_requests import CLASSES, Template, capture, encode_trace_id, to_json

SPREAD_TRACES = 1000  # the generator's default: they begin between two pieces of one trace
TRACES_MADE = 320
RETRY_AFTER_S = 0.05


class Traffic:
    """Which template is next, with which ids; and which traces came through whole."""

    def __init__(self, templates: list, parts: int, traces_per_group: int, spans_per_trace: int, interleave: bool):
        self.templates, self.parts, self.per_group, self.spans = templates, parts, traces_per_group, spans_per_trace
        self.pool_groups = len(templates) // parts
        self.lag = -(-SPREAD_TRACES // traces_per_group) if interleave else 0
        self.seed = random.getrandbits(31) | 1
        self.classes = [[trace_class for _, trace_class in templates[g * parts].labels] for g in range(self.pool_groups)]
        self.step = self.part = 0
        self.groups_end = None
        self.open = {}  # group -> [ids, parts done, every one of them acknowledged]
        self.retries = collections.deque()  # (due, group, part)
        self.whole, self.partial = collections.Counter(), collections.Counter()

    def next(self, now: float):
        """(request, its number of spans, group, part); None at the end."""
        if self.retries and self.retries[0][0] <= now:
            return self._made(*self.retries.popleft()[1:])
        while True:
            group = self.step - self.lag * self.part
            over = self.groups_end is not None and group >= self.groups_end
            if self.groups_end is not None and self.step >= self.groups_end + self.lag * (self.parts - 1):
                return None
            if group >= 0 and not over:
                made = self._made(group, self.part)
                self._advance()
                return made
            self._advance()

    def _advance(self) -> None:
        self.part += 1
        if self.part == self.parts:
            self.part, self.step = 0, self.step + 1

    def _made(self, group: int, part: int) -> tuple:
        state = self.open.get(group)
        if state is None:
            first = group * self.per_group
            ids = [encode_trace_id(first + i, self.seed, c, self.spans) for i, c in enumerate(self.classes[group % self.pool_groups])]
            state = self.open[group] = [ids, 0, True]
        template = self.templates[group % self.pool_groups * self.parts + part]
        return template.with_ids(state[0]), template.spans, group, part

    def done(self, group: int, acknowledged: bool) -> None:
        state = self.open[group]
        state[1] += 1
        state[2] &= acknowledged
        if state[1] == self.parts:
            del self.open[group]
            (self.whole if state[2] else self.partial).update(self.classes[group % self.pool_groups])

    def end(self) -> None:
        self.groups_end = self.step + 1


class Connection:
    def __init__(self, address: tuple):
        self.socket = socket.create_connection(address, timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.request = None  # as Traffic.next() made it
        self.unsent, self.answer, self.began, self.watched = None, b"", 0.0, select.EPOLLIN

    def begin(self, request: tuple, now: float) -> None:
        self.request, self.answer, self.began = request, b"", now
        self.unsent = memoryview(request[0])
        self.write()

    def write(self) -> None:
        try:
            while self.unsent:
                self.unsent = self.unsent[self.socket.send(self.unsent):]
        except BlockingIOError:
            return
        self.unsent = None

    def read(self):
        """(status, body) once the answer is there."""
        try:
            some = self.socket.recv(65536)
        except BlockingIOError:
            return None
        if not some:
            raise ConnectionError("the server closed the connection")
        self.answer += some
        head, found, body = self.answer.partition(b"\r\n\r\n")
        if not found:
            return None
        size = next((int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"), 0)
        return (int(head[9:12]), body) if len(body) >= size else None


class JsonLoad:
    def __init__(self, args, traffic: Traffic, address: tuple):
        self.args, self.traffic = args, traffic
        self.connections = {}
        self.epoll = select.epoll()
        for _ in range(args.connections):
            connection = Connection(address)
            self.connections[connection.socket.fileno()] = connection
            self.epoll.register(connection.socket, select.EPOLLIN)
        self.counts = dict.fromkeys(("sent", "acknowledged", "refused", "failed", "lost"), 0)
        self.latencies = []

    def run(self) -> dict:
        began, shown, ending = time.monotonic(), 0, False
        idle = list(self.connections.values())
        while True:
            now = time.monotonic()
            if not ending and now - began >= self.args.duration:
                ending = True
                self.traffic.end()
            if now - began >= shown + 1:
                shown += 1
                print(json.dumps({"seconds": round(now - began, 6), **self.counts}), file=sys.stderr, flush=True)
            while idle and (request := self.traffic.next(now)):
                connection = idle.pop()
                connection.begin(request, now)
                self.counts["sent"] += request[1]
                self._watch(connection)
            if ending and len(idle) == len(self.connections) and not self.traffic.retries:
                return self._result(now - began)
            if ending and now - began > self.args.duration + self.args.retry + 10:
                raise TimeoutError("the last answers do not come")
            for fileno, events in self.epoll.poll(0.01):
                connection = self.connections[fileno]
                if events & select.EPOLLOUT and connection.unsent:
                    connection.write()
                    self._watch(connection)
                if events & ~select.EPOLLOUT and (answer := connection.read()):
                    self._answered(connection, *answer)
                    idle.append(connection)

    def _watch(self, connection: Connection) -> None:
        wanted = select.EPOLLIN | (select.EPOLLOUT if connection.unsent else 0)
        if wanted != connection.watched:
            connection.watched = wanted
            self.epoll.modify(connection.socket, wanted)

    def _answered(self, connection: Connection, status: int, body: bytes) -> None:
        _, spans, group, part = connection.request
        now = time.monotonic()
        if status in (429, 503):
            self.counts["refused"] += spans
            if now - connection.began < self.args.retry:
                self.traffic.retries.append((now + RETRY_AFTER_S, group, part))
                return
        acknowledged = status == 200 and not (b"rejectedSpans" in body and b'"rejectedSpans":"0"' not in body)
        self.counts["acknowledged" if acknowledged else "failed"] += spans
        if acknowledged:
            self.latencies.append(now - connection.began)
        self.traffic.done(group, acknowledged)

    def _result(self, seconds: float) -> dict:
        ordered = sorted(self.latencies) or [0.0]
        latency = {f"p{digits}": round(1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))], 3)
                   for digits, share in ((50, 0.5), (90, 0.9), (99, 0.99))}
        traces = {name: {"whole": self.traffic.whole[i], "partial": self.traffic.partial[i]} for i, name in enumerate(CLASSES)}
        return {"duration_seconds": seconds, "spans": dict(self.counts), "traces": traces, "latency_ms": latency}


def parse(argv: list) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tailrace", required=True)
    parser.add_argument("--endpoint", required=True)
    for name, default in (("span-bytes", 456), ("spans-per-request", 100), ("spans-per-trace", 20), ("services", 4), ("connections", 8)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--interleave", action="store_true")
    parser.add_argument("--duration", type=float, default=10)
    parser.add_argument("--retry", type=float, default=0)
    return parser.parse_known_args(argv)[0]


def main() -> int:
    args = parse(sys.argv[1:])
    parts = args.services if args.interleave else 1
    per_group = max(1, args.spans_per_request * parts // args.spans_per_trace)
    shape = ["--span-bytes", args.span_bytes, "--spans-per-request", args.spans_per_request, "--spans-per-trace", args.spans_per_trace,
             "--services", args.services, *(["--interleave"] if args.interleave else [])]
    groups = -(-TRACES_MADE // per_group)
    bodies = capture(args.tailrace, shape + ["--pool", groups * parts], groups * per_group)
    translated = [to_template(body, args.endpoint) for body in bodies]
    host, port = args.endpoint.rsplit(":", 1)
    traffic = Traffic(translated, parts, per_group, args.spans_per_trace, args.interleave)
    gc.collect()
    gc.freeze()
    print(json.dumps(JsonLoad(args, traffic, (host, int(port))).run()))
    return 0


def to_template(body: bytes, endpoint: str) -> Template:
    text = to_json(body)
    head = (f"POST /v1/traces HTTP/1.1\r\nHost: {endpoint}\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n")
    return Template(text, head.encode())


if __name__ == "__main__":
    sys.exit(main())
