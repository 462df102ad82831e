"""The image, without a container engine: docker/stage makes its runtime root out of a plain Debian 12 one, as docker/Dockerfile has it do; then
the daemon runs in it as the container would: uid 10001, nothing writable but /var/lib/tailrace, no capability, no new privileges."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from tests.packaging.debian_root import DebianRoot
from tests.support import daemon, otlp, web

SIZE_MAX = 120 * 1000 * 1000
DOCKERFILE = daemon.SOURCE_DIR / "docker" / "Dockerfile"
AS_IN_THE_IMAGE = ["setpriv", "--reuid=10001", "--regid=10001", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]


def instructions(name: str) -> list:
    text = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", "")
    return [line.split(maxsplit=1)[1] for line in text.splitlines() if line.startswith(name + " ")]


def installed_files(into: pathlib.Path) -> None:
    """What `docker/stage build` leaves in DIR, of the daemon that is there already: the same install rules."""
    with tempfile.TemporaryDirectory(prefix="tailrace-test-") as build:
        subprocess.run(["cmake", "-S", str(daemon.SOURCE_DIR / "packaging"), "-B", build, f"-DTAILRACE_PROGRAM={os.path.abspath(daemon.BINARY)}"], check=True,
                       stdout=subprocess.DEVNULL)
        subprocess.run(["cmake", "--build", build], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["cmake", "--install", build, "--prefix", "/usr"], check=True, stdout=subprocess.DEVNULL, env={**os.environ, "DESTDIR": str(into)})
    # As a release build does it; this may be another one.
    subprocess.run(["strip", "--strip-debug", into / "usr" / "bin" / "tailrace"], check=True)


class ImageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = cls.enterClassContext(DebianRoot())
        for name in ("scripts/setup", "docker/stage"):
            (cls.root.path / "src" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(daemon.SOURCE_DIR / name, cls.root.path / "src" / name)
        (cls.root.path / "out").mkdir()
        installed_files(cls.root.path / "out")
        # The stage's own steps, and the Dockerfile's words for them.
        [step] = [step for step in instructions("RUN") if "runtime" in step]
        cls.root.run("sh", "-c", step)

    def test_it_is_small(self):
        size = self.root.size()
        print(f"the image has {size / 1e6:.1f} MB")
        self.assertLess(size, SIZE_MAX)
        self.assertFalse((self.root.path / "src").exists() or (self.root.path / "out").exists())

    def test_it_serves_on_a_read_only_root(self):
        ports = dict(zip(("grpc", "http", "metrics", "health"), daemon.free_ports(4)))
        settings = {"receivers.otlp.protocols.grpc.endpoint": f"127.0.0.1:{ports['grpc']}", "receivers.otlp.protocols.http.endpoint": f"127.0.0.1:{ports['http']}",
                    "extensions.health_check.endpoint": f"127.0.0.1:{ports['health']}", "processors.tail_sampling.decision_wait": "100ms",
                    "service.telemetry.metrics.address": f"127.0.0.1:{ports['metrics']}", "exporters.file.path": "/var/lib/tailrace/kept.jsonl",
                    "exporters.file.flush_interval": "20ms", "service.pipelines.traces.exporters": "[file]", "service.tailrace.memory_budget_mib": "64"}
        command = instructions("ENTRYPOINT")[0], instructions("CMD")[0]
        args = [word for part in command for word in re.findall(r'"([^"]+)"', part)]
        args += [f"--set={key}={value}" for key, value in settings.items()]
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(self.root.command([*AS_IN_THE_IMAGE, *args], read_only=True), stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                       env={"PATH": "/usr/bin:/bin", "TAILRACE_LISTEN": "0.0.0.0"})

            def log() -> str:
                said.seek(0)
                return said.read().decode(errors="replace")

            def healthy() -> bool:
                try:
                    return process.poll() is not None or web.request(ports["health"], "GET", "/", timeout=2).status == 200
                except OSError:
                    return False
            try:
                daemon.wait_for(healthy, "it is ready")
                self.assertIsNone(process.poll(), log())
                status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
                self.assertRegex(status, r"Uid:\s10001\s10001\s10001\s10001")
                self.assertRegex(status, r"CapEff:\s0+\n")
                mounts = [line.split() for line in pathlib.Path(f"/proc/{process.pid}/mountinfo").read_text(encoding="utf-8").splitlines()]
                writable = {mount[4] for mount in mounts if "ro" not in mount[5].split(",") and not mount[4].startswith(("/dev", "/proc"))}
                self.assertEqual(writable, {"/var/lib/tailrace"})
                for port, protocol in (("http", "HTTP"), ("grpc", "gRPC's port")):
                    answer = web.post(ports[port], otlp.request(otlp.span(error=True, name=protocol)), "application/json", {}, "/v1/traces", 30)
                    self.assertEqual(answer.status, 200)
                kept = self.root.path / "var" / "lib" / "tailrace" / "kept.jsonl"
                daemon.wait_for(lambda: len(otlp.trace_ids(otlp.read_file_exporter(kept))) == 2, "both traces are kept")
                health = subprocess.run(self.root.command([*AS_IN_THE_IMAGE, *self.health_command(), "--url", f"http://127.0.0.1:{ports['health']}"], read_only=True),
                                        capture_output=True, text=True, timeout=60, check=False)
                self.assertEqual(health.returncode, 0, health.stderr)
                process.terminate()
                self.assertEqual(process.wait(daemon.DEADLINE_S), 0, log())
                self.assertEqual(set(daemon.ledger_residuals(log())), {0}, log())
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()

    def health_command(self) -> list:
        """That of HEALTHCHECK."""
        return re.findall(r'"([^"]+)"', instructions("HEALTHCHECK")[0].split("CMD")[1])

    def test_without_a_daemon_it_is_not_healthy(self):
        [port] = daemon.free_ports(1)
        done = self.root.run(*self.health_command(), "--url", f"http://127.0.0.1:{port}", check=False)
        self.assertEqual(done.returncode, 1, done.stderr)

    def test_the_dockerfile(self):
        self.assertEqual(instructions("FROM"), ["debian:12-slim AS build", "debian:12-slim AS runtime", "scratch"])
        self.assertEqual(instructions("USER"), ["10001:10001"])
        for step in instructions("RUN"):
            self.assertRegex(step, r"^/src/docker/stage (build|runtime) /out( && rm -rf /src /out)?$")
        for form in ("ENTRYPOINT", "CMD"):
            self.assertTrue(instructions(form)[0].startswith("["), "without a shell")

    def test_libraries_are_those_that_dpkg_finds(self):
        """`runtime` of scripts/setup is neither short of a library nor has it one too many."""
        with tempfile.TemporaryDirectory(prefix="tailrace-test-") as scratch:
            (pathlib.Path(scratch) / "debian").mkdir()
            (pathlib.Path(scratch) / "debian" / "control").write_text("Source: tailrace\n\nPackage: tailrace\nArchitecture: any\n", encoding="utf-8")
            found = subprocess.run(["dpkg-shlibdeps", "-O", os.path.abspath(daemon.BINARY)], cwd=scratch, capture_output=True, text=True, check=True).stdout
        # libspdlog1.10 says by a name of its own which fmt it was made with.
        needed = {name.removesuffix("-fmt9") for name in re.findall(r"(?:=|, )([a-z0-9.+-]+)(?= \(|,|\n)", found)} - {"libfmt9"}  # comes with it
        listed = subprocess.run([daemon.SOURCE_DIR / "scripts" / "setup", "--list", "--only", "runtime"], capture_output=True, text=True, check=True).stdout.split()
        self.assertEqual(needed, set(listed) - {"ca-certificates", "tzdata"})


if __name__ == "__main__":
    daemon.main()
