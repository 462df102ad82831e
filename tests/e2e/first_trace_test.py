"""`tailrace first-trace`: a trace is sent and taken, and every instance of a name is asked until one has decided it."""

import http.server
import json
import threading
import unittest

from tests.support import daemon, otlp


class Page(http.server.BaseHTTPRequestHandler):
    """An instance's answers to `why`: the first that the server has, and then the last one again and again."""

    def do_GET(self):
        self.server.asked.append((self.headers["Host"], self.path))
        answers = self.server.answers
        body = json.dumps(answers.pop(0) if len(answers) > 1 else answers[0]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def page(*states: str) -> http.server.HTTPServer:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.asked = []
    server.answers = [{"id": "0" * 32, "sentence": f"It was {state}.", "answers": [{"pipeline": "traces", "state": state}]} for state in states]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def run(*args: str):
    return daemon.run_to_end(["first-trace", *args])


class FirstTraceTest(unittest.TestCase):
    def test_it_is_taken(self):
        with daemon.Daemon(daemon.one_pipeline("- {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}")) as d:
            done = run("--to", f"http://127.0.0.1:{d.ports['HTTP']}")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            kept = daemon.wait_for(lambda: otlp.read_file_exporter(d.dir / "kept.jsonl"), "it is kept for its error")
            self.assertIn(otlp.trace_ids(kept).pop(), done.stdout)

    def test_every_address_is_asked_by_itself_until_it_is_decided(self):
        with daemon.Daemon(daemon.one_pipeline()) as d:
            server = page("never_seen", "undecided", "kept")
            try:
                done = run("--to", f"http://127.0.0.1:{d.ports['HTTP']}", "--url", f"http://localhost:{server.server_port}")
            finally:
                server.shutdown()
                server.server_close()
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(f"http://127.0.0.1:{server.server_port}: It was kept.", done.stdout)
            self.assertEqual(len(server.asked), 3)
            for host, path in server.asked:
                self.assertEqual(host, f"127.0.0.1:{server.server_port}", "the address, which the page takes for a host")
                self.assertRegex(path, "^/api/v1/why/[0-9a-f]{32}$")

    def test_nobody_decides_it(self):
        with daemon.Daemon(daemon.one_pipeline()) as d:
            server = page("never_seen")
            try:
                done = run("--to", f"http://127.0.0.1:{d.ports['HTTP']}", "--url", f"http://127.0.0.1:{server.server_port}", "--wait", "1s")
            finally:
                server.shutdown()
                server.server_close()
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, "no instance at http://127.0.0.1:[0-9]+ decided trace [0-9a-f]{32}")

    def test_nobody_takes_it(self):
        [port] = daemon.free_ports(1)
        done = run("--to", f"http://127.0.0.1:{port}", "--wait", "1s")
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot reach", done.stderr)

    def test_bad_usage(self):
        for args in (["--url", "localhost:8080"], ["--wait", "1"], ["--nonsense"]):
            self.assertEqual(run(*args).returncode, 2, args)


if __name__ == "__main__":
    daemon.main()
