"""Certificates and authorities that change under a running daemon: no request fails, new handshakes see the new ones
within two seconds, and what cannot be used changes nothing."""

import os
import pathlib
import shutil
import socket
import ssl
import tempfile
import threading
import time
import unittest

from tests.support import certificates, daemon, web

ROTATIONS = 6
SEEN_WITHIN_S = 2 * float(os.environ.get("TAILRACE_TEST_DEADLINE_S", "60")) / 60  # a sanitizer's build gets more

TLS = """        tls:
          cert_file: @TLS@/server.pem
          key_file: @TLS@/server.key
          reload_interval: 1s
          client_ca_file: @TLS@/clients.pem
          client_ca_file_reload: true
"""


class ReloadTest(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="tailrace-tls-")))
        self.authority = certificates.Authority(self.dir, "ca")
        self.other = certificates.Authority(self.dir, "otherca")
        self.authority.issue("server")
        shutil.copy(self.authority.path, self.dir / "clients.pem")
        self.client = self.authority.issue("client")
        self.context = certificates.client_context(self.authority, self.client)
        text = daemon.one_pipeline(decision_wait="10ms", receiver_extra=TLS.replace("@TLS@", str(self.dir)))
        self.daemon = self.enterContext(daemon.Daemon(text))

    def serial(self, context=None) -> str:
        """Of the certificate that a new handshake is shown."""
        with socket.create_connection(("127.0.0.1", self.daemon.ports["HTTP"]), 20) as plain:
            with (context or self.context).wrap_socket(plain, server_hostname="127.0.0.1") as connection:
                return connection.getpeercert()["serialNumber"]

    def wait_until_shown(self, serial: str, since: float, what: str) -> None:
        daemon.wait_for(lambda: self.serial() == serial, what)
        self.assertLess(time.monotonic() - since, SEEN_WITHIN_S, what)

    def reloads(self, outcome: str) -> float:
        return self.daemon.metrics().sum("tailrace_listener_tls_reloads", listener="otlp/http", outcome=outcome)

    def post(self, context=None) -> int:
        return web.post(self.daemon.ports["HTTP"], {}, "application/json", {}, context=context or self.context).status

    def test_rotation_every_second_under_load(self):
        pairs = [self.authority.issue(f"next{i}") for i in range(ROTATIONS)]
        stop, failures, done = threading.Event(), [], [0]

        def load():
            while not stop.is_set():
                try:
                    status = self.post()  # a handshake for each
                    if status != 200:
                        failures.append(status)
                except OSError as error:
                    failures.append(repr(error))
                done[0] += 1
        threads = [threading.Thread(target=load) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for i, (cert, key) in enumerate(pairs):
                began = time.monotonic()
                # By turns: written over where they stand, and put in place by a rename.
                for source, name in ((cert, "server.pem"), (key, "server.key")):
                    if i % 2 == 0:
                        (self.dir / name).write_bytes(source.read_bytes())
                    else:
                        shutil.copy(source, self.dir / "new")
                        os.replace(self.dir / "new", self.dir / name)
                self.wait_until_shown(certificates.serial_of(cert), began, f"certificate {i}")
                # The next one a second after this one.
                daemon.wait_for(lambda until=began + 1: time.monotonic() >= until, "a second")
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self.assertEqual(failures, [])
        self.assertGreater(done[0], 100)
        self.assertGreaterEqual(self.reloads("ok"), ROTATIONS)

    def test_a_connection_outlives_the_certificate_that_it_began_with(self):
        import http.client
        kept = http.client.HTTPSConnection("127.0.0.1", self.daemon.ports["HTTP"], context=self.context, timeout=20)
        self.addCleanup(kept.close)
        cert, key = self.authority.issue("next")
        for _ in range(2):
            kept.request("POST", "/v1/traces", b"{}", {"Content-Type": "application/json"})
            answer = kept.getresponse()
            answer.read()
            self.assertEqual(answer.status, 200)
            shutil.copy(cert, self.dir / "server.pem")
            shutil.copy(key, self.dir / "server.key")
            daemon.wait_for(lambda: self.serial() == certificates.serial_of(cert), "the new certificate")

    def test_a_broken_certificate_changes_nothing(self):
        old = self.serial()
        _, strange_key = self.authority.issue("stranger")
        broken = {"garbage": ("server.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
                  "empty": ("server.pem", b""), "another's key": ("server.key", strange_key.read_bytes())}
        for number, (what, (name, content)) in enumerate(broken.items(), 1):
            with self.subTest(what):
                good = (self.dir / name).read_bytes()
                (self.dir / name).write_bytes(content)
                daemon.wait_for(lambda n=2 * number - 1: self.reloads("failed") + self.reloads("ok") >= n, "it was looked at")
                self.assertEqual(self.reloads("failed"), number)
                self.assertEqual((self.serial(), self.post()), (old, 200))
                (self.dir / name).write_bytes(good)
                daemon.wait_for(lambda n=number: self.reloads("ok") == n, "the good one is taken again")
        os.rename(self.dir / "server.pem", self.dir / "away")
        daemon.wait_for(lambda: self.reloads("failed") == len(broken) + 1, "that it is gone is counted")
        self.assertEqual((self.serial(), self.post()), (old, 200))
        said = self.daemon.stderr()
        self.assertEqual(said.count("TLS certificates cannot be reloaded"), len(broken) + 1, "each is told once")
        self.assertNotIn("PRIVATE KEY", said)

    def test_authorities_of_clients_come_and_go(self):
        newcomer = certificates.client_context(self.authority, self.other.issue("newcomer"))
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.post(newcomer)

        def answers(context) -> bool:
            try:
                return self.post(context) == 200
            except (ssl.SSLError, ConnectionError):
                return False
        shutil.copy(self.other.path, self.dir / "clients.pem")
        began = time.monotonic()
        daemon.wait_for(lambda: answers(newcomer), "the newcomer is let in")
        self.assertLess(time.monotonic() - began, SEEN_WITHIN_S)
        self.assertFalse(answers(self.context), "and the old one is not")

    def test_nothing_is_resumed(self):
        """A session that is resumed would outlive the certificates that it was begun with."""
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = certificates.client_context(self.authority, self.client)
            context.minimum_version = context.maximum_version = version
            session = None
            for _ in range(2):
                with socket.create_connection(("127.0.0.1", self.daemon.ports["HTTP"]), 20) as plain:
                    with context.wrap_socket(plain, server_hostname="127.0.0.1", session=session) as connection:
                        connection.sendall(b"POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                           b"Content-Length: 2\r\n\r\n{}")
                        self.assertIn(b"200 OK", connection.recv(1000))
                        self.assertFalse(connection.session_reused)
                        session = connection.session


if __name__ == "__main__":
    daemon.main()
