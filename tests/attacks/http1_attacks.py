"""Attackers that speak HTTP/1.1, TLS, or nothing at all."""

import ssl

from tests.attacks.attack import Attack, End, repeated

HEAD = b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"


class Slowloris(Attack):
    name = "slowloris"
    why = "a request's head, one byte a second"
    end = End.TIME_OUT
    pace_s = 1.0
    hold = 20

    def more(self, number: int) -> bytes:
        head = HEAD + b"X-Filler: "
        return head[number:number + 1] or b"a"


class UnfinishedBody(Attack):
    name = "unfinished-body"
    why = "1 MiB declared, 64 KiB sent"
    end = End.TIME_OUT
    hold = 10

    def opening(self) -> bytes:
        return HEAD + b"Content-Length: 1048576\r\n\r\n" + b"a" * 65536


class SlowBody(Attack):
    name = "slow-body"
    why = "a body, one byte each tenth of a second"
    end = End.TIME_OUT
    pace_s = 0.1
    hold = 20

    def opening(self) -> bytes:
        return HEAD + b"Content-Length: 1048576\r\n\r\n"

    def more(self, number: int) -> bytes:
        return b"a"


class Body65Mib(Attack):
    name = "http-65mib-body"
    why = "a body of 65 MiB, one over the limit, declared"

    def opening(self) -> bytes:
        return HEAD + b"Content-Length: %d\r\n\r\n" % (65 << 20)

    def more(self, number: int) -> bytes:
        return _FILL


class ConnectReset(Attack):
    name = "connect-reset"
    why = "connections that are opened and reset"
    end = End.ITSELF
    reset_at_once = True


class Idle(Attack):
    name = "idle-connections"
    why = "connections on which nothing is said"
    end = End.TIME_OUT
    hold = 50


class IdleKeptAlive(Attack):
    name = "idle-after-request"
    why = "connections that are kept after one request"
    end = End.TIME_OUT
    hold = 50

    def opening(self) -> bytes:
        return b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class Pipelined(Attack):
    name = "pipelined-unread"
    why = "requests one behind the other, and no answer is read"
    end = End.TIME_OUT
    reads = False

    def more(self, number: int) -> bytes:
        return _PIPELINE


class OneByteChunks(Attack):
    name = "one-byte-chunks"
    why = "a body in chunks of one byte"

    def opening(self) -> bytes:
        return HEAD + b"Transfer-Encoding: chunked\r\n\r\n"

    def more(self, number: int) -> bytes:
        return _CHUNKS


class ChunkExtensions(OneByteChunks):
    name = "chunk-extensions"
    why = "chunks with 10 kB of extensions (CVE-2023-39326)"

    def more(self, number: int) -> bytes:
        return _EXTENSIONS


class EndlessHead(Attack):
    name = "endless-head"
    why = "a head that never ends"

    def opening(self) -> bytes:
        return HEAD

    def more(self, number: int) -> bytes:
        return _FIELDS


class TlsOnPlainPort(Attack):
    name = "tls-on-plain-port"
    why = "TLS records where plain text is spoken"

    def opening(self) -> bytes:
        return _CLIENT_HELLO

    def more(self, number: int) -> bytes:
        return _RECORDS


class HalfTls(Attack):
    name = "tls-half-handshake"
    why = "handshakes that stop after the first message"
    end = End.TIME_OUT
    tls_port = True
    hold = 10

    def opening(self) -> bytes:
        return _CLIENT_HELLO


class TlsGarbage(Attack):
    name = "tls-garbage"
    why = "noise behind a ClientHello"
    tls_port = True

    def opening(self) -> bytes:
        return _CLIENT_HELLO

    def more(self, number: int) -> bytes:
        return _RECORDS


def _client_hello() -> bytes:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


_FILL = b"a" * 65536
_PIPELINE = repeated(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
_CHUNKS = repeated(b"1\r\na\r\n")
_EXTENSIONS = repeated(b"1;" + b"x=y;" * 2500 + b"z\r\na\r\n")
_FIELDS = repeated(b"X-Filler: " + b"a" * 500 + b"\r\n")
_RECORDS = repeated(b"\x16\x03\x01\x40\x00" + b"\xa5" * 16384)
_CLIENT_HELLO = _client_hello()

HTTP1_ATTACKS = [
    Slowloris, EndlessHead, UnfinishedBody, SlowBody, Body65Mib, ConnectReset, Idle, IdleKeptAlive, Pipelined,
    OneByteChunks, ChunkExtensions, TlsOnPlainPort, HalfTls, TlsGarbage,
]
