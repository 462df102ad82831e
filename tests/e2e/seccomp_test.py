"""The daemon under docker/seccomp.json, through everything that it does. A system call that is missing there shows as something
that does not work."""

import json
import pathlib
import signal
import sys
import tempfile
import unittest

import seccomp

from tests.support import certificates, daemon, http2, otlp, seccomp_profile, web, wire

PROFILE = daemon.SOURCE_DIR / "docker" / "seccomp.json"
LAUNCHER = (sys.executable, "-B", str(pathlib.Path(seccomp_profile.__file__).resolve()), str(PROFILE))
RETRY = "retry_on_failure: {initial_interval: 50ms, max_interval: 100ms, max_elapsed_time: 0s}"
TLS = "tls: {cert_file: @TLS@/server.pem, key_file: @TLS@/server.key, reload_interval: 1s}"


def with_tls(text: str, directory: str) -> str:
    """TLS on both OTLP ports."""
    for port in ("GRPC", "HTTP"):
        line = f"endpoint: 127.0.0.1:@{port}@\n"
        text = text.replace(line, line + " " * 8 + TLS + "\n")
    return text.replace("@TLS@", directory)


def receives(directory: str) -> str:
    return with_tls(daemon.config("  batch: {timeout: 20ms}", "  file: {path: @DIR@/kept.jsonl, flush_interval: 20ms}",
                                  "    traces: {receivers: [otlp], processors: [batch], exporters: [file]}"), directory)


def forwards(second, directory: str) -> str:
    """Every exporter: two that arrive, by queues on disk, one that is refused, and one whose name does not exist."""
    queue = f"{RETRY}, sending_queue: {{storage: file_storage}}"
    ca = f"tls: {{ca_file: {directory}/ca.pem}}"
    text = daemon.config(
        "  tail_sampling:\n    decision_wait: 50ms\n    policies: [{name: all, type: always_sample}]",
        "  debug:\n  file: {path: @DIR@/out/kept.jsonl, flush_interval: 20ms}\n"
        f"  otlp/next: {{endpoint: \"localhost:{second.ports['GRPC']}\", {ca}, {queue}}}\n"
        f"  otlphttp/next: {{endpoint: \"https://localhost:{second.ports['HTTP']}\", {ca}, {queue}}}\n"
        f"  otlp/refused: {{endpoint: \"127.0.0.1:9\", tls: {{insecure: true}}, {queue}}}\n"
        f"  otlphttp/refused: {{endpoint: \"http://127.0.0.1:9\", {queue}, dead_letter: {{path: @DIR@/dead.jsonl}}}}\n"
        f"  otlphttp/unknown: {{endpoint: \"http://no-such-host.invalid\", {queue}}}\n",
        "    traces: {receivers: [otlp], processors: [tail_sampling], exporters: [debug, file, otlp/next, otlphttp/next, otlp/refused, "
        "otlphttp/refused, otlphttp/unknown]}",
        "  tailrace: {memory_budget_mib: 32, shutdown_timeout: 3s}\n")
    text = text.replace("extensions:\n", "extensions:\n  file_storage: {directory: @DIR@/queue, fsync: true}\n"
                        "  pprof: {endpoint: 127.0.0.1:@PPROF@}\n", 1)
    return with_tls(text.replace("[health_check]", "[health_check, file_storage, pprof]"), directory)


