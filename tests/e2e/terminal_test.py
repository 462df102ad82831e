"""The verbs that ask a running daemon, against a server that answers like one: why, tail, health; and size."""

import itertools
import json
import pathlib
import re
import signal
import ssl
import subprocess
import tempfile
import time
import unittest

from tests.support import certificates, daemon, fake_api
from tests.support.fake_api import FORGOTTEN, NEVER_SEEN, TRACE, FakeApi
from tests.support.terminal import run


class WhyTest(unittest.TestCase):
    def test_a_kept_trace(self):
        with FakeApi() as api:
            done = run("why", TRACE, "--url", api.url)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertTrue(done.stdout.startswith("This trace is kept.\n"), done.stdout)
        self.assertIn("pipeline traces: kept by errors at 2023-11-14 22:13:21, 3 spans, 1.00s, 1 late since", done.stdout)
        self.assertRegex(done.stdout, r"errors +sampled +status ERROR +ERROR +payment Charge 0000000000000003")
        self.assertRegex(done.stdout, r"rest +not sampled +1 % of trace ids")
        self.assertRegex(done.stdout, r"\*!     Charge  payment +700\.0ms +█+")
        self.assertIn("error: 'timed out' at Charge in payment", done.stdout)
        self.assertNotIn("\x1b", done.stdout)

    def test_ids_as_other_tools_print_them(self):
        with FakeApi() as api:
            for text in (TRACE.upper(), f"{TRACE[:8]}-{TRACE[8:12]}-{TRACE[12:16]}-{TRACE[16:20]}-{TRACE[20:]}"):
                self.assertEqual(run("why", text, "--url", api.url).returncode, 0)
            for text in ("", "xyz", TRACE[:-1], TRACE + "0", "../status", "g" * 32):
                self.assertEqual(run("why", text, "--url", api.url).returncode, 2, text)

    def test_what_is_not_known_has_a_code_of_its_own(self):
        with FakeApi() as api:
            done = run("why", NEVER_SEEN, "--url", api.url)
            self.assertEqual((done.returncode, done.stdout), (3, "This trace was never seen.\n"))
            done = run("why", FORGOTTEN, "--url", api.url)
            self.assertEqual(done.returncode, 3)
            self.assertIn("forgotten (remembered: kept)", done.stdout)

    def test_spans_that_are_gone_are_no_error(self):
        with FakeApi() as api:
            del api.answers[f"/api/v1/traces/{TRACE}"]
            done = run("why", TRACE, "--url", api.url)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_json_is_the_apis(self):
        with FakeApi() as api:
            done = run("why", TRACE, "--url", api.url, "--json")
        self.assertEqual((done.returncode, json.loads(done.stdout)), (0, fake_api.why(TRACE, "kept")))

    def test_hostile_names_move_nothing(self):
        hostile = "\x1b]0;owned\x07\x1b[2J\r\n\u202etxt.exe\u0000"
        with FakeApi() as api:
            api.answers[f"/api/v1/why/{TRACE}"] = fake_api.why(TRACE, "kept", policy=hostile) | {"sentence": hostile}
            api.answers[f"/api/v1/traces/{TRACE}"] = fake_api.shop_trace(hostile)
            done = run("why", TRACE, "--url", api.url)
        self.assertEqual(done.returncode, 0)
        self.assertIn("\\x1b]0;owned\\x07", done.stdout)
        self.assertEqual([c for c in done.stdout if (ord(c) < 32 and c != "\n") or c == "\u202e"], [])


