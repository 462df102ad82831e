"""The page's server and its API on the running daemon: the counts are those of /metrics, every answer is as openapi.json
describes it, no secret shows, and who may not ask gets nothing."""

import concurrent.futures
import socket
import unittest

from tests.support import daemon, openapi, otlp, web

SECRETS = {name: f"s3cret-{name}" for name in ("header", "user", "query", "proxy", "token", "tokens", "password", "client")}
POLICIES = """- {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
- {name: "slow <b>", type: latency, latency: {threshold_ms: 500}}
- {name: never, type: probabilistic, probabilistic: {sampling_percentage: 0}}"""
EXPORTERS = f"""  file:
    path: @DIR@/kept.jsonl
    flush_interval: 50ms
  otlphttp:
    traces_endpoint: "http://someone:{SECRETS['user']}@127.0.0.1:9/v1/traces?key={SECRETS['query']}"
    proxy_url: "http://p:{SECRETS['proxy']}@127.0.0.1:9"
    headers: {{x-api-key: {SECRETS['header']}}}
    auth: {{authenticator: bearertokenauth}}
    retry_on_failure: {{enabled: false}}
  otlp:
    endpoint: 127.0.0.1:9
    tls: {{insecure: true}}
    auth: {{authenticator: basicauth}}
  otlp/two:
    endpoint: 127.0.0.1:9
    auth: {{authenticator: oauth2client}}
"""
EXTENSIONS = f"""  bearertokenauth: {{token: {SECRETS['token']}}}
  bearertokenauth/listener: {{tokens: [{SECRETS['tokens']}]}}
  basicauth: {{client_auth: {{username: me, password: {SECRETS['password']}}}}}
  oauth2client: {{client_id: me, client_secret: {SECRETS['client']}, token_url: "http://127.0.0.1:9/token"}}
"""