class SeccompTest(unittest.TestCase):
    def setUp(self):
        self.profile = json.loads(PROFILE.read_text(encoding="utf-8"))
        self.dir = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tailrace-tls-")))
        self.authority = certificates.Authority(self.dir, "ca")
        self.authority.issue("server")
        self.context = certificates.client_context(self.authority)

    def send(self, d, count: int) -> None:
        """One span a request, by gRPC and by HTTP in turn, over TLS."""
        for n in range(count):
            body = wire.request(wire.span())
            if n % 2:
                self.assertEqual(http2.grpc(d.ports["GRPC"], [], body, self.context).grpc_status, 0)
            else:
                answer = web.post(d.ports["HTTP"], body, "application/x-protobuf", {}, context=self.context)
                self.assertEqual(answer.status, 200)

    def sent(self, d, exporter: str) -> float:
        return d.metrics().sum_or_zero("otelcol_exporter_sent_spans", exporter=exporter)

    def test_everything_works(self):
        with daemon.Daemon(receives(str(self.dir))) as second:
            with daemon.Daemon(forwards(second, str(self.dir)), prefix=(*LAUNCHER, "--")) as d:
                status = pathlib.Path(f"/proc/{d.process.pid}/status").read_text(encoding="utf-8")
                self.assertIn("Seccomp:\t2\n", status, "it runs under a filter")
                self.send(d, 40)
                for exporter in ("otlp/next", "otlphttp/next", "file"):
                    daemon.wait_for(lambda name=exporter: self.sent(d, name) == 40, f"{exporter} has delivered")
                for exporter in ("otlp/refused", "otlphttp/refused", "otlphttp/unknown"):
                    daemon.wait_for(lambda name=exporter: d.metrics().sum_or_zero("tailrace_exporter_state", exporter=name, state="down") == 1,
                                    f"{exporter} is down")
                    self.assertGreater(d.metrics().sum("tailrace_exporter_stored_bytes", exporter=exporter), 0)
                self.authority.issue("server")  # another certificate
                daemon.wait_for(lambda: d.metrics().sum_or_zero("tailrace_listener_tls_reloads", outcome="ok") >= 2, "both have the new one")
                d.process.send_signal(signal.SIGHUP)
                daemon.wait_for(lambda: "SIGHUP" in d.stderr(), "the signal was seen")
                self.send(d, 10)
                for exporter in ("otlp/next", "otlphttp/next"):
                    daemon.wait_for(lambda name=exporter: self.sent(d, name) == 50, f"{exporter} has delivered again")
                self.assertGreater(d.metrics().sum("otelcol_process_memory_rss"), 1 << 20)
                for path in ("profile?seconds=1", "heap"):
                    self.assertEqual(web.request(d.ports["PPROF"], "GET", f"/debug/pprof/{path}").status, 200)
                said = d.stop()
                self.assertNotRegex(said, "(?i)not implemented|not permitted")
                self.assertEqual(len(otlp.trace_ids(otlp.read_file_exporter(d.dir / "out" / "kept.jsonl"))), 50)
            second.stop()
            self.assertEqual(sum(1 for _ in otlp.each_span(otlp.read_file_exporter(second.dir / "kept.jsonl"))), 100)

    def test_a_missing_call_is_seen(self):
        """One that a listener needs, one that the queue on disk needs."""
        with daemon.Daemon(receives(str(self.dir))) as second:
            for call, words in (("listen", "function not implemented"), ("pwrite64", "file_storage|storage|disk")):
                with self.subTest(call):
                    d = daemon.Daemon(forwards(second, str(self.dir)), prefix=(*LAUNCHER, "--without", call, "--"), expect_clean_stop=False)
                    with self.assertRaisesRegex(AssertionError, f"(?is)ended with 1.*({words})"), d:
                        pass

    def test_the_names_are_right(self):
        names = seccomp_profile.names(self.profile)
        self.assertEqual(len(names), len(set(names)))
        for name in names:
            with self.subTest(name):
                self.assertTrue(seccomp_profile.is_known(name, seccomp.Arch.X86_64) or seccomp_profile.is_known(name, seccomp.Arch.AARCH64))

    def test_what_would_widen_a_break_in_is_not_there(self):
        self.assertEqual(self.profile["defaultAction"], "SCMP_ACT_ERRNO")
        self.assertEqual(set(self.profile["architectures"]), {"SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"})
        wrong = {"add_key", "bpf", "chroot", "init_module", "io_uring_setup", "kexec_load", "keyctl", "kill", "memfd_create", "mknod", "mount",
                 "open_by_handle_at", "perf_event_open", "personality", "pidfd_getfd", "process_vm_readv", "process_vm_writev", "ptrace",
                 "setns", "symlink", "unshare", "userfaultfd", "vfork"}
        self.assertEqual(wrong & set(seccomp_profile.names(self.profile)), set())


if __name__ == "__main__":
    daemon.main()
