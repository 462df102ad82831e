"""The spanmetrics connector and the prometheus exporter against the real Collector's on the same spans: the same series,
with the same calls, sums and buckets."""

import contextlib
import json
import math
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import unittest

from tests.interop.collector import programs, yaml_text
from tests.support import daemon, metrics, web

INPUT = daemon.SOURCE_DIR / "tests" / "golden" / "input.jsonl"
# Resources that agree in these look the same to a scraper. Of two that only look the same the Collector shows the one
# that came last, and Tailrace their sum.
KEY = ["service.name", "service.namespace", "service.instance.id"]
CONNECTORS = {
    "plain": {},
    "dimensions": {"dimensions": [{"name": "tenant.id", "default": "nobody"}, {"name": "http.response.status_code"},
                                  {"name": "queue.load"}, {"name": "cache.hit"}, {"name": "deployment.environment"}],
                   "histogram": {"unit": "s", "explicit": {"buckets": ["1ms", "10ms", "100ms", "500ms", "1s", "1m"]}}},
    "split": {"dimensions": [{"name": "tenant.id"}], "calls_dimensions": [{"name": "cache.hit", "default": "unknown"}],
              "histogram": {"dimensions": [{"name": "http.response.status_code"}]}},
    "excluded": {"exclude_dimensions": ["span.name", "span.kind", "no.such"], "histogram": {"disable": True}},
    "few": {"aggregation_cardinality_limit": 7, "events": {"enabled": True, "dimensions": [{"name": "exception.type"}]}},
    "powers": {"histogram": {"exponential": {"max_size": 80}}},
    "events": {"dimensions": [{"name": "tenant.id", "default": "nobody"}, {"name": "n"}, {"name": "both", "default": "early"}],
               "calls_dimensions": [{"name": "both", "default": "of calls"}],
               "events": {"enabled": True, "dimensions": [
                   {"name": "exception.type", "default": "none"}, {"name": "ok"}, {"name": "both", "default": "late"},
                   {"name": "list"}, {"name": "host"}]}},
    "off": {"events": {"enabled": False, "dimensions": [{"name": "span.name"}]}},
}


def attribute(key: str, **value) -> dict:
    return {"key": key, "value": value}


def made(**fields) -> dict:
    return {"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174", "name": "made", "startTimeUnixNano": "1000000",
            "endTimeUnixNano": "4000000", **fields}


def event(*attributes: dict) -> dict:
    return {"timeUnixNano": "2000000", "name": "made", "attributes": list(attributes)}


# The last request. What the golden traffic lacks: events whose attributes the span, the resource or they themselves have once more, of
# any type, and of spans that stand for others.
LAST = {"resourceSpans": [{
    "resource": {"attributes": [attribute("service.name", stringValue="made"), attribute("host", stringValue="of resource"),
                                attribute("exception.type", stringValue="of resource"), attribute("tenant.id", stringValue="t")]},
    "scopeSpans": [{"spans": [
        made(events=[event(), event(attribute("exception.type", stringValue="of event")),
                     event(attribute("exception.type", stringValue="first"), attribute("exception.type", stringValue="last")),
                     event(attribute("host", stringValue="of event"), attribute("tenant.id", stringValue="of event"))]),
        made(attributes=[attribute("exception.type", stringValue="of span"), attribute("host", stringValue="of span"),
                         attribute("host", stringValue="of span, last")],
             events=[event(attribute("exception.type", stringValue="of event"), attribute("host", stringValue="of event"))]),
        made(traceState="ot=th:c", status={"code": 2},
             events=[event(attribute("n", intValue="5")), event(attribute("n", doubleValue=0.5))]),
        made(traceState="ot=th:8", kind=3, events=[event(attribute("ok", boolValue=False), attribute("both", stringValue="b"))]),
        made(events=[event(attribute("list", arrayValue={"values": [{"stringValue": "a"}, {"intValue": "1"}]})),
                     event(attribute("list", kvlistValue={"values": [attribute("k", stringValue="<v>")]})),
                     event(attribute("list", bytesValue="AAEC")), event(attribute("list")), event(attribute("list", stringValue=""))]),
    ]}]}]}
LAST_CALLS, LAST_EVENTS = 1 + 1 + 4 + 2 + 1, 4 + 1 + 2 * 4 + 2 + 5
WITH_EVENTS = [name for name, options in CONNECTORS.items() if options.get("events", {}).get("enabled")]


def configuration(ports: dict, extra: dict) -> dict:
    connectors = {f"spanmetrics/{name}": {"namespace": name, "resource_metrics_key_attributes": KEY,
                                          "metrics_flush_interval": "200ms", **options}
                  for name, options in CONNECTORS.items()}
    return {"receivers": {"otlp": {"protocols": {"http": {"endpoint": f"127.0.0.1:{ports['HTTP']}"}}}},
            "exporters": {"prometheus": {"endpoint": f"127.0.0.1:{ports['SERIES']}", "enable_open_metrics": True}},
            "connectors": connectors,
            "service": {**extra, "telemetry": {"metrics": {"level": "none"}, "logs": {"level": "error"}}, "pipelines": {
                "traces": {"receivers": ["otlp"], "exporters": list(connectors)},
                "metrics": {"receivers": list(connectors), "exporters": ["prometheus"]}}}}