class ClientTest(unittest.TestCase):
    def test_nobody_there(self):
        port = daemon.free_ports(1)[0]
        for verb in (["why", TRACE], ["top", "--once"], ["tail"]):
            done = run(*verb, "--url", f"http://127.0.0.1:{port}")
            self.assertEqual((done.returncode, done.stdout), (1, ""), verb)
            self.assertIn(f"cannot reach http://127.0.0.1:{port}: Connection refused", done.stderr)
            self.assertIn("service::tailrace::page", done.stderr)

    def test_no_answer_in_time(self):
        with FakeApi() as api:
            api.delay_s = 30
            began = time.monotonic()
            done = run("why", TRACE, "--url", api.url, "--timeout", "200ms")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no answer within 200 ms", done.stderr)
        self.assertLess(time.monotonic() - began, 20)

    def test_what_answers_is_no_tailrace(self):
        for answer, words in (((200, b"<html>"), "no JSON"), ((500, b"oops"), "answered 500"), ((200, b"[]"), "no JSON")):
            with FakeApi(version="") as api:
                api.answers[f"/api/v1/why/{TRACE}"] = answer
                done = run("why", TRACE, "--url", api.url)
            self.assertEqual(done.returncode, 1)
            self.assertIn(words, done.stderr)

    def test_what_the_daemon_says_is_shown(self):
        with FakeApi() as api:
            api.answers[f"/api/v1/why/{TRACE}"] = (429, {"error": "too many questions\x1b[2J"})
            done = run("why", TRACE, "--url", api.url)
        self.assertEqual(done.returncode, 1)
        self.assertIn("answered 429: too many questions\\x1b[2J", done.stderr)

    def test_an_answer_without_end_is_cut(self):
        with FakeApi() as api:
            api.answers[f"/api/v1/why/{TRACE}"] = (200, b" " * (65 << 20))
            done = run("why", TRACE, "--url", api.url, "--timeout", "60s")
        self.assertEqual(done.returncode, 1)
        self.assertIn("too large", done.stderr)

    def test_another_version_is_said(self):
        with FakeApi(version="9.9.9") as api:
            done = run("why", TRACE, "--url", api.url)
        self.assertEqual(done.returncode, 0)
        self.assertIn("the daemon is of version 9.9.9", done.stderr)

    def test_credentials(self):
        with FakeApi() as api:
            run("why", TRACE, "--url", api.url, "--user", "me:secret")
            run("why", TRACE, "--url", api.url, "--token", "t0ken")
            run("why", TRACE, "--url", api.url, env={"TAILRACE_TOKEN": "from-env"})
            # Each asks twice: for the reasons, and for the spans.
            sent = [headers.get("authorization") for _, headers in api.requests][::2]
            self.assertEqual(sent, ["Basic bWU6c2VjcmV0", "Bearer t0ken", "Bearer from-env"])
            api.answers[f"/api/v1/why/{TRACE}"] = (401, {"error": "no"})
            self.assertIn("--token", run("why", TRACE, "--url", api.url).stderr)

    def test_no_proxy_stands_between(self):
        with FakeApi() as api:
            done = run("why", TRACE, "--url", api.url, env={"http_proxy": "http://127.0.0.1:9", "ALL_PROXY": "http://127.0.0.1:9"})
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_https(self):
        with tempfile.TemporaryDirectory() as scratch:
            authority = certificates.Authority(pathlib.Path(scratch), "ca")
            cert, key = authority.issue("server")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(cert, key)
            with FakeApi(context=context) as api:
                done = run("why", TRACE, "--url", api.url)
                self.assertEqual(done.returncode, 1)
                self.assertIn("--ca-file", done.stderr)
                self.assertEqual(run("why", TRACE, "--url", api.url, "--ca-file", str(authority.path)).returncode, 0)
                self.assertEqual(run("why", TRACE, "--url", api.url, "--insecure").returncode, 0)
                self.assertIn("cannot read", run("why", TRACE, "--url", api.url, "--ca-file", "/nowhere").stderr)

    def test_bad_usage(self):
        for args in (["why"], ["why", TRACE, "--url", "ftp://x"], ["top", "--interval", "fast"], ["top", "--interval", "1ns"],
                     ["tail", "--status", "maybe"], ["tail", "--min-ms", "-1"], ["health", "--timeout", "5"], ["size"],
                     ["size", "--spans-per-second", "0"], ["why", TRACE, "--no-such"]):
            self.assertEqual(run(*args).returncode, 2, args)
        for verb in ("why", "top", "tail", "health", "size"):
            done = run(verb, "--help")
            self.assertEqual((done.returncode, done.stderr), (0, ""), verb)
            self.assertIn(f"tailrace {verb}", done.stdout)


