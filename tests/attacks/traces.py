"""Attackers who speak proper OTLP: a trace for each span, as fast as it goes, and one trace of millions of spans."""

import http.client
import os
import struct
import time

from tests.attacks import honest
from tests.attacks.crowds import Row
from tests.support import daemon as daemons
from tests.support import wire
from tests.support.sink import Sink

KEPT_MIN = 0.99
COST_MAX = 1.2
_SPANS_A_REQUEST, _SPANS_A_TRACE = 1000, 20
_TRACE_SIZE_MAX = 8 << 20  # less than service::tailrace::trace_mib_max comes to
_WAIT_S = 2
_MARK = b"0123456789abcdef"


def flood(seconds: float, rate: float) -> Row:
    """Every span of the flood is a trace of its own, of one loud service; of the honest traces with errors, how many arrive whole."""
    with Sink() as sink:
        exporter = f"  otlp:\n    endpoint: 127.0.0.1:{sink.port}\n    tls: {{insecure: true}}\n    sending_queue: {{sizer: bytes, queue_size: 1000000000}}"
        # The table has room for what is honest, and half as much again.
        sampling = f"decision_wait: {_WAIT_S}s\nnum_traces: {round(1.5 * _WAIT_S * rate / _SPANS_A_TRACE)}"
        with daemons.Daemon(honest.configuration(exporter=exporter, exporter_name="otlp", sampling=sampling,
                                                 tailrace="memory_budget_mib: 4096")) as daemon:
            port = daemon.ports["GRPC"]
            with honest.Load(port, seconds, 0, "--spans-per-trace", 1, "--services", 1, "--service-prefix", "loud-", "--errors", 0, "--slow", 0) as flooders, \
                    honest.Load(port, seconds, rate, "--errors", 0.05, "--slow", 0, "--interleave") as load:
                beside, attack = load.result(), flooders.result()
            sent = beside["traces"]["error"]["whole"]
            evicted = daemon.metrics().sum_or_zero("tailrace_early_decisions")
            daemon.stop()
        arrived = sink.report()["traces"]["error"]["whole"]
    kept = arrived / max(sent, 1)
    missed = [] if kept >= KEPT_MIN else [f"{kept:.1%} of the honest traces with errors were kept whole"]
    if honest.errors_of(beside):
        missed.append(f"{honest.errors_of(beside)} honest requests failed")
    return Row(f"flood of trace ids ({attack['spans_per_second'] / 1e6:.2f} M/s)",
               f"{kept:.2%} of {sent} honest traces with errors kept whole; {evicted:.0f} traces decided early", missed)


def _request() -> bytes:
    """A thousand spans, all of the trace _MARK."""
    now = time.time_ns()
    spans = [wire.field(1, _MARK) + wire.field(2, os.urandom(8)) + wire.field(5, b"GET /cart") + wire.fixed64(7, now)
             + wire.fixed64(8, now + 10**6) + wire.field(9, wire.field(1, b"http.route") + wire.field(2, wire.field(1, b"/cart" * 40)))
             for _ in range(_SPANS_A_REQUEST)]
    scope = b"".join(wire.field(2, s) for s in spans)
    return wire.field(1, wire.field(2, scope))


def _cpu_for(daemon: daemons.Daemon, requests: int, next_id) -> float:
    """CPU seconds for so many requests, whose traces are `next_id`'s."""
    parts = _request().split(_MARK)
    connection = http.client.HTTPConnection("127.0.0.1", daemon.ports["HTTP"], timeout=30)
    before = honest.cpu_s(daemon.process.pid)
    for _ in range(requests):
        body = bytearray()
        for i, part in enumerate(parts[:-1]):
            body += part + next_id(i)
        connection.request("POST", "/v1/traces", bytes(body + parts[-1]), {"Content-Type": "application/x-protobuf"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise AssertionError(f"a request was answered by {answer.status}")
    connection.close()
    return honest.cpu_s(daemon.process.pid) - before


def giant(spans: int) -> Row:
    """One trace of so many spans against as many in traces of twenty."""
    sampling = f"decision_wait: 5s\nmaximum_trace_size_bytes: {_TRACE_SIZE_MAX}"
    requests = spans // _SPANS_A_REQUEST
    ids = {"ordinary": 0}

    def ordinary(span: int) -> bytes:
        if span % _SPANS_A_TRACE == 0:
            ids["ordinary"] += 1
        return struct.pack(">QQ", 7, ids["ordinary"])

    cost, counted = {}, 0
    for name, next_id in (("ordinary", ordinary), ("giant", lambda span: _MARK)):
        with daemons.Daemon(honest.configuration(sampling=sampling, tailrace="memory_budget_mib: 1024")) as daemon:
            cost[name] = _cpu_for(daemon, requests, next_id)
            counted = daemon.metrics().sum("tailrace_too_large_traces")
            daemon.stop()
    times = cost["giant"] / max(cost["ordinary"], 0.01)
    missed = [] if times <= COST_MAX else [f"a span of it costs {times:.2f} times an ordinary one"]
    if counted < 1:
        missed.append("it was not counted as too large")
    return Row(f"one trace of {spans} spans", f"a span costs {times:.2f} times an ordinary one "
               f"({cost['giant'] / spans * 1e6:.2f} us); capped at {_TRACE_SIZE_MAX >> 20} MiB and counted", missed)
