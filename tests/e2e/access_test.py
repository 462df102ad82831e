"""Who may talk to a listener: each listener and protocol, each wrong credential and certificate. Whatever is refused has
left no trace: not a byte of a body was decoded."""

import base64
import pathlib
import socket
import ssl
import tempfile
import unittest
import warnings

from tests.support import certificates, daemon, http2, otlp, web, wire

REFUSED = "tailrace_listener_auth_refused_requests"
# bcrypt at its least cost; of the passwords "open sesame", "long gone" and "in the file".
HASHES = {"ali": "$2y$04$abcdefghijklmnopqrstuu/LVz6MZlItEy42I2juLihZ66HnQx/cy",
          "gone": "$2b$04$abcdefghijklmnopqrstuuAQfTafX8Z8SUfRVXEJ1Mio.eWFl15DK",
          "filed": "$2a$04$abcdefghijklmnopqrstuuOMzDNPom0mpR41k0uPEbmBycasSFlZe"}

EXTENSIONS = """  basicauth:
    htpasswd:
      file: @TLS@/users
      inline: "ali:@ALI@"
  bearertokenauth:
    filename: @TLS@/tokens
"""


def basic(user_and_password: str) -> str:
    return "Basic " + base64.b64encode(user_and_password.encode()).decode()


def tls_lines(indent: int, min_version: str = "") -> str:
    lines = ["tls:", "  cert_file: @TLS@/server.pem", "  key_file: @TLS@/server.key", "  client_ca_file: @TLS@/ca.pem"]
    if min_version:
        lines.append(f'  min_version: "{min_version}"')
    return "".join(" " * indent + line + "\n" for line in lines)


def secured(authenticator: str, min_version: str = "") -> str:
    """Every listener with TLS, client certificates and this authenticator."""
    auth = f"auth: {{authenticator: {authenticator}}}\n"
    text = daemon.one_pipeline(decision_wait="10ms", service_extra=(
        "  tailrace:\n    metrics:\n" + tls_lines(6, min_version) + " " * 6 + auth +
        "    page:\n      endpoint: 127.0.0.1:@PAGE@\n" + tls_lines(6, min_version) + " " * 6 + auth))
    for port, indent in (("HEALTH", 4), ("GRPC", 8), ("HTTP", 8)):
        line = f"endpoint: 127.0.0.1:@{port}@\n"
        text = text.replace(line, line + tls_lines(indent, min_version) + " " * indent + auth)
    extensions = EXTENSIONS.replace("@ALI@", HASHES["ali"].replace("$", "$$"))
    text = text.replace("receivers:\n  otlp", extensions + "receivers:\n  otlp", 1)
    return text.replace("[health_check]", "[health_check, basicauth, bearertokenauth]")