class DocumentationTest(unittest.TestCase):
    def test_the_manual_has_every_verb(self):
        listed = run("--help").stdout.split("verbs:\n")[1]
        verbs = re.findall(r"^  (\S+)", listed, re.MULTILINE)
        self.assertGreater(len(verbs), 8)
        manual = (daemon.SOURCE_DIR / "docs" / "man" / "tailrace.1").read_text(encoding="utf-8").replace("\\-", "-")
        in_manual = re.findall(r"^\.TP\n\.BI? (\S+)", manual.split(".SH VERBS")[1].split(".SH EXIT")[0], re.MULTILINE)
        self.assertEqual(sorted(in_manual), sorted(verbs))

    def test_every_option_is_documented(self):
        text = (daemon.SOURCE_DIR / "docs" / "TERMINAL.md").read_text(encoding="utf-8")
        for verb in ("why", "top", "tail", "health", "size"):
            for option in re.findall(r"(?<!\S)(--[a-z-]+|-n)\b", run(verb, "--help").stdout):
                if option != "--help":
                    self.assertIn(option, text, verb)


class HealthTest(unittest.TestCase):
    def test_ready_and_not(self):
        with FakeApi() as api:
            done = run("health", "--url", api.url)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
            api.answers["/"] = (503, b"starting")
            done = run("health", "--url", api.url)
            self.assertEqual((done.returncode, done.stderr), (1, f"not ready: {api.url} answered 503\n"))
            url = api.url
        self.assertEqual(run("health", "--url", url).returncode, 1)

    def test_the_daemon_itself(self):
        with daemon.Daemon(daemon.one_pipeline()) as d:
            done = run("health", "--url", f"http://localhost:{d.ports['HEALTH']}/")
            self.assertEqual((done.returncode, done.stderr), (0, ""))


class SizeTest(unittest.TestCase):
    def test_the_piece_of_configuration_is_one(self):
        done = run("size", "--spans-per-second", "100000", "--wait", "30s")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        piece = done.stdout.split("configuration of each instance:\n\n")[1]
        with tempfile.TemporaryDirectory() as scratch:
            path = pathlib.Path(scratch) / "size.yaml"
            path.write_text(piece, encoding="utf-8")
            checked = run("print-config", "--config", str(daemon.SOURCE_DIR / "config" / "quickstart.yaml"), "--config", str(path))
        self.assertEqual(checked.returncode, 0, checked.stderr)
        for line in ("decision_wait", "num_traces", "memory_budget_mib", "shards"):
            value = re.search(rf"{line}: (\S+)", piece).group(1)
            self.assertRegex(checked.stdout, rf"{line}: {value}\b")

    def test_json_says_the_same(self):
        done = run("size", "--spans-per-second", "1e6", "--span-bytes", "800", "--kept-percent", "5", "--memory", "8GiB", "--json")
        plan = json.loads(done.stdout)
        self.assertEqual(sum(term["bytes"] for term in plan["terms"]) >> 20, plan["memory_budget_mib"])
        self.assertLessEqual(plan["process_bytes"], 8 << 30)
        self.assertGreater(plan["instances"], 1)
        self.assertAlmostEqual(plan["spans_per_second"] * plan["instances"], 1e6)

    def test_too_small(self):
        self.assertEqual(run("size", "--spans-per-second", "1000", "--memory", "64MiB").returncode, 1)


