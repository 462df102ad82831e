"""Random traces in OTLP JSON: 1 to 30 spans over several requests, every kind of attribute, status, event and link.

Values come from small pools, so that conditions drawn from the same pools hold for some spans and not for others.
"""

import base64
import json

START_S = 1_760_000_000

WORDS = ["", "a", "b", "GET", "POST", "get /cart", "ACME", "acme-2", "Éclair", "naïve ☕", "camelCaseText", "snake_case_text",
         " padded ", "a,b,c", "x=1 y=2", "timeout", "10.1.2.3", "2001:db8::7", "42", "-7", "3.5", "1e3", "true", "0x1f", "ff"]
ROUTES = ["/api/pay", "/api/orders/17", "/healthz", "/readyz", "/static/app.js", "/", "/api/users/é"]
URLS = ["https://shop.example.com:8443/cart/items.html?q=1&r=two#top", "http://user:secret@10.0.0.1/a/b", "/only/path",
        "ftp://files.example.org/x.tar.gz", "https://example.com"]
JSONS = ['{"kind":"sale","amount":12.5,"n":3,"deep":{"list":[1,"two",null,true]}}', '{"kind":"refund","amount":-4}', '[1,2,3]',
         '{"kind":"sale"', '"text"', '{}', '{"kind":null,"amount":9007199254740993}', 'null', '17']
PAIRS = ["a=1 b=2", "a=1;b=2", "a = 1", 'k="quoted value" a=3', "novalue", "", "a=1 a=2"]
CSVS = ["1,2,3", 'x,"y,z",w', "only", "", "1;2;3"]
TIMES = ["2025-10-09T08:07:06Z", "2024-02-29T23:59:59Z", "2025-01-01T00:00:00+02:00", "not a time", "2025-10-09"]
DURATIONS = ["150ms", "1.5s", "2h45m", "-3s", "1us", "soon", "0", "1d"]
ADDRESSES = ["10.0.0.9", "192.168.1.4", "2001:db8::1", "::ffff:10.0.0.1", "nowhere", "172.16.0.1"]
INTS = [0, 1, 2, 3, 7, 42, 99, 200, 404, 500, 503, -1, -5, 1 << 31, 9007199254740993, (1 << 63) - 1, -(1 << 63)]
DOUBLES = [0.0, 0.5, 1.0, 1.5, 2.25, -0.5, 200.0, 1e10, 1e-7, 1e21, 123456789.125]
BLOBS = [b"", b"\x00\x01", b"abc", b"\xff\xfe\x00", bytes(range(16))]
NAMES = ["GET /cart", "POST /pay", "db.query", "publish", "", "render", "Éclair"]
EVENT_NAMES = ["exception", "retry", "log", ""]
TRACE_STATES = ["", "", "", "vendor=alpha", "vendor=beta,tenant=acme", "tenant=globex , vendor=alpha", "bad state", "a=1,a=2",
                "ot=th:8", "vendor=alpha,"]
SERVICES = ["frontend", "payment", "search", ""]


def _text(rng):
    return {"stringValue": rng.choice(WORDS)}


def _int(rng):
    return {"intValue": str(rng.choice(INTS))}


def _double(rng):
    return {"doubleValue": rng.choice(DOUBLES)}


def _bool(rng):
    return {"boolValue": rng.random() < 0.5}


def _bytes(rng):
    return {"bytesValue": base64.b64encode(rng.choice(BLOBS)).decode()}


def _list(rng, depth=0):
    if rng.random() < 0.5:
        one = rng.choice([_text, _int, _double])
        return {"arrayValue": {"values": [one(rng) for _ in range(rng.randrange(5))]}}
    return {"arrayValue": {"values": [any_value(rng, depth + 1) for _ in range(rng.randrange(5))]}}


def _map(rng, depth=0):
    values = [{"key": "region", "value": {"stringValue": rng.choice(["eu", "us", ""])}},
              {"key": "n", "value": _int(rng)},
              {"key": "deep", "value": {"kvlistValue": {"values": [{"key": "flag", "value": _bool(rng)}]}}},
              {"key": "other", "value": any_value(rng, depth + 1)}]
    return {"kvlistValue": {"values": rng.sample(values, rng.randrange(len(values) + 1))}}


def any_value(rng, depth=0):
    makers = [_text, _int, _double, _bool, _bytes, lambda _: {}]
    if depth < 2:
        makers += [lambda r: _list(r, depth), lambda r: _map(r, depth)]
    return rng.choice(makers)(rng)


def _from(pool):
    return lambda rng: {"stringValue": rng.choice(pool)}


# Each key has a kind of its own; now and then a span has another kind under it.
KEYS = {
    "text": _text, "route": _from(ROUTES), "status": _int, "count": _int, "load": _double, "hit": _bool, "blob": _bytes,
    "tags": _list, "ctx": _map, "json": _from(JSONS), "pairs": _from(PAIRS), "csv": _from(CSVS), "when": _from(TIMES),
    "took": _from(DURATIONS), "ip": _from(ADDRESSES), "url": _from(URLS), "mixed": any_value, "digits": _from(
        ["42", "-7", "007", "ff", "4539578763621486", "1234", "79927398713", "0b11", "", "9223372036854775808"]),
}
RESOURCE_KEYS = {"service.name": _from(SERVICES), "host.cpu": _int, "region": _text, "mixed": any_value, "route": _from(ROUTES)}
SCOPE_KEYS = {"mode": _from(["auto", "manual"]), "mixed": any_value}


