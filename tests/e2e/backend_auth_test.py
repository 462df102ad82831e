"""Who the daemon says it is to a backend, and whom it believes: OAuth2 tokens, tokens in files, certificate files that change."""

import pathlib
import shutil
import ssl
import tempfile
import unittest

from tests.e2e.delivery_test import Backend, samples, spans_of
from tests.support import certificates, daemon, otlp
from tests.support.faults.backend import FaultBackend
from tests.support.token_server import TokenServer

RETRY = "    retry_on_failure: {initial_interval: 50ms, max_interval: 200ms, max_elapsed_time: 0s}\n"
SECRET = "s3cret &=+ w0rd"


def oauth2(url: str) -> str:
    return f"  oauth2client/me: {{client_id: me, client_secret: '{SECRET}', token_url: {url}, scopes: [traces.write, b]}}\n"


def exporter(port: int, authenticator: str, options: str = RETRY) -> str:
    return (f"  otlphttp:\n    endpoint: http://127.0.0.1:{port}\n    compression: none\n    encoding: json\n"
            f"    auth: {{authenticator: {authenticator}}}\n{options}")


class BackendAuthTest(unittest.TestCase):
    def send(self, first: daemon.Daemon) -> None:
        self.assertEqual(first.post(otlp.request(otlp.span())).status, 200)

    def test_a_token_is_fetched_once_and_again_when_it_is_refused(self):
        with Backend() as backend, TokenServer() as tokens:
            with daemon.Daemon(samples(exporter(backend.port, "oauth2client/me"), oauth2(tokens.url))) as first:
                for number in range(1, 4):
                    self.send(first)
                    daemon.wait_for(lambda: spans_of(backend.taken) == number, "it is delivered")
                self.assertEqual(tokens.forms, [{"grant_type": ["client_credentials"], "client_id": ["me"], "client_secret": [SECRET],
                                                 "scope": ["traces.write b"]}])
                self.assertEqual({headers["authorization"] for _, headers in backend.seen}, {"Bearer token-1"})
                backend.status = 401
                self.send(first)
                daemon.wait_for(lambda: len(tokens.forms) == 2, "a new token is fetched")
                backend.status = 200
                daemon.wait_for(lambda: self.send(first) or backend.seen[-1][1]["authorization"] == "Bearer token-2", "the new token is used")
                first.stop()
                self.assertNotIn("s3cret", first.stderr())
                self.assertNotIn("token-", first.stderr())

    def test_a_token_is_renewed_before_it_ends(self):
        with Backend() as backend, TokenServer(expires_in=2) as tokens:
            with daemon.Daemon(samples(exporter(backend.port, "oauth2client/me"), oauth2(tokens.url))):
                daemon.wait_for(lambda: len(tokens.forms) >= 3, "two renewals", 15)

    def test_no_token_keeps_the_spans_until_there_is_one(self):
        bad_answers = ((400, b'{"error": "invalid_client"}'), (500, b""), (200, b"nonsense"), (200, b"{}"), (200, b'{"access_token": ""}'),
                       (200, b"x" * 1_000_000))
        for answer in bad_answers:
            with self.subTest(str(answer)[:40]), Backend() as backend, TokenServer() as tokens:
                tokens.answer = answer
                with daemon.Daemon(samples(exporter(backend.port, "oauth2client/me"), oauth2(tokens.url))) as first:
                    self.send(first)
                    daemon.wait_for(lambda: "oauth2client: no token yet:" in first.stderr(), "it says what is missing")
                    self.assertEqual(backend.requests, 0)
                    tokens.answer = None
                    daemon.wait_for(lambda: spans_of(backend.taken) == 1, "it is delivered", 10)
                    first.stop()
                    self.assertNotIn("s3cret", first.stderr())

    def test_a_token_file_that_changes_and_vanishes(self):
        with Backend() as backend, tempfile.TemporaryDirectory() as scratch:
            file = pathlib.Path(scratch) / "token"
            file.write_text("first-word\n", encoding="ascii")
            with daemon.Daemon(samples(exporter(backend.port, "bearertokenauth/me"), f"  bearertokenauth/me: {{filename: {file}}}\n")) as first:
                self.send(first)
                daemon.wait_for(lambda: spans_of(backend.taken) == 1, "it is delivered")
                self.assertEqual(backend.seen[-1][1]["authorization"], "Bearer first-word")
                file.write_text("second-word\n", encoding="ascii")
                daemon.wait_for(lambda: self.send(first) or backend.seen[-1][1]["authorization"] == "Bearer second-word", "the new token is used")
                file.unlink()
                before = len(backend.seen)
                self.send(first)
                daemon.wait_for(lambda: len(backend.seen) > before, "the last token goes on being used")
                self.assertEqual(backend.seen[-1][1]["authorization"], "Bearer second-word")
                first.stop()
                self.assertNotIn("-word", first.stderr())

    def test_certificate_files_that_change(self):
        """Both exporters: the authority in ca_file is replaced, and the backend shows a certificate of the new one."""
        for protocol, name, scheme in (("grpc", "otlp", ""), ("http", "otlphttp", "https://")):
            with self.subTest(protocol), tempfile.TemporaryDirectory() as scratch:
                folder = pathlib.Path(scratch)
                contexts = {}
                for authority in ("old", "new"):
                    certificates.make_authority(folder, authority)
                    certificates.make_certificate(folder, f"{authority}-server", authority=authority)
                    contexts[authority] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                    contexts[authority].load_cert_chain(folder / f"{authority}-server.pem", folder / f"{authority}-server.key")
                    contexts[authority].set_alpn_protocols(["h2" if protocol == "grpc" else "http/1.1"])
                shutil.copy(folder / "old.pem", folder / "trusted.pem")
                with FaultBackend(protocol, tls=contexts["old"]) as backend:
                    text = (f"  {name}:\n    endpoint: {scheme}127.0.0.1:{backend.port}\n    timeout: 1s\n    compression: none\n"
                            f"    tls: {{ca_file: {folder}/trusted.pem, reload_interval: 1s}}\n{RETRY}")
                    with daemon.Daemon(samples(text).replace("[otlphttp]", f"[{name}]")) as first:
                        self.send(first)
                        daemon.wait_for(lambda: len(backend.taken) == 1, "it is delivered")
                        backend.tls = contexts["new"]
                        backend.move("127.0.0.1")  # every connection ends
                        failed = first.metrics().sum("tailrace_exporter_requests", outcome="failed")
                        daemon.wait_for(lambda: self.send(first) or first.metrics().sum("tailrace_exporter_requests", outcome="failed") > failed,
                                        "the new certificate is not believed")
                        shutil.copy(folder / "new.pem", folder / "next.pem")
                        (folder / "next.pem").rename(folder / "trusted.pem")
                        daemon.wait_for(lambda: first.metrics().sum("tailrace_exporter_queue_bytes") == 0 and len(backend.taken) > 1,
                                        "the new authority is believed", 15)
                        first.stop()


if __name__ == "__main__":
    unittest.main(verbosity=2)
