"""What the daemon says, and how it ends, when it cannot run: 2 for bad usage or configuration, 1 for the rest."""

import pathlib
import re
import socket
import tempfile
import unittest

from tests.support import daemon

GOOD = daemon.one_pipeline().replace("@DIR@", "/tmp")
for _name in ("GRPC", "HTTP", "METRICS", "HEALTH"):
    GOOD = GOOD.replace(f"@{_name}@", "0")


class BadConfigTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="tailrace-test-")
        self.addCleanup(scratch.cleanup)
        self.path = pathlib.Path(scratch.name) / "bad.yaml"

    def run_with(self, text) -> str:
        """Both `validate` and the start refuse it with 2 and the same words."""
        self.path.write_bytes(text if isinstance(text, bytes) else text.encode())
        said = []
        for verb in ([], ["validate"]):
            done = daemon.run_to_end([*verb, "--config", str(self.path)], cwd=self.path.parent)
            self.assertEqual(done.returncode, 2, done.stderr)
            said.append(done.stderr + done.stdout)
        self.assertEqual(*(set(re.findall(r"bad\.yaml:\d+: .*", s)) for s in said))
        return said[0]

    def assert_refused_at(self, text: str, marker: str, *words: str) -> None:
        """The message has file:line of the line that `marker` stands on, and these words."""
        line = next(n for n, one in enumerate(text.splitlines(), 1) if marker in one)
        said = self.run_with(text)
        self.assertRegex(said, re.escape(f"{self.path}:{line}:"))
        for word in words:
            self.assertIn(word, said)

    def test_the_good_one_is_good(self):
        self.path.write_text(GOOD)
        done = daemon.run_to_end(["validate", "--config", str(self.path)])
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_durations(self):
        for wrong in ("-1s", "1e400", "10", "10 parsecs", "''", "[1s]"):
            with self.subTest(value=wrong):
                text = GOOD.replace("decision_wait: 200ms", f"decision_wait: {wrong}")
                self.assert_refused_at(text, "decision_wait:", "decision_wait")

    def test_an_unknown_key_with_what_was_meant(self):
        text = GOOD.replace("decision_wait:", "decision_wiat:")
        self.assert_refused_at(text, "decision_wiat", "decision_wiat", "decision_wait")

    def test_an_unknown_policy_type(self):
        text = GOOD.replace("always_sample", "alway_sample")
        self.assert_refused_at(text, "alway_sample", "alway_sample", "always_sample")

    def test_all_problems_at_once(self):
        text = GOOD.replace("decision_wait:", "decision_wiat:").replace("flush_interval: 50ms", "flush_interval: soon")
        said = self.run_with(text)
        self.assertIn("decision_wiat", said)
        self.assertIn("flush_interval", said)

    def test_a_component_of_the_collector_that_is_not_here(self):
        text = GOOD.replace("  file:\n", "  kafka:\n", 1).replace("exporters: [file]", "exporters: [kafka]")
        self.assert_refused_at(text, "exporters: [kafka]", "kafka", "exists in the Collector but not in Tailrace")

    def test_a_pipeline_that_names_what_is_not_there(self):
        text = GOOD.replace("exporters: [file]", "exporters: [fiel]")
        self.assert_refused_at(text, "[fiel]", "fiel", "file")

    def test_files_that_are_no_configuration(self):
        for text in (b"", b"\n# nothing\n", bytes(range(256)) * 40, b"\x7fELF\x02\x01\x01" + bytes(500), b"[1, 2]", b"a: b: c:",
                     b"{" * 100_000, b"- " * 100_000, b"service: {pipelines: {}}", b"a: &a [*a, *a]\n"):
            with self.subTest(text=text[:20]):
                self.assertIn("bad.yaml", self.run_with(text))

    def test_files_that_cannot_be_read(self):
        for path in (str(self.path.parent / "not-there.yaml"), str(self.path.parent)):
            done = daemon.run_to_end(["--config", path])
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(path, done.stderr + done.stdout)

    def test_usage(self):
        for args in ([], ["--no-such-flag"], ["no-such-verb"], ["--config"]):
            done = daemon.run_to_end(args)
            self.assertEqual(done.returncode, 2, f"{args}: {done.stderr}")
            self.assertIn("--config", done.stderr + done.stdout)

    def test_a_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            for name, text in (("grpc", GOOD.replace("127.0.0.1:0", f"127.0.0.1:{port}", 2)),
                               ("metrics", GOOD.replace("port: 0", f"port: {port}"))):
                with self.subTest(port=name):
                    self.path.write_text(text)
                    done = daemon.run_to_end(["--config", str(self.path)], cwd=self.path.parent)
                    self.assertEqual(done.returncode, 1, done.stderr)
                    self.assertIn(port, done.stderr)
                    self.assertRegex(done.stderr.lower(), "in use")

    def test_a_file_exporter_that_cannot_write(self):
        target = self.path.parent / "a-file"
        target.write_text("")
        self.path.write_text(GOOD.replace("/tmp/kept.jsonl", str(target / "kept.jsonl")))
        done = daemon.run_to_end(["--config", str(self.path)], cwd=self.path.parent)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(str(target), done.stderr)


if __name__ == "__main__":
    daemon.main()
