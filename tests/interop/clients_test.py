"""Real OpenTelemetry clients: their traces arrive, are decided, and come out of the `file` exporter as they went in."""

import json
import os
import pathlib
import subprocess
import unittest

from tests.support import daemon, otlp

HERE = pathlib.Path(__file__).resolve().parent
PEERS = pathlib.Path(subprocess.run([str(daemon.SOURCE_DIR / "scripts" / "peers"), "--where"], capture_output=True, text=True,
                                    check=True).stdout.strip())
ERRORS_ONLY = "- {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}"
# What is compared of each span, field by field.
FIELDS = ("service", "scope", "traceId", "spanId", "parentSpanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano",
          "attributes", "events", "links", "status")


def run_client(command: list) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith("OTEL_") and "proxy" not in k.lower()}
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=daemon.DEADLINE_S, check=False,
                          env={**env, "TAILRACE_NODE_PEER": str(PEERS / "node")})
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    return done.stdout


def flat(requests: list) -> list:
    """Each span that came out as one dict, its service and scope beside its own fields."""
    spans = []
    for resource, scope, span in otlp.each_span(requests):
        service = next(a["value"]["stringValue"] for a in resource["resource"]["attributes"] if a["key"] == "service.name")
        spans.append({**span, "service": service, "scope": scope.get("scope", {}).get("name", "")})
    return spans


def comparable(span: dict) -> dict:
    """Only FIELDS, canonical; an event's or link's fields too."""
    kept = {name: span.get(name) for name in FIELDS}
    kept["links"] = [{k: link.get(k) for k in ("traceId", "spanId", "attributes")} for link in span.get("links") or []]
    kept["events"] = [{k: e.get(k) for k in ("timeUnixNano", "name", "attributes")} for e in span.get("events") or []]
    return otlp.canonical({k: v for k, v in kept.items() if v is not None})


class ClientsTest(unittest.TestCase):
    maxDiff = 4000

    def check(self, command: list, port: str, endpoint: str) -> None:
        """Errors are kept, the rest is not; what is kept is what the SDK says that it sent."""
        with daemon.Daemon(daemon.one_pipeline(ERRORS_ONLY, "500ms")) as d:
            said = run_client([*command, endpoint.format(d.ports[port])])
            sent = [json.loads(line) for line in said.splitlines()]
            self.assertEqual(len(sent), 40)
            self.assertEqual(d.metrics().sum("otelcol_receiver_accepted_spans"), 40)
            d.stop()
            came_out = flat(otlp.read_file_exporter(d.dir / "kept.jsonl"))
        errors = {s["traceId"] for s in sent if s["status"]["code"] == 2}
        self.assertEqual(len(errors), 5)
        expected = {s["spanId"]: comparable(s) for s in sent if s["traceId"] in errors}
        actual = {s["spanId"]: comparable(s) for s in came_out}
        self.assertEqual(len(came_out), len(actual), "no span came twice")
        self.assertEqual(actual, expected)

    def test_python_sdk_over_grpc(self):
        self.check([PEERS / "python/bin/python", HERE / "client.py", "grpc"], "GRPC", "http://127.0.0.1:{}")

    def test_python_sdk_over_http(self):
        self.check([PEERS / "python/bin/python", HERE / "client.py", "http"], "HTTP", "http://127.0.0.1:{}")

    def test_node_sdk_over_grpc(self):
        self.check(["node", HERE / "client.js", "grpc"], "GRPC", "http://127.0.0.1:{}")

    def test_node_sdk_over_http_json(self):
        self.check(["node", HERE / "client.js", "http"], "HTTP", "http://127.0.0.1:{}")

    def test_node_sdk_over_http_protobuf(self):
        self.check(["node", HERE / "client.js", "proto"], "HTTP", "http://127.0.0.1:{}")

    def test_each_port_speaks_the_other_protocol(self):
        self.check([PEERS / "python/bin/python", HERE / "client.py", "grpc"], "HTTP", "http://127.0.0.1:{}")
        self.check([PEERS / "python/bin/python", HERE / "client.py", "http"], "GRPC", "http://127.0.0.1:{}")

    def test_telemetrygen(self):
        for flags, port in ((["--otlp-endpoint"], "GRPC"), (["--otlp-http", "--otlp-endpoint"], "HTTP")):
            with self.subTest(port=port), daemon.Daemon(daemon.one_pipeline(ERRORS_ONLY, "500ms")) as d:
                for status, traces in (("Error", 30), ("Ok", 20)):
                    run_client([PEERS / "bin/telemetrygen", "traces", "--otlp-insecure", "--traces", traces, "--child-spans", 3,
                                "--rate", 0, "--status-code", status, "--span-links", 1, "--service", f"gen-{status}",
                                "--telemetry-attributes", 'shop.city="Kyiv"', *flags, f"127.0.0.1:{d.ports[port]}"])
                self.assertEqual(d.metrics().sum("otelcol_receiver_accepted_spans"), 4 * 50)
                d.stop()
                spans = flat(otlp.read_file_exporter(d.dir / "kept.jsonl"))
                self.assertEqual({s["service"] for s in spans}, {"gen-Error"})
                by_trace = {}
                for s in spans:
                    by_trace.setdefault(s["traceId"], []).append(s)
                self.assertEqual(sorted(len(t) for t in by_trace.values()), [4] * 30)
                for trace in by_trace.values():
                    roots = [s for s in trace if not s.get("parentSpanId")]
                    self.assertEqual([s["name"] for s in roots], ["lets-go"])
                    for s in trace:
                        self.assertIn(s.get("parentSpanId", ""), ("", roots[0]["spanId"]))
                        self.assertEqual(s["status"]["code"], 2)
                        self.assertIn({"key": "shop.city", "value": {"stringValue": "Kyiv"}}, s["attributes"])


if __name__ == "__main__":
    daemon.main()