@contextlib.contextmanager
def running(binary: pathlib.Path, directory: pathlib.Path, extra: dict):
    """Yields the ports of a program that is ready."""
    directory.mkdir()
    ports = dict(zip(("HTTP", "SERIES"), daemon.free_ports(2)))
    (directory / "config.yaml").write_text(yaml_text.dump(configuration(ports, extra)), encoding="utf-8")
    env = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
    with open(directory / "log", "wb") as log:
        process = subprocess.Popen([str(binary), "--config", "config.yaml"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   cwd=directory, env=env)

    def listens() -> bool:
        with contextlib.suppress(OSError):
            for port in ports.values():
                socket.create_connection(("127.0.0.1", port), timeout=2).close()
            return True
        return False

    try:
        daemon.wait_for(lambda: process.poll() is not None or listens(), f"{binary} listens")
        if process.poll() is not None:
            raise AssertionError(f"{binary} ended:\n{(directory / 'log').read_text(errors='replace')[-5000:]}")
        yield ports
        process.send_signal(signal.SIGTERM)
        process.wait(daemon.DEADLINE_S)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def scrape(ports: dict) -> dict:
    """(name, labels) -> value, without what differs from process to process."""
    found = metrics.parse(web.request(ports["SERIES"], "GET", "/metrics", timeout=30).body.decode())
    series = {}
    for name, labels, value in found.samples:
        key = (name, tuple(sorted((k, v) for k, v in labels.items() if k != "collector_instance_id")))
        assert key not in series, f"{key} twice"
        series[key] = value
    return series


def settled(ports: dict) -> dict:
    """What is shown once every connector has shown the last request, of which the Collector shows nothing but zeros at first."""
    def all_there(series: dict) -> bool:
        def of_last(metric: str) -> float:
            return sum(value for (name, labels), value in series.items() if name == metric and ("job", "made") in labels)
        return (all(of_last(f"{name}_calls_total") == LAST_CALLS for name in CONNECTORS) and
                all(of_last(f"{name}_events_total") == LAST_EVENTS for name in WITH_EVENTS))
    daemon.wait_for(lambda: all_there(scrape(ports)), "the last request's calls and events")
    return scrape(ports)


def open_metrics(ports: dict) -> list:
    """The page's lines in order, without exemplars, and without what differs from process to process: labels of it, and
    digits of numbers."""
    answer = web.request(ports["SERIES"], "GET", "/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"},
                         timeout=30)
    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0"), answer.headers
    lines = answer.body.decode().splitlines()
    assert lines[-1] == "# EOF", lines[-1]
    shape = []
    for line in lines:
        line = re.sub(r'collector_instance_id="[^"]*"', "", line)
        if not line.startswith("# "):
            line, number = line.split(" # ")[0].rsplit(" ", 1)
            line += " 0" if number.isdigit() else " 0.0"
        shape.append(line)
    return sorted(shape)


class SpanMetricsComparison(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Where a span stands for 100.0001 others both count 100 or, by chance, 101: one that stands for 64 instead.
        text = INPUT.read_text(encoding="utf-8").replace("ot=th:fd70a4", "ot=th:fc")
        requests = [json.loads(line) for line in text.splitlines()] + [LAST]
        counted = [r for one in requests for r in one["resourceSpans"]
                   if any(a["key"] == "service.name" for a in r.get("resource", {}).get("attributes", []))]
        spans = [span for r in counted for scope in r.get("scopeSpans", []) for span in scope.get("spans", [])]
        cls.spans, cls.events = len(spans), sum(len(span.get("events", [])) for span in spans)
        cls.seen, cls.pages = {}, {}
        with tempfile.TemporaryDirectory(prefix="tailrace-spanmetrics-") as scratch:
            for name, binary, extra in (("collector", programs.COLLECTOR, {}),
                                        ("tailrace", pathlib.Path(daemon.BINARY), {"tailrace": {"shards": 1}})):
                with running(binary, pathlib.Path(scratch) / name, extra) as ports:
                    for request in requests:
                        answer = web.post(ports["HTTP"], request, "application/json", {}, "/v1/traces", 30)
                        assert answer.status == 200, answer
                    cls.seen[name] = settled(ports)
                    cls.pages[name] = open_metrics(ports)

    def test_the_same_series(self):
        theirs, ours = set(self.seen["collector"]), set(self.seen["tailrace"])
        self.assertGreater(len(theirs), 500)
        self.assertEqual(sorted(theirs - ours)[:5], [], f"{len(theirs - ours)} that the Collector alone has")
        self.assertEqual(sorted(ours - theirs)[:5], [], f"{len(ours - theirs)} that Tailrace alone has")

    def test_the_same_values(self):
        wrong = [(key, theirs, self.seen["tailrace"].get(key)) for key, theirs in self.seen["collector"].items()
                 if not math.isclose(theirs, self.seen["tailrace"].get(key, math.nan), rel_tol=1e-9)]
        self.assertEqual(wrong[:5], [], f"{len(wrong)} differ")
        self.assertGreaterEqual(self.spans, 1000)

    def test_open_metrics_looks_the_same(self):
        theirs, ours = set(self.pages["collector"]), set(self.pages["tailrace"])
        self.assertEqual(sorted(theirs - ours)[:5], [], f"{len(theirs - ours)} lines that the Collector alone has")
        self.assertEqual(sorted(ours - theirs)[:5], [], f"{len(ours - theirs)} lines that Tailrace alone has")
        self.assertEqual(len(self.pages["collector"]), len(self.pages["tailrace"]))

    def test_events_are_among_them(self):
        seen = {name for name, _ in self.seen["collector"]}
        self.assertEqual({name for name in seen if "events_total" in name}, {f"{name}_events_total" for name in WITH_EVENTS})
        self.assertGreater(sum(name == "events_events_total" for name, _ in self.seen["collector"]), 100)
        self.assertGreaterEqual(self.events, 300)


if __name__ == "__main__":
    daemon.main()
