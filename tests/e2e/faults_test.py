"""The daemon against a backend that misbehaves in every way of tests/support/faults/scripts.py: `faults_test.py grpc` or `faults_test.py http`, and names of
scripts to play no others. In each, every span is accounted for, and a fresh trace passes within five seconds of the fault's end."""

import os
import pathlib
import ssl
import sys
import tempfile
import time
import unittest

from tests.support import certificates, daemon, otlp, wire
from tests.support.faults import scripts
from tests.support.faults.backend import FaultBackend

TRACES = 12
FAULTS = 6  # more than the consumers, so that some request meets it twice
RECOVERY_S = 5
RSS_RISE_BYTES_MAX = 48 << 20  # of a debug build, its first connections and buffers included


class Certificates:
    """Server contexts by name."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        for authority in ("ca", "nobody"):
            certificates.make_authority(folder, authority)
        certificates.make_certificate(folder, "good")
        certificates.make_certificate(folder, "other_name", "DNS:elsewhere.test")
        certificates.make_certificate(folder, "expired", days=-1)
        certificates.make_certificate(folder, "self_signed", authority="nobody")

    def server(self, name: str, protocol: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        context.set_alpn_protocols(["h2" if protocol == "grpc" else "http/1.1"])
        return context


def config(protocol: str, host: str, port: int, ca_file: str) -> str:
    options = ("    compression: none\n    timeout: 500ms\n    sending_queue: {num_consumers: 4}\n"
               "    retry_on_failure: {initial_interval: 50ms, max_interval: 200ms, max_elapsed_time: 0s}\n")
    tls = f"    tls: {{ca_file: {ca_file}}}\n" if ca_file else "    tls: {insecure: true}\n"
    name, endpoint = ("otlp", f"{host}:{port}") if protocol == "grpc" else ("otlphttp", f"{'https' if ca_file else 'http'}://{host}:{port}")
    return daemon.config("  tail_sampling:\n    decision_wait: 50ms\n    policies: [{name: all, type: always_sample}]\n  batch: {timeout: 10ms}",
                         f"  {name}:\n    endpoint: {endpoint}\n{options}{tls}",
                         f"    traces: {{receivers: [otlp], processors: [tail_sampling, batch], exporters: [{name}]}}")


def own_hosts_file(path: pathlib.Path) -> tuple:
    """What a command is started with so that it reads this file in place of /etc/hosts."""
    return ("unshare", "--map-root-user", "--mount", "sh", "-c", f'mount --bind {path} /etc/hosts && exec "$@"', "sh")


def traces_in(bodies: list) -> list:
    return [wire.trace_id_of(span) for body in bodies for span in wire.spans_of(body)]


def resident_bytes(pid: int) -> int:
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGESIZE")


class Run:
    """One script played against a daemon of its own."""

    def __init__(self, case: unittest.TestCase, protocol: str, script: scripts.Script, folder: pathlib.Path, tls: Certificates):
        self.case, self.protocol, self.script = case, protocol, script
        self.sent = []
        self.hosts = folder / "hosts"
        wants_tls = script.setting in ("other_name", "expired", "self_signed", "plain")
        self.good = tls.server("good", protocol) if wants_tls else None
        first = tls.server(script.setting, protocol) if wants_tls and script.setting != "plain" else None
        self.backend = FaultBackend(protocol, script.faults(protocol), first, "127.0.0.2" if script.setting == "move" else "127.0.0.1")
        self.ca_file = str(tls.folder / "ca.pem") if wants_tls else ""
        self.first = None

    def send(self, name: str = "GET /") -> str:
        span = otlp.span(name=name)
        self.case.assertEqual(self.first.post(otlp.request(span)).status, 200)
        self.sent.append(span["traceId"])
        return span["traceId"]

    def count(self, metric: str, **labels) -> int:
        return int(self.first.metrics().sum_or_zero(metric, **labels))

    def failures(self) -> int:
        return self.count("tailrace_exporter_requests", outcome="failed")

    def delivered_at_once(self) -> None:
        fresh = self.send()
        daemon.wait_for(lambda: fresh in traces_in(self.backend.taken), "a fresh trace after the fault", RECOVERY_S * daemon.SLOW)

    def make_it_fail(self) -> None:
        if self.script.setting == "refuse":
            self.backend.refuse()
        elif self.script.setting == "move":
            self.delivered_at_once()
            self.backend.move("127.0.0.3")
        for number in range(TRACES):
            self.send(scripts.MARKER.decode() if number == 0 else "GET /" + "x" * 300)
        if self.script.setting in ("refuse", "move", "plain"):
            daemon.wait_for(lambda: self.failures() > 0, "the backend cannot be reached")
        else:
            connections = self.good or any(fault.at_accept for fault in self.script.faults(self.protocol))
            enough = 2 if connections else FAULTS if self.script.goes_on else 1
            daemon.wait_for(lambda: self.backend.met >= enough, f"the fault happens {enough} times")
        if self.script.expect == scripts.REFUSED:
            daemon.wait_for(lambda: self.count("tailrace_dropped_spans", reason="refused_by_backend") == TRACES, "all is refused")
        elif self.script.expect == scripts.PARTLY:
            # A backend that is well again before the batch was halved down to its bad span takes that span too.
            daemon.wait_for(lambda: self.count("tailrace_dropped_spans") > 0, "something is refused")

    def heal(self) -> None:
        if self.script.setting == "move":
            self.hosts.write_text("127.0.0.3 backend.test\n", encoding="ascii")
        self.backend.heal(self.good)

    def check(self) -> None:
        def all_settled() -> bool:
            return self.count("otelcol_exporter_sent_spans") + self.count("tailrace_dropped_spans") == len(self.sent)

        daemon.wait_for(all_settled, "every span is sent or counted as dropped")
        arrived = set(traces_in(self.backend.taken))
        dropped = self.count("tailrace_dropped_spans")
        self.case.assertEqual(dropped, self.count("tailrace_dropped_spans", reason=self.script.reason))
        self.case.assertLessEqual(arrived, set(self.sent))
        if self.script.expect == scripts.DELIVERED:
            self.case.assertEqual((dropped, arrived), (0, set(self.sent)))
        elif self.script.expect == scripts.REFUSED:
            self.case.assertEqual((dropped, len(arrived)), (TRACES, len(self.sent) - TRACES))
        else:
            self.case.assertTrue(0 < dropped < TRACES, f"{dropped} dropped")

    def play(self) -> None:
        with self.backend:
            host, prefix = "127.0.0.1", ()
            if self.script.setting == "move":
                host, prefix = "backend.test", own_hosts_file(self.hosts)
                self.hosts.write_text("127.0.0.2 backend.test\n", encoding="ascii")
            with daemon.Daemon(config(self.protocol, host, self.backend.port, self.ca_file), prefix=prefix) as self.first:
                before = resident_bytes(self.first.process.pid)
                self.make_it_fail()
                self.heal()
                self.delivered_at_once()
                self.check()
                self.case.assertLess(resident_bytes(self.first.process.pid) - before, RSS_RISE_BYTES_MAX * daemon.SLOW)
                self.first.stop()


class FaultsTest(unittest.TestCase):
    protocol = ""
    only = ()

    def test_every_script(self):
        played = 0
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            tls = Certificates(folder)
            for script in scripts.SCRIPTS:
                if self.only and script.name not in self.only or not (script.faults(self.protocol) or script.setting):
                    continue
                began = time.monotonic()
                with self.subTest(script.name):
                    Run(self, self.protocol, script, folder, tls).play()
                print(f"{script.name}: {time.monotonic() - began:.1f} s", flush=True)
                played += 1
        self.assertTrue(played >= 40 or self.only, f"{played} scripts")


if __name__ == "__main__":
    FaultsTest.protocol, *FaultsTest.only = sys.argv[1:]
    unittest.main(argv=sys.argv[:1], verbosity=2)
