"""Every golden case through the running daemon: one process, one pipeline a case, the same input over OTLP/HTTP.

The kept ids must be those of the case's .kept file, every one, and every kept trace must come out as it went in.
"""

import json
import pathlib
import time
import unittest

from tests.support import daemon, otlp

GOLDEN = daemon.SOURCE_DIR / "tests" / "golden"
DECISION_WAIT_S = 8 * daemon.SLOW  # all of the input comes before the first decision


def cases() -> list:
    return sorted(p.stem for p in (GOLDEN / "cases").glob("*.yaml"))


def pipelines_of(names: list, storage: str) -> str:
    processors, exporters, pipelines = [], [], []
    for name in names:
        case = (GOLDEN / "cases" / f"{name}.yaml").read_text(encoding="utf-8").replace("$", "$$")
        body = "\n".join("    " + line for line in case.splitlines())
        processors.append(f"  tail_sampling/{name}:\n    decision_wait: {DECISION_WAIT_S}s\n    num_traces: 100000\n{body}")
        exporters.append(f"  file/{name}:\n    path: @DIR@/{name}.jsonl")
        pipelines.append(f"    traces/{name}:\n      receivers: [otlp]\n      processors: [tail_sampling/{name}]\n"
                         f"      exporters: [file/{name}]")
    return daemon.config("\n".join(processors), "\n".join(exporters), "\n".join(pipelines),
                         f"  tailrace: {{storage_compression: {storage}}}\n")


class GoldenDaemonTest(unittest.TestCase):
    storage = "none"
    one_in = 1  # of the cases

    @classmethod
    def setUpClass(cls):
        cls.names = cases()[::cls.one_in]
        cls.lines = (GOLDEN / "input.jsonl").read_text(encoding="utf-8").splitlines()
        cls.sent = otlp.whole_traces(json.loads(line) for line in cls.lines)
        cls.came_out = {}
        with daemon.Daemon(pipelines_of(cls.names, cls.storage)) as d:
            started = time.monotonic()
            for line in cls.lines:
                answer = d.post(line)
                assert answer.status == 200 and answer.rejected_spans() == 0, answer
            took = time.monotonic() - started
            assert took < DECISION_WAIT_S, f"the input took {took:.1f} s to send, so some of it came after decisions"
            expected = len(cls.names) * len(cls.sent)
            decided = ("otelcol_processor_tail_sampling_global_count_traces_sampled",
                       "otelcol_processor_tail_sampling_traces_dropped_too_large")
            daemon.wait_for(lambda: sum(d.metrics().sum_or_zero(name) for name in decided) == expected,
                            f"{expected} decisions")
            cls.stored = {form: d.metrics().sum("tailrace_storage_bytes", form=form) for form in ("uncompressed", "compressed")}
            d.stop()
            for name in cls.names:
                cls.came_out[name] = otlp.read_file_exporter(d.dir / f"{name}.jsonl")

    def test_the_cases_are_there(self):
        self.assertGreaterEqual(len(self.names), 120 // self.one_in)

    def test_the_same_ids_are_kept(self):
        for name in self.names:
            with self.subTest(case=name):
                expected = set((GOLDEN / "cases" / f"{name}.kept").read_text(encoding="utf-8").split())
                kept = otlp.trace_ids(self.came_out[name])
                self.assertEqual(sorted(expected - kept), [], "missing")
                self.assertEqual(sorted(kept - expected), [], "kept, and should not be")

    def test_storage_is_counted(self):
        self.assertEqual(self.stored, {"uncompressed": 0, "compressed": 0})

    def test_what_is_kept_is_as_it_was_sent(self):
        for name in self.names:
            with self.subTest(case=name):
                for trace, spans in otlp.whole_traces(self.came_out[name]).items():
                    self.assertEqual(spans, self.sent[trace], trace)


class CompressedGoldenDaemonTest(GoldenDaemonTest):
    """The same where spans wait compressed."""

    storage = "lz4"
    one_in = 4

    def test_storage_is_counted(self):
        self.assertGreater(self.stored["compressed"], 0)
        self.assertLess(self.stored["compressed"], 0.6 * self.stored["uncompressed"])


if __name__ == "__main__":
    daemon.main()