def attributes(rng, keys, most):
    made = []
    for key in rng.sample(sorted(keys), rng.randrange(min(most, len(keys)) + 1)):
        made.append({"key": key, "value": any_value(rng) if rng.random() < 0.12 else keys[key](rng)})
    if made and rng.random() < 0.03:
        made.append({"key": made[0]["key"], "value": any_value(rng)})  # one key twice
    return made


def _with(record: dict, **fields) -> dict:
    """The fields that are not at their default."""
    record.update({k: v for k, v in fields.items() if v not in ("", 0, [], None)})
    return record


def _event(rng, at):
    return _with({}, timeUnixNano=str(at), name=rng.choice(EVENT_NAMES), attributes=attributes(rng, KEYS, 4),
                 droppedAttributesCount=rng.choice([0, 0, 2]))


def _link(rng):
    return _with({"traceId": rng.randbytes(16).hex(), "spanId": rng.randbytes(8).hex()}, traceState=rng.choice(TRACE_STATES),
                 attributes=attributes(rng, KEYS, 2), flags=rng.choice([0, 1]))


def span(rng, trace: str, parent: str, start: int) -> dict:
    length = rng.choice([0, 1_000, 999_999, 1_000_000, 5_000_000, 49_999_999, 50_000_000, 500_000_000, 2_000_000_001])
    status = _with({}, code=rng.choice([0, 0, 0, 1, 2]), message=rng.choice(["", "boom", "it failed"]))
    made = {"traceId": trace, "spanId": rng.randbytes(8).hex()}
    return _with(made, parentSpanId=parent, name=rng.choice(NAMES), kind=rng.randrange(6), startTimeUnixNano=str(start),
                 endTimeUnixNano=str(start + length), traceState=rng.choice(TRACE_STATES),
                 attributes=attributes(rng, KEYS, 8), droppedAttributesCount=rng.choice([0, 0, 0, 3]),
                 events=[_event(rng, start + i) for i in range(rng.choice([0, 0, 0, 1, 3]))],
                 droppedEventsCount=rng.choice([0, 0, 1]), links=[_link(rng) for _ in range(rng.choice([0, 0, 0, 1, 2]))],
                 droppedLinksCount=rng.choice([0, 0, 1]), status=status or None, flags=rng.choice([0, 0, 1, 256, 257, 769]))


def _trace(rng) -> list:
    trace = rng.randbytes(16).hex()
    size = rng.choice([1, 1, 1, 1, 2, 2, 3, rng.randrange(4, 10), rng.randrange(10, 31)])
    start = (START_S + rng.randrange(400 * 86400)) * 10**9 + rng.choice([0, 1, 999_999_999, 123_456_789])
    root_parent = rng.choice(["", "", "", rng.randbytes(8).hex()])
    spans = [span(rng, trace, root_parent, start)]
    for _ in range(size - 1):
        parent = rng.choice(spans)["spanId"] if rng.random() < 0.95 else ""
        spans.append(span(rng, trace, parent, start + rng.choice([0, 1, 1_000_000, 40_000_000])))
    if rng.random() < 0.05:
        spans.append(spans[0])  # sent twice
    return spans


def _resource(rng) -> dict:
    made = {"resource": _with({}, attributes=attributes(rng, RESOURCE_KEYS, 5), droppedAttributesCount=rng.choice([0, 0, 4]))}
    return _with(made, schemaUrl=rng.choice(["", "https://opentelemetry.io/schemas/1.26.0"]))


def _scope(rng) -> dict:
    made = {"scope": _with({}, name=rng.choice(["", "manual", "lib"]), version=rng.choice(["", "1.2.0"]),
                           attributes=attributes(rng, SCOPE_KEYS, 2), droppedAttributesCount=rng.choice([0, 0, 1]))}
    return _with(made, schemaUrl=rng.choice(["", "", "https://example.com/1"]))


def requests(rng, traces: int, pieces: int) -> list:
    """`pieces` requests; a trace's spans are spread over at most four of them, under up to three resources."""
    made = [{} for _ in range(pieces)]
    for _ in range(traces):
        spans = _trace(rng)
        homes = rng.sample(range(pieces), min(pieces, rng.choice([1, 1, 2, 4])))
        places = [(_resource(rng), _scope(rng)) for _ in range(rng.choice([1, 1, 2, 3]))]
        for one in spans:
            resource, scope = rng.choice(places)
            request = made[rng.choice(homes)]
            _, scopes = request.setdefault(json.dumps(resource), (resource, {}))
            scopes.setdefault(json.dumps(scope), (scope, []))[1].append(one)
    return [{"resourceSpans": [{**resource, "scopeSpans": [{**scope, "spans": spans} for scope, spans in scopes.values()]}
                               for resource, scopes in request.values()]} for request in made if request]
