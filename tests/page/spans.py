"""Traces for the fake daemon, as OTLP's JSON."""

import random

from tests.page.shop import BILLION, trace_id

MS = 1_000_000
START_NS = 1_767_225_600 * BILLION


def attribute(key: str, value) -> dict:
    kinds = {bool: "boolValue", int: "intValue", float: "doubleValue", str: "stringValue"}
    return {"key": key, "value": {kinds[type(value)]: str(value) if type(value) is int else value}}


def span(trace: str, number: int, parent: int | None, name: str, start_ms: float, duration_ms: float, kind: int = 1, error: str = "",
         attributes: dict | None = None, events: list | None = None, links: list | None = None) -> dict:
    made = {"traceId": trace, "spanId": f"{number:016x}", "name": name, "kind": kind, "startTimeUnixNano": str(START_NS + int(start_ms * MS)),
            "endTimeUnixNano": str(START_NS + int((start_ms + duration_ms) * MS)), "attributes": [attribute(k, v) for k, v in (attributes or {}).items()],
            "events": events or [], "links": links or [], "status": {"code": 2, "message": error} if error else {}}
    if parent is not None:
        made["parentSpanId"] = f"{parent:016x}"
    return made


def body(spans_of: dict) -> dict:
    return {"resourceSpans": [
        {"resource": {"attributes": [attribute("service.name", service), attribute("service.version", "2.14.0"), attribute("host.name", "node-7")]},
         "scopeSpans": [{"scope": {"name": "shop-instrumentation", "version": "1.9"}, "spans": spans}]} for service, spans in spans_of.items()]}


def checkout() -> dict:
    """812 ms, of which 412 are spent in payment: POST /charge itself; its second try to reach the bank failed once."""
    t = trace_id(0)
    failed = [{"name": "exception", "timeUnixNano": str(START_NS + 655 * MS), "attributes": [
        attribute("exception.type", "BankTimeout"), attribute("exception.message", "no answer from acquirer within 150 ms")]}]
    return body({
        "storefront": [
            span(t, 1, None, "POST /checkout", 0, 812, 2, "card was charged, the receipt failed", {"http.request.method": "POST", "http.route": "/checkout",
                 "url.full": "https://shop.example/checkout?basket=2207", "http.response.status_code": 502, "user.tier": "gold", "app.basket.items": 3}),
            span(t, 2, 1, "validate basket", 4, 21),
            span(t, 3, 1, "GET cart", 27, 38, 3), span(t, 5, 1, "reserve stock", 68, 71, 3), span(t, 8, 1, "POST payment", 142, 607, 3, attributes={"peer.service": "payment"}),
            span(t, 14, 1, "publish order.created", 752, 6, 4, links=[{"traceId": trace_id(3), "spanId": f"{1:016x}", "attributes": []}]),
            span(t, 15, 1, "render receipt", 760, 47, 1, "template not found")],
        "cart": [span(t, 4, 3, "GET /cart", 30, 32, 2)],
        "inventory": [span(t, 6, 5, "reserve", 72, 63, 2), span(t, 7, 6, "lock rows", 78, 44)],
        "payment": [span(t, 9, 8, "POST /charge", 146, 598, 2, attributes={"payment.provider": "acquirer-eu", "payment.amount": 129.9, "payment.currency": "EUR", "retry.count": 1}),
                    span(t, 12, 9, "call acquirer", 505, 150, 3, "no answer within 150 ms", events=failed)],
        "ledger-db": [span(t, 10, 9, "SELECT balance", 152, 18, 3, attributes={"db.system": "postgresql", "db.query.text": "SELECT balance FROM accounts WHERE id = $1 FOR UPDATE"}),
                      span(t, 11, 9, "INSERT charge", 720, 18, 3, attributes={"db.system": "postgresql"})],
        "shipping": [span(t, 16, 14, "consume order.created", 757, 52, 5), span(t, 17, 16, "plan route", 762, 31)],
    })


def large(count: int) -> dict:
    """A trace of `count` spans, up to some 30 deep."""
    chance = random.Random(7)
    t = trace_id(1)
    spans_of: dict = {f"service-{i}": [] for i in range(9)}
    placed = [(1, 0.0, 60_000.0, 0)]
    spans_of["service-0"].append(span(t, 1, None, "nightly import", 0, 60_000, 2))
    for number in range(2, count + 1):
        parent, start, duration, depth = placed[max(0, len(placed) - 1 - int(chance.expovariate(0.05)))]
        if depth > 30:
            parent, start, duration, depth = placed[0]
        begin = start + duration * chance.random() * 0.8
        length = (start + duration - begin) * chance.random()
        placed.append((number, begin, length, depth + 1))
        spans_of[f"service-{number % 9}"].append(span(t, number, parent, f"step {number}", begin, length))
    return body(spans_of)
