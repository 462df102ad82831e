"""The daemon as a hardened container runs it: uid 10001, no capabilities, no new privileges, a read-only root. It may write to
its queues' directory and to the `file` exporter's, and needs nothing else."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from tests.support import confined, daemon, otlp

LAUNCHER = (sys.executable, "-B", str(pathlib.Path(confined.__file__).resolve()))
RECEIVES = daemon.config("  batch: {timeout: 20ms}", "  file: {path: @DIR@/kept.jsonl, flush_interval: 20ms}",
                         "    traces: {receivers: [otlp], processors: [batch], exporters: [file]}")


def forwards(port: int, kept: str = "@DIR@/out/kept.jsonl") -> str:
    """To a file, to the daemon on this port, and to where nobody listens; both of these by queues on disk."""
    retry = "retry_on_failure: {initial_interval: 50ms, max_interval: 100ms, max_elapsed_time: 0s}"
    text = daemon.config(
        "  batch: {timeout: 20ms}",
        f"  file: {{path: {kept}, flush_interval: 20ms}}\n"
        f"  otlphttp/next: {{endpoint: \"http://127.0.0.1:{port}\", {retry}, sending_queue: {{storage: file_storage}}}}\n"
        f"  otlp/nobody: {{endpoint: \"127.0.0.1:9\", tls: {{insecure: true}}, {retry}, sending_queue: {{storage: file_storage}}}}\n",
        "    traces: {receivers: [otlp], processors: [batch], exporters: [file, otlphttp/next, otlp/nobody]}",
        "  tailrace: {memory_budget_mib: 32, shutdown_timeout: 3s}\n")
    return text.replace("extensions:\n", "extensions:\n  file_storage: {directory: @DIR@/queue}\n", 1).replace("[health_check]", "[health_check, file_storage]")


def confined_daemon(config: str) -> daemon.Daemon:
    d = daemon.Daemon(config, prefix=(*LAUNCHER, "queue", "out", "--"))
    d.dir.chmod(0o755)
    for name in ("queue", "out"):
        (d.dir / name).mkdir()
    return d


def status_of(d) -> dict:
    lines = pathlib.Path(f"/proc/{d.process.pid}/status").read_text(encoding="utf-8").splitlines()
    return {name: value.split() for name, value in (line.split(":", 1) for line in lines)}


class ReadOnlyRootTest(unittest.TestCase):
    def check_place(self, d) -> None:
        """It really is where this test says."""
        status = status_of(d)
        if os.geteuid() == 0:
            self.assertEqual(status["Uid"], ["10001"] * 4)
            self.assertEqual(status["Groups"], [])
        for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(int(status[name][0], 16), 0, name)
        self.assertEqual(status["NoNewPrivs"], ["1"])
        mounts = [line.split() for line in pathlib.Path(f"/proc/{d.process.pid}/mountinfo").read_text(encoding="utf-8").splitlines()]
        writable = {mount[4] for mount in mounts if "ro" not in mount[5].split(",")}
        self.assertEqual(writable - ({"/proc"} if os.geteuid() else set()), {str(d.dir / "queue"), str(d.dir / "out")})

    def test_it_works_and_loses_nothing(self):
        sent = [otlp.request(*(otlp.span() for _ in range(10))) for _ in range(20)]
        with daemon.Daemon(RECEIVES) as second:
            with confined_daemon(forwards(second.ports["HTTP"])) as d:
                self.check_place(d)
                for n, request in enumerate(sent):
                    self.assertEqual(d.post(request, port=("HTTP", "GRPC")[n % 2]).status, 200)
                daemon.wait_for(lambda: d.metrics().sum("otelcol_exporter_sent_spans", exporter="otlphttp/next") == 200, "all are delivered")
                daemon.wait_for(lambda: d.metrics().sum("tailrace_exporter_stored_bytes", exporter="otlp/nobody") > 0, "the queue is on disk")
                self.assertGreater(d.metrics().sum("otelcol_process_memory_rss"), 1 << 20)
                self.assertEqual(os.stat(f"/proc/{d.process.pid}/environ").st_uid, 0, "others of its user can read its environment")
                said = d.stop()
                self.assertNotRegex(said, "(?i)read-only|permission|not permitted")
                self.assertEqual(otlp.whole_traces(otlp.read_file_exporter(d.dir / "out" / "kept.jsonl")), otlp.whole_traces(sent))
                self.assertGreater(sum(path.stat().st_size for path in (d.dir / "queue").iterdir()), 1000)
            second.stop()
            self.assertEqual(otlp.whole_traces(otlp.read_file_exporter(second.dir / "kept.jsonl")), otlp.whole_traces(sent))

    def test_another_directory_is_refused(self):
        """What shows that the root was read-only indeed."""
        with tempfile.TemporaryDirectory(prefix="tailrace-test-") as elsewhere:
            os.chmod(elsewhere, 0o777)
            with self.assertRaisesRegex(AssertionError, re.escape(elsewhere) + ".*(?i:read-only file system)"):
                confined_daemon(forwards(9, f"{elsewhere}/kept.jsonl")).start()


def is_possible() -> str:
    """Empty, or why not."""
    with tempfile.TemporaryDirectory(prefix="tailrace-test-") as scratch:
        pathlib.Path(scratch, "out").mkdir()
        os.chmod(scratch, 0o755)
        done = subprocess.run([*LAUNCHER, "out", "--", "/bin/true"], cwd=scratch, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode not in (0, confined.NOT_POSSIBLE):
            raise AssertionError(f"{confined.__file__} ended with {done.returncode}: {done.stderr}")
        return done.stderr if done.returncode else ""


if __name__ == "__main__":
    problem = is_possible()
    if problem:
        print(f"SKIPPED, not tested: no read-only root here. {problem}")
        sys.exit(confined.NOT_POSSIBLE)
    daemon.main()