class Matrix:
    """Filled in by the two classes below; `unittest` does not see this one."""

    authenticator = ""
    good = ""
    by_file = ""     # good, from the file that changes
    removed = ""     # was good until the file changed
    wrong = {}       # name -> value

    @classmethod
    def setUpClass(cls):
        cls.dir = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="tailrace-tls-")))
        authority = certificates.Authority(cls.dir, "ca")
        authority.issue("server")
        pair = cls.pair = authority.issue("client")
        other = certificates.Authority(cls.dir, "otherca")
        (cls.dir / "users").write_text(f"filed:{HASHES['filed']}\ngone:{HASHES['gone']}\n")
        (cls.dir / "tokens").write_text("open-sesame\nlong-gone\nin-the-file\n")
        cls.contexts = {"good": certificates.client_context(authority, pair),
                        "no certificate": certificates.client_context(authority),
                        "another authority's": certificates.client_context(authority, other.issue("stranger"))}
        text = secured(cls.authenticator).replace("@TLS@", str(cls.dir))
        admin = {"context": cls.contexts["good"], "headers": {"Authorization": cls.good}}
        cls.daemon = cls.enterClassContext(daemon.Daemon(text, admin=admin))
        # The file loses one entry: what was good is good no more.
        assert cls.ask("HTTP", "http1", [("authorization", cls.removed)]) == 200, "the removed one was good before"
        (cls.dir / "users").write_text(f"filed:{HASHES['filed']}\n")
        (cls.dir / "tokens").write_text("open-sesame\nin-the-file\n")
        daemon.wait_for(lambda: cls.ask("HTTP", "http1", [("authorization", cls.removed)]) == 401, "the file is read anew")

    @classmethod
    def ask(cls, port: str, protocol: str, fields: list, context: str = "good", body: bytes = None):
        """The status; of gRPC the gRPC status; 'cut' where there is none."""
        number, tls = cls.daemon.ports[port], cls.contexts[context]
        body = wire.request(wire.span()) if body is None else body
        try:
            if protocol == "grpc":
                answer = http2.grpc(number, fields, body, tls)
                return "cut" if answer.status is None else answer.grpc_status
            if protocol == "http2":
                answer = http2.send(number, "/v1/traces", [("content-type", "application/x-protobuf"), *fields], body, tls)
                return "cut" if answer.status is None else answer.status
            method, path, kind = ("GET", "/metrics", "") if port == "METRICS" else ("GET", "/", "")
            if port in ("GRPC", "HTTP"):
                method, path, kind = "POST", "/v1/traces", "Content-Type: application/x-protobuf\r\n"
            else:
                body = b""
            head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{kind}"
            head += "".join(f"{name}: {value}\r\n" for name, value in fields)
            plain = socket.create_connection(("127.0.0.1", number), 20)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with plain, tls.wrap_socket(plain, server_hostname="127.0.0.1") as s:
                s.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                answer = b""
                while piece := s.recv(65536):
                    answer += piece
            return int(answer.split(b" ", 2)[1]) if answer else "cut"
        except (ssl.SSLError, ConnectionError):
            return "cut"

    CELLS = [("GRPC", "grpc"), ("GRPC", "http1"), ("GRPC", "http2"), ("HTTP", "grpc"), ("HTTP", "http1"), ("HTTP", "http2"),
             ("METRICS", "http1"), ("HEALTH", "http1"), ("PAGE", "http1")]
    LISTENERS = {"GRPC": "otlp/grpc", "HTTP": "otlp/http", "METRICS": "metrics", "HEALTH": "health_check", "PAGE": "page"}

    def counts(self, listener: str) -> tuple:
        """(what a body that was looked at would have moved, refused requests, failed handshakes)"""
        m = self.daemon.metrics()
        decoded = [m.sum(name) for name in
                   ("otelcol_receiver_accepted_spans", "otelcol_receiver_failed_spans", "tailrace_receiver_body_bytes",
                    "tailrace_receiver_requests", "tailrace_bodies_malformed", "tailrace_bodies_inflate_failed",
                    "tailrace_bodies_too_large")]
        return (decoded, m.sum(REFUSED, listener=listener),
                m.sum("tailrace_listener_tls_handshakes", listener=listener, outcome="failed"))

    def assert_refused(self, cell, fields, context="good", expected=None, **ask):
        port, protocol = cell
        decoded, refused, failed = self.counts(self.LISTENERS[port])
        answer = self.ask(port, protocol, fields, context, **ask)
        if context != "good":
            self.assertEqual(answer, "cut")
            daemon.wait_for(lambda: self.counts(self.LISTENERS[port])[2] == failed + 1, "the handshake is counted as failed")
            self.assertEqual(self.counts(self.LISTENERS[port])[0], decoded)
            return
        self.assertEqual(answer, expected if expected else 16 if protocol == "grpc" else 401)
        after = self.counts(self.LISTENERS[port])
        self.assertEqual(after[0], decoded, "nothing was decoded")
        if answer != "cut":
            self.assertEqual(after[1], refused + 1, "counted once")

    def test_good_ones_are_let_in(self):
        for cell in self.CELLS:
            for value in (self.good, self.by_file):
                with self.subTest(cell=cell, value=value):
                    self.assertEqual(self.ask(*cell, [("authorization", value)]), 0 if cell[1] == "grpc" else 200)

    def test_wrong_credentials(self):
        for cell in self.CELLS:
            for name, value in {**self.wrong, "removed": self.removed, "empty": ""}.items():
                with self.subTest(cell=cell, credentials=name):
                    self.assert_refused(cell, [("authorization", value)])
            with self.subTest(cell=cell, credentials="none"):
                self.assert_refused(cell, [])
            with self.subTest(cell=cell, credentials="another header"):
                self.assert_refused(cell, [("x-authorization", self.good)])

    def test_doubled_header(self):
        wrong = next(iter(self.wrong.values()))
        for cell in self.CELLS:
            for values in ((self.good, self.good), (self.good, wrong), (wrong, self.good)):
                with self.subTest(cell=cell, values=values):
                    self.assert_refused(cell, [("authorization", value) for value in values])

    def test_case_of_the_header(self):
        """HTTP/1.1 has names of any case; in HTTP/2 a name with a capital is no request at all."""
        for cell in self.CELLS:
            with self.subTest(cell=cell):
                if cell[1] == "http1":
                    self.assertEqual(self.ask(*cell, [("AUTHORIZATION", self.good)]), 200)
                    self.assert_refused(cell, [("AUTHORIZATION", self.good), ("authorization", self.good)])
                else:
                    self.assert_refused(cell, [("Authorization", self.good)], expected="cut")

    def test_client_certificates(self):
        for cell in self.CELLS:
            for context in ("no certificate", "another authority's"):
                with self.subTest(cell=cell, certificate=context):
                    self.assert_refused(cell, [("authorization", self.good)], context)

    def test_refused_before_anything_of_the_body(self):
        """Bodies that would be answered differently if somebody looked at them."""
        for cell in self.CELLS[:6]:
            for name, body in (("no OTLP", b"\xff" * 100), ("a window full", bytes(60_000))):
                with self.subTest(cell=cell, body=name):
                    self.assert_refused(cell, [("content-encoding", "gzip"), ("grpc-encoding", "gzip")], body=body)
            if cell[1] != "grpc":
                with self.subTest(cell=cell, body="of another type"):
                    self.assert_refused(cell, [("content-encoding", "unheard-of")])

    def test_the_answer_names_the_scheme(self):
        answer = web.post(self.daemon.ports["HTTP"], b"{}", "application/json", {}, context=self.contexts["good"])
        self.assertEqual(answer.status, 401)
        self.assertEqual(answer.headers["www-authenticate"].split()[0], self.good.split()[0])
        self.assertEqual(answer.json()["code"], 16)

    def test_no_secret_is_told(self):
        self.assert_refused(("HTTP", "http1"), [("authorization", next(iter(self.wrong.values())))])
        text = self.daemon.stderr() + web.request(self.daemon.ports["METRICS"], "GET", "/metrics", **self.daemon._admin).body.decode()
        for secret in ("sesame", "long gone", "long-gone", "$2y$", base64.b64encode(b"ali:open sesame").decode()):
            self.assertNotIn(secret, text)

    def test_plain_text_is_no_tls(self):
        for port in ("GRPC", "HTTP", "METRICS", "HEALTH"):
            with self.subTest(port=port):
                said = web.raw(self.daemon.ports[port], b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: " + self.good.encode()
                               + b"\r\n\r\n")
                self.assertNotIn(b"HTTP/1.1", said)

    def test_old_tls_is_refused(self):
        for port in self.LISTENERS:
            with self.subTest(port=port):
                with self.assertRaises((ssl.SSLError, ConnectionError)):
                    old_handshake(self.daemon.ports[port], self.contexts["good"], self.pair)


