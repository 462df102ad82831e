"""HTTP/2 as its specification has it, by h2spec's 145 cases, on both OTLP ports; but for the exceptions below."""

import pathlib
import subprocess
import tempfile
import unittest
from xml.etree import ElementTree

from tests.interop.collector.programs import PEERS
from tests.support import daemon

# Case -> why it is not as h2spec wants it.
ON_ITS_WAY = ("a frame for a stream that is closed may have been on its way when the stream was: nghttp2 ignores it, and what it ignores is "
              "bounded by its flow control and by the limit on the connection's frames")
EXCEPTIONS = {
    "Sends invalid connection preface": "both ports speak HTTP/1.1 too: what is no preface is answered 400 as HTTP/1.1, and closed",
    "half closed (remote): Sends a DATA frame": "answered before: " + ON_ITS_WAY,
    "half closed (remote): Sends a HEADERS frame": "answered before: " + ON_ITS_WAY,
    "closed: Sends a DATA frame after sending RST_STREAM frame": ON_ITS_WAY,
    "closed: Sends a HEADERS frame after sending RST_STREAM frame": ON_ITS_WAY,
    "closed: Sends a DATA frame": ON_ITS_WAY,
    "closed: Sends a HEADERS frame": ON_ITS_WAY,
    "Sends a DATA frame on the stream that is not in \"open\" or \"half-closed (local)\" state": ON_ITS_WAY,
    "Sends stream identifier that is numerically smaller than previous": ON_ITS_WAY,
    "Sends PRIORITY frame that depend on itself": "RFC 9113 has done away with priorities of this kind; the frame is skipped",
}


class H2specTest(unittest.TestCase):
    def conforms(self, port: str) -> None:
        with daemon.Daemon(daemon.one_pipeline()) as first, tempfile.TemporaryDirectory() as scratch:
            report = pathlib.Path(scratch) / "report.xml"
            subprocess.run([str(PEERS / "bin" / "h2spec"), "-h", "127.0.0.1", "-p", str(first.ports[port]), "-o", "2", "-P", "/v1/traces", "-j", str(report)],
                           check=False, capture_output=True, timeout=240)
            cases = ElementTree.parse(report).getroot().findall(".//testcase")
            self.assertGreaterEqual(len(cases), 140)
            failed = {case.get("classname") for case in cases if case.find("failure") is not None or case.find("error") is not None}
            self.assertEqual(failed - EXCEPTIONS.keys(), set())
            self.assertTrue(first.healthy())

    def test_grpc_port(self):
        self.conforms("GRPC")

    def test_http_port(self):
        self.conforms("HTTP")


if __name__ == "__main__":
    unittest.main(verbosity=2)
