"""The pprof extension: CPU and memory profiles of a daemon under load, as pprof reads them, and what it does with bad requests."""

import concurrent.futures
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import unittest

from tests.support import daemon, pprof, web

SANITIZED = False  # by the argument; then a signal reaches the handler where the sanitizer likes
RECEIVES = "tailrace::Connection::OnReadable"  # whatever a shard does for a client


def with_pprof(extra: str = "") -> str:
    """one_pipeline() with the extension; its port is @PPROF@."""
    text = daemon.one_pipeline(extra="num_traces: 1000")
    text = text.replace("extensions:\n", f"extensions:\n  pprof:\n    endpoint: 127.0.0.1:@PPROF@\n{extra}", 1)
    return text.replace("[health_check]", "[health_check, pprof]")


class Load:
    """Traffic from `tailrace load` for as long as the `with` lasts."""

    def __init__(self, d):
        self.command = [daemon.BINARY, "load", "--endpoint", f"127.0.0.1:{d.ports['GRPC']}", "--rate", "200000", "--duration", "300", "--quiet"]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)


class PprofTest(unittest.TestCase):
    def get(self, d, path: str, **kwargs) -> web.Response:
        return web.request(d.ports["PPROF"], "GET", f"/debug/pprof/{path}", timeout=60, **kwargs)

    def test_a_cpu_profile_names_the_functions_and_threads_that_work(self):
        with daemon.Daemon(with_pprof()) as d, Load(d):
            daemon.wait_for(lambda: d.metrics().sum("otelcol_receiver_accepted_spans") > 1000, "there is traffic")
            started = time.monotonic()
            answer = self.get(d, "profile?seconds=3")
            took = time.monotonic() - started
            self.assertEqual(answer.status, 200, answer.body)
            self.assertTrue(3 <= took < (30 if SANITIZED else 6), took)
            profile = pprof.read(answer.body)
            self.assertEqual(profile.types, [("samples", "count"), ("cpu", "nanoseconds")])
            self.assertGreaterEqual(profile.duration_ns, 3_000_000_000)
            self.assertEqual(profile.total("cpu"), profile.total("samples") * profile.period)
            file, build_id, _ = profile.mappings[0]
            self.assertEqual(pathlib.Path(file).name, "tailrace")
            self.assertRegex(build_id, "^[0-9a-f]{40}$")

            # On a busy machine the daemon gets little of it, so that one profile may have missed this.
            def busy():
                seen = pprof.read(self.get(d, "profile?seconds=2").body)
                return seen if seen.total("cpu", "" if SANITIZED else RECEIVES) > 0 else None
            profile = daemon.wait_for(busy, f"{RECEIVES} is in a profile")
            on_shards = sum(profile.total("cpu", RECEIVES, thread=f"shard-{n}") for n in range(64))
            self.assertEqual(profile.total("cpu", RECEIVES), on_shards, "on shards only")

    def test_a_heap_profile_names_who_holds_memory(self):
        with daemon.Daemon(with_pprof()) as d:
            answer = self.get(d, "heap")
            if SANITIZED:
                self.assertEqual(answer.status, 501)
                return
            self.assertEqual(answer.status, 200, answer.body)
            with Load(d):
                daemon.wait_for(lambda: d.metrics().sum("otelcol_receiver_accepted_spans") > 50000, "there is traffic")
            for path, shown_first in (("heap", "inuse_space"), ("allocs", "alloc_space")):
                profile = pprof.read(self.get(d, path).body)
                self.assertEqual([name for name, _ in profile.types], ["alloc_objects", "alloc_space", "inuse_objects", "inuse_space"])
                self.assertEqual(profile.default_type, shown_first)
                self.assertGreater(profile.total("alloc_space", "tailrace::"), 0)
                self.assertGreaterEqual(profile.total("alloc_space"), profile.total("inuse_space"))
                self.assertTrue(all(value >= 0 for sample in profile.samples for value in sample.values))
                self.assertFalse([s for s in profile.samples if s.stack[0].startswith(("operator new(", "tailrace::HeapSampler"))])

    def test_only_one_profiles_the_cpu_and_nobody_else_waits(self):
        with daemon.Daemon(with_pprof()) as d, concurrent.futures.ThreadPoolExecutor() as pool:
            # Whichever comes first holds it: so until this one does.
            first = pool.submit(daemon.wait_for, lambda: (answer := self.get(d, "profile?seconds=3")).status == 200 and answer, "the first is made")
            second = daemon.wait_for(lambda: (answer := self.get(d, "profile?seconds=1")).status == 503 and answer, "the second is refused")
            self.assertIn("already", second.body.decode())
            self.assertEqual(self.get(d, "").status, 200)
            self.assertFalse(first.done(), "the others were answered meanwhile")
            self.assertEqual(first.result().status, 200)
            self.assertEqual(self.get(d, "profile?seconds=1").status, 200, "and then it is free again")

    def test_who_hangs_up_ends_the_profile(self):
        with daemon.Daemon(with_pprof()) as d:
            with socket.create_connection(("127.0.0.1", d.ports["PPROF"])) as client:
                client.sendall(b"GET /debug/pprof/profile?seconds=600 HTTP/1.1\r\nHost: x\r\n\r\n")
                daemon.wait_for(lambda: self.get(d, "profile?seconds=1").status == 503, "it runs", 5)
            daemon.wait_for(lambda: self.get(d, "profile?seconds=1").status == 200, "it has ended", 10)

    def test_a_stop_does_not_wait_for_a_profile(self):
        with daemon.Daemon(with_pprof()) as d, socket.create_connection(("127.0.0.1", d.ports["PPROF"])) as client:
            client.sendall(b"GET /debug/pprof/profile?seconds=600 HTTP/1.1\r\nHost: x\r\n\r\n")
            daemon.wait_for(lambda: self.get(d, "profile?seconds=1").status == 503, "it runs", 5)
            d.stop()

    def test_bad_requests(self):
        with daemon.Daemon(with_pprof()) as d:
            for seconds in ("0", "-1", "601", "ten", "", "1.5", "99999999999999999999"):
                self.assertEqual(self.get(d, f"profile?seconds={seconds}").status, 400, seconds)
            self.assertEqual(self.get(d, "profile?second=1").status, 400)
            self.assertEqual(self.get(d, "goroutine").status, 404)
            self.assertEqual(self.get(d, "heap?debug=1").status, 400)
            self.assertEqual(web.request(d.ports["PPROF"], "POST", "/debug/pprof/profile", body=b"x").status, 405)

    def test_symbols(self):
        with daemon.Daemon(with_pprof()) as d:
            self.assertEqual(self.get(d, "symbol").body, b"num_symbols: 1\n")
            maps = pathlib.Path(f"/proc/{d.process.pid}/maps")
            binary = subprocess.run(["nm", "-C", "--defined-only", daemon.BINARY], capture_output=True, text=True, check=True).stdout
            address = int(re.search(r"^([0-9a-f]+) T tailrace::App::Start\(\)$", binary, re.MULTILINE).group(1), 16)
            own = next(line for line in maps.read_text(encoding="utf-8").splitlines() if line.endswith(os.path.realpath(daemon.BINARY)))
            base = int(own.split("-", 1)[0], 16)
            for answer in (self.get(d, f"symbol?{base + address:#x}"),
                           web.request(d.ports["PPROF"], "POST", "/debug/pprof/symbol", body=f"0x1+{base + address + 1:#x}+zz".encode())):
                self.assertEqual(answer.status, 200)
                self.assertRegex(answer.body.decode(), r"^0x[0-9a-f]+\ttailrace::App::Start\(\)\n$")

    def test_the_command_line_shows_no_secrets(self):
        with daemon.Daemon(with_pprof(), args=("--set", "service.telemetry.logs.level=warn")) as d:
            shown = self.get(d, "cmdline").body.decode().split("\0")
            self.assertEqual(shown[0], daemon.BINARY)
            self.assertEqual(shown[-2:], ["--set", "service.telemetry.logs.level=[REDACTED]"])

    def test_a_profile_of_the_whole_run(self):
        with daemon.Daemon(with_pprof("    save_to_file: @DIR@/cpu.pprof\n")) as d:
            self.assertEqual(self.get(d, "profile?seconds=1").status, 503)
            with Load(d):
                daemon.wait_for(lambda: d.metrics().sum("otelcol_process_cpu_seconds") > 2, "it has worked")
            used_ns = d.metrics().sum("otelcol_process_cpu_seconds") * 1e9
            d.stop()
            profile = pprof.read((d.dir / "cpu.pprof").read_bytes())
            self.assertGreater(profile.total("cpu", "" if SANITIZED else RECEIVES), 0)
            if not SANITIZED:  # what it did before and after the profile is not in it
                self.assertGreater(profile.total("cpu"), used_ns / 2)
                self.assertLess(profile.total("cpu"), used_ns * 1.3)

    def test_every_thread_has_a_name(self):
        def names(d) -> list:
            return [(task / "comm").read_text(encoding="utf-8").strip() for task in pathlib.Path(f"/proc/{d.process.pid}/task").iterdir()]

        with daemon.Daemon(with_pprof()) as d:
            if not SANITIZED:  # a sanitizer has a thread of its own
                # A thread names itself, soon after it was begun.
                daemon.wait_for(lambda: names(d).count("tailrace") == 1, "the main thread alone has the program's name")
            for name in ("shard-0", "exp-file", f"admin-{d.ports['PPROF']}"):
                daemon.wait_for(lambda n=name: n in names(d), f"there is a thread {name}")



if __name__ == "__main__":
    SANITIZED = {"sanitized": True, "plain": False}[sys.argv.pop(1)]
    daemon.main()