def config() -> str:
    lines = "\n".join("      " + line for line in POLICIES.splitlines())
    text = daemon.config(f"  batch:\n  tail_sampling:\n    decision_wait: 100ms\n    policies:\n{lines}", EXPORTERS,
                         "    traces: {receivers: [otlp], processors: [tail_sampling, batch], exporters: [file, otlphttp]}\n"
                         "    traces/all: {receivers: [otlp], exporters: [otlp, otlp/two]}\n",
                         "  tailrace: {shards: 2, shutdown_timeout: 1s}\n")
    text = text.replace("receivers:\n  otlp", EXTENSIONS + "receivers:\n  otlp", 1)
    text = text.replace("        endpoint: 127.0.0.1:@GRPC@\n",
                        "        endpoint: 127.0.0.1:@GRPC@\n        auth: {authenticator: bearertokenauth/listener}\n")
    return text.replace("[health_check]", "[health_check, bearertokenauth, bearertokenauth/listener, basicauth, oauth2client]")


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = cls.enterClassContext(daemon.Daemon(config()))
        cls.description = cls.daemon.api("openapi.json").json()
        spans = [otlp.span(duration_ms=900 if n % 3 == 0 else 5, error=n % 4 == 0) for n in range(24)]
        answer = cls.daemon.post(otlp.request(*spans))
        assert answer.status == 200, answer
        daemon.wait_for(lambda: cls.flow()["pipelines"][0]["in_table_traces"] == 0 and cls.flow()["pipelines"][0]["sampled_traces"] > 0,
                        "all are decided")
        daemon.wait_for(lambda: cls.exporter("file")["forwarded_spans"] == 12, "the kept ones are written")
        # The other exporters have no backend; this one gives up at once.
        daemon.wait_for(lambda: cls.exporter("otlphttp")["dropped_spans"], "given up")

    @classmethod
    def flow(cls) -> dict:
        return cls.daemon.api("flow").json()

    @classmethod
    def targets(cls) -> list:
        """Each described path, and one to ask for: where it has an {id}, that of a trace that was kept."""
        kept = cls.daemon.api("traces?decision=kept&limit=1").json()["traces"][0]["id"]
        return [(path, path.replace("{id}", kept)) for path in cls.description["paths"]]

    @classmethod
    def exporter(cls, name: str) -> dict:
        return next(e for e in cls.flow()["exporters"] if e["id"] == name)

    def test_status(self):
        status = self.daemon.api("status").json()
        self.assertEqual((status["state"], status["shards"], status["accepted_spans"], status["residual_spans"]), ("ready", 2, 24, 0))
        self.assertGreater(status["memory"]["budget_bytes"], status["memory"]["table_bytes"])
        self.assertLessEqual(abs(status["now_unix_ms"] - status["started_unix_ms"] - status["uptime_s"] * 1000), 50)

    def test_flow_says_what_metrics_say(self):
        flow, m = self.flow(), self.daemon.metrics()
        transports = {t["transport"]: t for t in flow["receivers"][0]["transports"]}
        self.assertEqual(transports["http"]["accepted_spans"], m.sum("otelcol_receiver_accepted_spans", transport="http"))
        self.assertEqual(transports["grpc"]["accepted_spans"], 0)
        sampled, passed = flow["pipelines"]
        self.assertEqual((sampled["id"], sampled["processor"], sampled["receivers"], sampled["exporters"]),
                         ("traces", "tail_sampling", ["otlp"], ["file", "otlphttp"]))
        self.assertEqual((sampled["sampled_traces"], sampled["not_sampled_traces"], sampled["kept_spans"]), (12, 12, 12))
        self.assertEqual((passed["processor"], passed["kept_spans"], passed["decision_lag_ms"]), (None, 24, None))
        self.assertLessEqual(sampled["decision_lag_ms"]["p50"], sampled["decision_lag_ms"]["p99"])
        self.assertEqual([line["exporter"] for line in flow["ledger"]], [e["id"] for e in flow["exporters"]])
        for line in flow["ledger"]:
            with self.subTest(ledger=line["exporter"]):
                self.assertEqual(line["residual"], 0)
                self.assertEqual(line["accepted"], m.sum("tailrace_ledger_spans", exporter=line["exporter"], state="accepted"))
                self.assertEqual(line["accepted"] + line["recovered"], sum(line[part] for part in (
                    "forwarded", "own", "dropped_by_policy", "dropped", "in_ring", "in_table", "in_open_batch", "in_flight_to_exporter",
                    "queued", "in_flight")))

    def test_policies_say_what_metrics_say(self):
        answer, m = self.daemon.api("policies").json(), self.daemon.metrics()
        self.assertEqual(len(answer["pipelines"]), 1)
        pipeline = answer["pipelines"][0]
        self.assertEqual((pipeline["decided_traces"], pipeline["kept_traces"], pipeline["decision_wait_ms"]), (24, 12, 100))
        self.assertEqual([(p["name"], p["type"], p["sampled"]) for p in pipeline["policies"]],
                         [("errors", "status_code", 6), ("slow <b>", "latency", 8), ("never", "probabilistic", 0)])
        for policy in pipeline["policies"]:
            self.assertEqual(policy["sampled"], m.sum("otelcol_processor_tail_sampling_count_traces_sampled",
                                                      policy=policy["name"], sampled="true"))

    def test_every_answer_is_as_described(self):
        for path, target in self.targets():
            with self.subTest(path=path):
                answer = web.request(self.daemon.ports["PAGE"], "GET", target)
                self.assertEqual(answer.status, 200)
                self.assertEqual(answer.headers["content-type"].split(";")[0], "application/json")
                self.assertEqual(openapi.problems(self.description, path, answer.status, answer.json()), [])

    def test_errors_are_as_described(self):
        for path, target in self.targets():
            for method, target, status in (("GET", target + "?no-such=1", 400), ("POST", target, 405),
                                           ("GET", target + "/no/such", 404)):
                with self.subTest(method=method, target=target):
                    answer = web.request(self.daemon.ports["PAGE"], method, target)
                    self.assertEqual(answer.status, status)
                    self.assertEqual(openapi.problems(self.description, path, status, answer.json()), [])

    def test_the_configuration_is_the_one_in_force(self):
        answer = self.daemon.api("config").json()
        self.assertIn("decision_wait: 100ms", answer["yaml"])
        self.assertIn(f"127.0.0.1:{self.daemon.ports['PAGE']}", answer["yaml"])
        again = self.daemon.dir / "printed.yaml"
        again.write_text(answer["yaml"], encoding="utf-8")
        done = daemon.run_to_end(["print-config", "--config", str(again)])
        self.assertEqual((done.returncode, done.stdout), (0, answer["yaml"]))

    def test_no_secret_shows(self):
        answers = [web.request(self.daemon.ports["PAGE"], "GET", target).body.decode() for _, target in self.targets()]
        answers.append(web.request(self.daemon.ports["METRICS"], "GET", "/metrics").body.decode())
        self.assertIn("[REDACTED]", "".join(answers))
        for name, secret in SECRETS.items():
            with self.subTest(secret=name):
                self.assertNotIn(secret, "".join(answers))

    def test_the_page_is_there_and_asks_no_other_host(self):
        answer = web.request(self.daemon.ports["PAGE"], "GET", "/")
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "text/html; charset=utf-8"))
        self.assertNotRegex(answer.body.decode(), r"(src|href)=\"(https?:)?//")

    def test_strangers_get_nothing(self):
        for headers, path in (({"Host": "evil.example"}, "/api/v1/config"), ({"Host": "evil.example"}, "/"),
                              ({"Sec-Fetch-Site": "cross-site"}, "/api/v1/config")):
            with self.subTest(headers=headers, path=path):
                answer = web.request(self.daemon.ports["PAGE"], "GET", path, headers=headers)
                self.assertEqual(answer.status, 403)
                self.assertNotIn(b"receivers", answer.body)
                self.assertNotIn("access-control-allow-origin", answer.headers)

    def test_many_at_once(self):
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            statuses = list(pool.map(lambda n: self.daemon.api(("flow", "status", "policies", "config")[n % 4]).status, range(200)))
        self.assertEqual(set(statuses), {200})


class PortTest(unittest.TestCase):
    """The port of the page is somebody else's."""

    def setUp(self):
        self.taken = self.enterContext(socket.create_server(("127.0.0.1", 0)))
        self.port = self.taken.getsockname()[1]

    def test_that_was_asked_for_is_an_error(self):
        with self.assertRaisesRegex(AssertionError, "(?s)ended with 1 at start.*service::tailrace::page.*in use"):
            with daemon.Daemon(daemon.one_pipeline(service_extra=f"  tailrace: {{page: {{endpoint: \"127.0.0.1:{self.port}\"}}}} # @PAGE@\n")):
                pass

    def test_that_is_the_default_is_a_warning(self):
        try:
            self.enterContext(socket.create_server(("127.0.0.1", 8080)))
        except OSError:
            pass  # somebody has it already
        with daemon.Daemon(daemon.one_pipeline(service_extra="  # without @PAGE@\n")) as d:
            said = d.stderr()
            self.assertRegex(said, "(?i)warn.*going on without the page.*in use")
            self.assertTrue(d.healthy())

    def test_that_is_off_is_no_port(self):
        with daemon.Daemon(daemon.one_pipeline(service_extra="  tailrace: {page: {enabled: false, endpoint: \"127.0.0.1:@PAGE@\"}}\n")) as d:
            with self.assertRaises(ConnectionRefusedError):
                d.api("status")


if __name__ == "__main__":
    daemon.main()
