#!/usr/bin/env python3
"""The traffic of a small made-up shop, sent as OTLP/HTTP JSON with nothing but Python's standard library.

    scripts/shop.py [--endpoint http://localhost:4318] [--traces 400] [--seed N]

Most orders go well; a few fail at the payment, a few are slow at the inventory. Also a plain example of what an OTLP
request looks like: see `order()`.
"""

import argparse
import http.client
import json
import random
import sys
import time
import urllib.parse

MS = 1_000_000  # nanoseconds
PRODUCTS = ("kettle", "teapot", "lamp", "rug", "vase", "clock")
# What becomes of a trace: its share of all, the rest is normal.
ERRORS, SLOW = 0.02, 0.02


def attribute(key: str, value) -> dict:
    if isinstance(value, bool):
        return {"key": key, "value": {"boolValue": value}}
    if isinstance(value, int):
        return {"key": key, "value": {"intValue": str(value)}}
    return {"key": key, "value": {"stringValue": str(value)}}


class Shop:
    """Makes orders; one seed makes the same orders."""

    def __init__(self, seed: int):
        self._random = random.Random(seed)

    def _span(self, trace: str, parent: str, name: str, kind: int, start: int, ms: float, error: str = "", **attributes):
        span = {"traceId": trace, "spanId": self._random.randbytes(8).hex(), "name": name, "kind": kind,
                "startTimeUnixNano": str(start), "endTimeUnixNano": str(start + int(ms * MS)),
                "attributes": [attribute(k.replace("__", "."), v) for k, v in attributes.items()]}
        if parent:
            span["parentSpanId"] = parent
        if error:
            span["status"] = {"code": 2, "message": error}
            span["events"] = [{"name": "exception", "timeUnixNano": span["endTimeUnixNano"],
                               "attributes": [attribute("exception.message", error)]}]
        return span

    def order(self, now_ns: int, fate: str = "") -> dict:
        """One customer's order as {service: [span, ...]}; `fate` is error, slow or normal, by chance if not given."""
        chance = self._random
        if not fate:
            draw = chance.random()
            fate = "error" if draw < ERRORS else "slow" if draw < ERRORS + SLOW else "normal"
        trace = chance.randbytes(16).hex()
        cart_ms, stock_ms, pay_ms = chance.uniform(2, 8), chance.uniform(4, 20), chance.uniform(20, 90)
        if fate == "slow":
            stock_ms = chance.uniform(700, 2500)
        why = chance.choice(("card declined", "bank does not answer", "fraud check failed")) if fate == "error" else ""
        total = cart_ms + stock_ms + pay_ms + 10
        start = now_ns - int(total * MS)
        product = chance.choice(PRODUCTS)

        root = self._span(trace, "", "POST /checkout", 2, start, total, why and "the order failed", http__request__method="POST",
                          http__route="/checkout", http__response__status_code=502 if why else 200)
        cart = self._span(trace, root["spanId"], "cart.load", 2, start + 2 * MS, cart_ms, cart__items=chance.randint(1, 7))
        begun = start + int((3 + cart_ms) * MS)
        checkout = self._span(trace, root["spanId"], "checkout.place", 2, begun, stock_ms + pay_ms + 4, why and "payment failed",
                              product=product)
        stock = self._span(trace, checkout["spanId"], "inventory.reserve", 2, begun + MS, stock_ms, product=product)
        query = self._span(trace, stock["spanId"], "UPDATE stock", 3, begun + 2 * MS, stock_ms * 0.9, db__system="postgresql")
        pay = self._span(trace, checkout["spanId"], "payment.charge", 2, begun + int((2 + stock_ms) * MS), pay_ms, why,
                         payment__provider="example-bank", amount__cents=chance.randint(500, 20000))
        return {"frontend": [root], "cart": [cart], "checkout": [checkout], "inventory": [stock, query], "payment": [pay]}


def request_of(orders: list, service: str) -> dict:
    """What one service's SDK would send: its own spans, of many traces."""
    spans = [span for order in orders for span in order[service]]
    return {"resourceSpans": [{
        "resource": {"attributes": [attribute("service.name", service), attribute("deployment.environment.name", "demo")]},
        "scopeSpans": [{"scope": {"name": "shop", "version": "1.0"}, "spans": spans}]}]}


class Sender:
    def __init__(self, endpoint: str):
        url = urllib.parse.urlsplit(endpoint)
        self._connection = http.client.HTTPConnection(url.hostname, url.port or 4318, timeout=10)

    def send(self, orders: list) -> None:
        """Each service sends its part by itself, as in life: Tailrace puts the traces together."""
        for service in ("payment", "inventory", "checkout", "cart", "frontend"):
            self._connection.request("POST", "/v1/traces", json.dumps(request_of(orders, service)),
                                     {"Content-Type": "application/json"})
            answer = self._connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"the collector answered {answer.status}: {body[:200].decode(errors='replace')}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--endpoint", default="http://localhost:4318")
    parser.add_argument("--traces", type=int, default=400)
    parser.add_argument("--seed", type=int, default=time.time_ns())
    options = parser.parse_args()
    shop, sender = Shop(options.seed), Sender(options.endpoint)
    left = options.traces
    try:
        while left > 0:
            count = min(left, 20)
            sender.send([shop.order(time.time_ns()) for _ in range(count)])
            left -= count
    except (OSError, RuntimeError) as error:
        sys.exit(f"shop: cannot send to {options.endpoint}: {error}")
    print(f"sent {options.traces} traces to {options.endpoint}")


if __name__ == "__main__":
    main()