def old_handshake(port: int, like: ssl.SSLContext, pair: tuple) -> str:
    """With TLS 1.1, as nothing newer was ever built."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata="".join(ssl.DER_cert_to_PEM_cert(c) for c in like.get_ca_certs(binary_form=True)))
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(*map(str, pair))
    with socket.create_connection(("127.0.0.1", port), 20) as plain:
        with context.wrap_socket(plain, server_hostname="127.0.0.1") as s:
            return s.version()


class BasicAuthTest(Matrix, unittest.TestCase):
    authenticator = "basicauth"
    good = basic("ali:open sesame")
    by_file = basic("filed:in the file")
    removed = basic("gone:long gone")
    wrong = {"password": basic("ali:open barley"), "case of the password": basic("ali:Open sesame"),
             "case of the user": basic("Ali:open sesame"), "user": basic("baba:open sesame"), "no colon": basic("ali"),
             "behind a NUL": basic("ali:open sesame\0x"), "a space more": basic("ali:open sesame "), "not base64": "Basic %%%%",
             "of another scheme": basic("ali:open sesame").replace("Basic", "Bearer"),
             "the hash itself": basic(f"ali:{HASHES['ali']}")}


    def test_a_client_that_has_said_all_still_gets_its_answer(self):
        """Its end comes in one read with the request, whose password is still being checked then."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = self.contexts["good"].wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
        answer = b""
        with socket.create_connection(("127.0.0.1", self.daemon.ports["HTTP"]), 20) as plain:
            while True:
                try:
                    client.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    plain.sendall(outgoing.read())
                    incoming.write(plain.recv(65536))
            client.write(b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: " + basic("ali:half").encode() + b"\r\n\r\n")
            try:
                client.unwrap()
            except ssl.SSLWantReadError:
                pass
            plain.sendall(outgoing.read())
            while piece := plain.recv(65536):
                answer += piece
        self.assertGreater(len(answer), 100, "more than an alert")


class BearerTokenTest(Matrix, unittest.TestCase):
    authenticator = "bearertokenauth"
    good = "Bearer open-sesame"
    by_file = "Bearer in-the-file"
    removed = "Bearer long-gone"
    wrong = {"token": "Bearer open-barley", "case of the token": "Bearer Open-sesame", "case of the scheme": "bearer open-sesame",
             "begins well": "Bearer open-sesam", "too long": "Bearer open-sesamee", "no scheme": "open-sesame",
             "scheme alone": "Bearer", "two": "Bearer open-sesame,open-sesame"}


class OldTlsTest(unittest.TestCase):
    def test_who_asks_for_it_gets_it(self):
        """And so test_old_tls_is_refused refuses what this client can do."""
        with tempfile.TemporaryDirectory() as scratch:
            directory = pathlib.Path(scratch)
            authority = certificates.Authority(directory, "ca")
            authority.issue("server")
            pair = authority.issue("client")
            (directory / "users").write_text(f"filed:{HASHES['filed']}\n")
            (directory / "tokens").write_text("open-sesame\n")
            context = certificates.client_context(authority, pair)
            text = secured("bearertokenauth", min_version="1.0").replace("@TLS@", scratch)
            admin = {"context": context, "headers": {"Authorization": "Bearer open-sesame"}}
            with daemon.Daemon(text, admin=admin) as running:
                self.assertEqual(old_handshake(running.ports["HTTP"], context, pair), "TLSv1.1")


if __name__ == "__main__":
    daemon.main()
