"""Jaeger v2 as the backend: of 2 000 traces some 100 are kept; each of them is read back through Jaeger's own query API as it was sent, and
no other trace is there."""

import json
import pathlib
import tempfile
import unittest

from tests.e2e.forward_test import rich_traces
from tests.interop.backends import Jaeger
from tests.interop.backends_test import samples
from tests.support import daemon, otlp

TRACES, ERROR_EVERY = 2_000, 20


def as_stored(requests: list) -> list:
    """Jaeger's storage has no place for a schema URL."""
    return json.loads(json.dumps(requests), object_hook=lambda one: {k: v for k, v in one.items() if k != "schemaUrl"})


class JaegerTest(unittest.TestCase):
    maxDiff = None

    def keeps_what_was_kept(self, name: str, endpoint: str, port: str) -> None:
        sent = rich_traces(TRACES, ERROR_EVERY)
        whole = otlp.whole_traces(as_stored(sent))
        wanted = {s["traceId"] for _, _, s in otlp.each_span(sent) if s.get("status", {}).get("code") == 2}
        self.assertEqual(len(wanted), TRACES // ERROR_EVERY)
        with tempfile.TemporaryDirectory() as scratch, Jaeger(pathlib.Path(scratch)) as jaeger:
            exporter = f"  {name}:\n    endpoint: {endpoint}127.0.0.1:{jaeger.ports[port]}\n    tls: {{insecure: true}}\n"
            with daemon.Daemon(samples(exporter)) as first:
                for request in sent:
                    self.assertEqual(first.post(request).status, 200)
                first.stop()
            daemon.wait_for(lambda: otlp.trace_ids(jaeger.every_trace()) == wanted, "every kept trace is stored, and no other")
            for trace in wanted:
                stored = otlp.whole_traces(jaeger.trace(trace))
                self.assertEqual(stored, {trace: whole[trace]})
            for trace in list(whole.keys() - wanted)[:100]:
                self.assertEqual(jaeger.trace(trace), [])

    def test_over_grpc(self):
        self.keeps_what_was_kept("otlp/jaeger", "", "GRPC")

    def test_over_http(self):
        self.keeps_what_was_kept("otlphttp/jaeger", "http://", "HTTP")


if __name__ == "__main__":
    unittest.main(verbosity=2)