class TailTest(unittest.TestCase):
    def serve(self, api: FakeApi, summaries: list) -> None:
        """Traces 1 to 3 were there before; from the second question on there are `summaries` too."""
        def answer(query: dict):
            held = [fake_api.summary(n) for n in (1, 2, 3)] + (summaries if api.polls else [])
            api.polls += 1
            if "after" in query:
                found = [t for t in held if int(t["cursor"]) > int(query["after"])][:int(query["limit"])]
            else:
                found = list(reversed(held))[:int(query["limit"])]
            cut = "after" in query and len(found) == int(query["limit"])
            return {"traces": found, "next": None, "newest": (found if cut else held)[-1]["cursor"], "searched": len(held),
                    "truncated": False}
        api.answers["/api/v1/traces"] = answer

    def test_only_what_comes_from_now_on_each_once_in_order(self):
        with FakeApi() as api:
            self.serve(api, [fake_api.summary(n, policy=f"p{n}") for n in range(4, 130)])
            done = run("tail", "--url", api.url, "-n", "126", "--interval", "50ms")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(re.findall(r"kept by p(\d+)", done.stdout), [str(n) for n in range(4, 130)])
        self.assertEqual(done.stdout.count("Charge  payment"), 126)
        self.assertIn("22:13:21  checkout  POST /cart  1.00s  3 spans  ERROR  kept by p4  " + TRACE, done.stdout)

    def test_filters_go_to_the_daemon(self):
        with FakeApi() as api:
            self.serve(api, [fake_api.summary(4)])
            run("tail", "--url", api.url, "-n", "1", "--dropped", "--policy", "a&b", "--service", "s", "--status", "error", "--min-ms", "5")
            self.assertIn("decision=dropped&policy=a%26b&service=s&status=error&min_ms=5", api.requests[0][0])

    def test_without_spans_the_line_alone(self):
        with FakeApi() as api:
            self.serve(api, [fake_api.summary(4, has_spans=False, root=None, early="num_traces")])
            done = run("tail", "--url", api.url, "-n", "1")
        self.assertEqual(done.stdout.count("\n"), 2)
        self.assertIn("early (num_traces)", done.stdout)

    def test_a_reader_that_goes_away_ends_it(self):
        with FakeApi() as api:
            self.serve(api, [fake_api.summary(n) for n in range(4, 100)])
            with subprocess.Popen([daemon.BINARY, "tail", "--url", api.url], stdout=subprocess.PIPE) as process:
                process.stdout.readline()
                process.stdout.close()
                self.assertEqual(process.wait(daemon.DEADLINE_S), 0)

    def test_ctrl_c_gives_a_slow_request_up(self):
        with FakeApi() as api:
            self.serve(api, [])
            with subprocess.Popen([daemon.BINARY, "tail", "--url", api.url, "--timeout", "1h", "--interval", "50ms"]) as process:
                daemon.wait_for(lambda: len(api.requests) > 2, "it asks")
                api.delay_s = 3600
                asked = len(api.requests)
                daemon.wait_for(lambda: len(api.requests) > asked, "it waits for an answer")
                process.send_signal(signal.SIGINT)
                self.assertEqual(process.wait(daemon.DEADLINE_S), 0)


class DaemonTest(unittest.TestCase):
    """why and tail with the daemon itself."""

    def send(self, d: daemon.Daemon, trace: str = TRACE) -> None:
        request = json.loads(json.dumps(fake_api.shop_trace()).replace(TRACE, trace))
        self.assertEqual(d.post(request).status, 200)

    def test_why(self):
        policies = ("- {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}\n"
                    "- {name: slow, type: latency, latency: {threshold_ms: 5000}}")
        with daemon.Daemon(daemon.one_pipeline(policies)) as d:
            page = f"http://127.0.0.1:{d.ports['PAGE']}"
            self.assertEqual(run("why", TRACE, "--url", page).returncode, 3)
            self.send(d)
            daemon.wait_for(lambda: "pipeline traces: kept" in run("why", TRACE, "--url", page).stdout, "it is decided")
            done = run("why", TRACE, "--url", page)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"errors +sampled ")
        self.assertRegex(done.stdout, r"slow +not sampled ")
        self.assertRegex(done.stdout, r"\*!     Charge  payment +700\.0ms +█+")

    def test_tail(self):
        with daemon.Daemon(daemon.one_pipeline()) as d:
            page = f"http://127.0.0.1:{d.ports['PAGE']}"
            with subprocess.Popen([daemon.BINARY, "tail", "--url", page, "-n", "1", "--interval", "50ms", "--service", "payment"],
                                  stdout=subprocess.PIPE, text=True) as process:
                # It shows what is decided after it began; when that is, nobody outside can see: so new traces until it has one.
                numbers = itertools.count(1)

                def shown() -> bool:
                    self.send(d, f"{next(numbers):032x}")
                    return process.poll() is not None
                try:
                    daemon.wait_for(shown, "a trace is shown")
                finally:
                    process.kill()
                said = process.stdout.read()
            self.assertEqual(process.returncode, 0)
        self.assertRegex(said, r"checkout  POST /cart  1\.00s  \d+ spans  ERROR  kept by all  [0-9a-f]{32}\n")
        self.assertIn("bottleneck: Charge in payment", said)


if __name__ == "__main__":
    daemon.main()
