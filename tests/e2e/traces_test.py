"""The API about traces on the running daemon: what was kept and dropped lately, one trace whole, and why; over two shards and
two pipelines, for spans that come in pieces, late, or as an attacker names them."""

import unittest

from tests.support import daemon, otlp

ERRORS = "- {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}\n      - {name: slow, type: latency, latency: {threshold_ms: 500}}"
HOSTILE = "<script>\u202e\u0000\"'" + "x" * 5000


def config() -> str:
    return daemon.config(
        f"  tail_sampling:\n    decision_wait: 2s\n    policies:\n      {ERRORS}\n"
        "  tail_sampling/all:\n    decision_wait: 2s\n    policies:\n      - {name: all, type: always_sample}",
        "  nop:\n",
        "    traces: {receivers: [otlp], processors: [tail_sampling], exporters: [nop]}\n"
        "    traces/all: {receivers: [otlp], processors: [tail_sampling/all], exporters: [nop]}\n",
        "  tailrace: {shards: 2}\n")


class TracesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = cls.enterClassContext(daemon.Daemon(config()))
        cls.slow, cls.failed, cls.quick, cls.hostile = (otlp.trace_id() for _ in range(4))
        root = otlp.span(cls.slow, "GET /cart", duration_ms=812)
        cls.post(otlp.request(root, otlp.span(cls.failed, "GET /pay"), otlp.span(cls.quick, "GET /health")))
        cls.post(otlp.request(otlp.span(cls.failed, "charge", parent="00000000000000aa", error=True,
                                        attributes=[{"key": "card", "value": {"stringValue": "visa"}}]), service="pay"))
        cls.post(otlp.request(otlp.span(cls.hostile, HOSTILE, error=True), service=HOSTILE))
        daemon.wait_for(lambda: cls.listed(pipeline="traces") == {cls.slow, cls.failed, cls.quick, cls.hostile}, "all are decided")

    @classmethod
    def post(cls, request) -> None:
        answer = cls.daemon.post(request)
        assert answer.status == 200, answer

    @classmethod
    def traces(cls, **query) -> dict:
        return cls.daemon.api("traces?" + "&".join(f"{key}={value}" for key, value in query.items())).json()

    @classmethod
    def listed(cls, **query) -> set:
        return {trace["id"] for trace in cls.traces(**query)["traces"]}

    def why(self, trace: str) -> dict:
        return self.daemon.api("why/" + trace).json()

    def test_lists(self):
        self.assertEqual(self.listed(pipeline="traces", decision="kept"), {self.slow, self.failed, self.hostile})
        self.assertEqual(self.listed(pipeline="traces", decision="dropped"), {self.quick})
        self.assertEqual(self.listed(status="error", service="pay"), {self.failed})
        self.assertEqual(self.listed(operation="GET%20/cart"), {self.slow})
        self.assertEqual(self.listed(attribute="card%3Dvisa"), {self.failed})
        self.assertEqual(self.listed(min_ms=500, max_ms=900), {self.slow})
        self.assertEqual(self.listed(policy="slow"), {self.slow})
        self.assertEqual(self.listed(id=self.quick[:12].upper()), {self.quick})
        trace = self.traces(id=self.failed, pipeline="traces")["traces"][0]
        self.assertEqual((sorted(trace["services"]), trace["spans"], trace["error"], trace["policy"]),
                         (["frontend", "pay"], 2, True, "errors"))
        self.assertEqual(trace["root"], {"service": "frontend", "operation": "GET /pay"})

    def test_pages(self):
        seen, before = [], None
        while True:
            page = self.traces(limit=3, **({"before": before} if before else {}))
            seen += [(trace["id"], trace["pipeline"]) for trace in page["traces"]]
            before = page["next"]
            if before is None:
                break
        self.assertEqual((len(seen), len(set(seen))), (8, 8))

    def test_why(self):
        answer = self.why(self.slow.upper())
        kept = next(a for a in answer["answers"] if a["pipeline"] == "traces")
        self.assertEqual((kept["state"], kept["policy"], kept["spans"]), ("kept", "slow", 1))
        errors, slow = kept["votes"]
        self.assertEqual((errors["vote"], errors["value"]), ("not_sampled", "UNSET"))
        self.assertEqual((slow["vote"], slow["rule"], slow["value"], slow["service"], slow["operation"]),
                         ("sampled", "latency of more than 500 ms", "812 ms", "frontend", "GET /cart"))
        self.assertIn('Kept by the policy "slow"', answer["sentence"])
        self.assertEqual([a["state"] for a in self.why(otlp.trace_id())["answers"]], ["never_seen", "never_seen"])

    def test_late_spans_are_counted(self):
        self.post(otlp.request(otlp.span(self.quick, "late"), otlp.span(self.quick, "later")))
        self.assertEqual([a["late_spans"] for a in self.why(self.quick)["answers"]], [2, 2])

    def test_one_trace_whole(self):
        whole = self.daemon.api("traces/" + self.failed).json()
        names = {span["name"] for resource in whole["resourceSpans"] for scope in resource["scopeSpans"] for span in scope["spans"]}
        self.assertEqual(names, {"GET /pay", "charge"})
        jaeger = self.daemon.api(f"traces/{self.failed}?format=jaeger").json()["data"][0]
        self.assertEqual({p["serviceName"] for p in jaeger["processes"].values()}, {"frontend", "pay"})
        self.assertEqual(self.daemon.api("traces/" + otlp.trace_id()).status, 404)

    def test_ids_and_queries_in_wrong_forms(self):
        for path in ("why/12", "why/" + "g" * 32, "traces/" + "0" * 33, "traces?limit=0", "traces?limit=501", "traces?status=bad",
                     "traces?before=x", "traces?attribute=x", "traces?unknown=1", f"traces/{self.slow}?format=xml"):
            with self.subTest(path=path):
                answer = self.daemon.api(path)
                self.assertEqual(answer.status, 400)
                self.assertTrue(answer.json()["error"])

    def test_hostile_names_are_text_and_cut(self):
        for path in ("why/" + self.hostile, "traces?id=" + self.hostile):
            with self.subTest(path=path):
                answer = self.daemon.api(path)
                self.assertIn("<script>", str(answer.json()))
                self.assertEqual(answer.headers["content-type"].split(";")[0], "application/json")
                self.assertLess(len(answer.body), 20_000)


if __name__ == "__main__":
    daemon.main()
