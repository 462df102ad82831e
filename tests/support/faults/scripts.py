"""The faults that a backend is played with, by name; each for both protocols unless one has no such thing."""

import dataclasses
import email.utils
import time

from tests.support import wire
from tests.support.faults.fault import Fault

DELIVERED = "delivered"  # all of it arrives in the end
REFUSED = "refused"      # the backend's answer is final: counted as dropped
PARTLY = "partly"        # some of each

TOO_BIG = 2_000
MARKER = b"poisoned span"


@dataclasses.dataclass(frozen=True)
class Script:
    name: str
    expect: str
    http: tuple = ()
    grpc: tuple = ()
    setting: str = ""  # what is played beside the requests: refuse, move, or the name of a certificate

    @property
    def reason(self) -> str:
        """Why spans are dropped, if any are."""
        return "partial_success" if self.name == "some spans rejected" else "refused_by_backend"

    def faults(self, protocol: str) -> tuple:
        return getattr(self, protocol)

    @property
    def goes_on(self) -> bool:
        """Whether a request that meets it is sent again, and meets it again."""
        return self.expect == DELIVERED and not any(fault.takes() or fault.larger_than for fault in self.http + self.grpc)


def retry_info(seconds: int) -> tuple:
    """google.rpc.Status { details = 3: Any { RetryInfo { retry_delay = 1 { seconds = 1 } } } } as a trailer."""
    delay = wire.field(1, b"\x08" + wire.varint(seconds % (1 << 64)))
    detail = wire.field(1, b"type.googleapis.com/google.rpc.RetryInfo") + wire.field(2, delay)
    return (("grpc-status-details-bin", wire.base64_text(b"\x08\x08" + wire.field(3, detail))),)


def partial(rejected: int, message: bytes) -> bytes:
    """ExportTraceServiceResponse { partial_success = 1 { rejected_spans = 1, error_message = 2 } }"""
    return wire.field(1, b"\x08" + wire.varint(rejected) + wire.field(2, message))


def both(name: str, expect: str, *faults: Fault, setting: str = "") -> Script:
    return Script(name, expect, faults, faults, setting)


def answers(name: str, expect: str, http: int, grpc: int, headers: tuple = (), trailers: tuple = (), message: str = "told to fail", **more) -> Script:
    return Script(name, expect, (Fault(status=http, headers=headers, **more),), (Fault(status=grpc, headers=trailers, message=message, **more),))


def retry_after(value: str) -> tuple:
    return (("Retry-After", value),)


def date(seconds_from_now: int) -> str:
    return email.utils.formatdate(time.time() + seconds_from_now, usegmt=True)


SCRIPTS = (
    # The connection.
    both("connection refused", DELIVERED, setting="refuse"),
    both("accepted and never read", DELIVERED, Fault("accept_hang")),
    both("accepted and closed", DELIVERED, Fault("accept_close")),
    both("accepted and reset", DELIVERED, Fault("accept_reset")),
    both("another protocol on the port", DELIVERED, Fault("accept_garbage")),
    both("certificate for another name", DELIVERED, setting="other_name"),
    both("certificate expired", DELIVERED, setting="expired"),
    both("certificate of nobody known", DELIVERED, setting="self_signed"),
    both("no TLS where TLS is expected", DELIVERED, setting="plain"),
    both("the address changes", DELIVERED, setting="move"),
    # In the middle of a request.
    both("hangs", DELIVERED, Fault("hang")),
    both("reset amid the body", DELIVERED, Fault("reset_mid_body")),
    both("closed amid the body", DELIVERED, Fault("close_mid_body")),
    both("reset before the answer", DELIVERED, Fault("reset")),
    both("closed before the answer", DELIVERED, Fault("close")),
    both("half an answer", DELIVERED, Fault("half_answer")),
    both("an answer of one byte a second", DELIVERED, Fault("drip")),
    both("garbage for an answer", DELIVERED, Fault("garbage")),
    Script("ends the connection after each request", DELIVERED, http=(Fault(headers=(("Connection", "close"),)),)),
    Script("goes away at each request", DELIVERED, grpc=(Fault("goaway"),)),
    both("every other request hangs", DELIVERED, Fault("hang"), Fault()),
    Script("no streams allowed", DELIVERED, grpc=(Fault("no_streams"),)),
    Script("goes away in anger", DELIVERED, grpc=(Fault("goaway", code=11),)),
    Script("stream refused", DELIVERED, grpc=(Fault("reset_stream", code=7),)),
    Script("stream cancelled", DELIVERED, grpc=(Fault("reset_stream", code=8),)),
    Script("answer without a status", REFUSED, grpc=(Fault("no_status"),)),
    Script("a proxy answers 503", DELIVERED, grpc=(Fault("other_protocol", status=503),)),
    Script("a proxy answers 404", REFUSED, grpc=(Fault("other_protocol", status=404),)),
    # Answers that hold too much, or nonsense. HTTP 200 and code 0 are a delivery, whatever is said beside it.
    Script("an answer of 10 GiB", DELIVERED, http=(Fault("endless_body", kept=True),)),
    Script("a message of 4 GiB", DELIVERED, grpc=(Fault("endless_body"),)),
    Script("endless headers", DELIVERED, http=(Fault("endless_headers"),)),
    Script("a megabyte of headers", REFUSED, grpc=(Fault("endless_headers"),)),
    both("nonsense in a good answer", DELIVERED, Fault(body=b"\xff" * 300)),
    Script("good answer in HTML", DELIVERED, http=(Fault(headers=(("Content-Type", "text/html"),), body=b"<html>"),)),
    Script("no content", DELIVERED, http=(Fault(status=204),)),
    both("some spans rejected", PARTLY, Fault(body=partial(1, b"too old"))),
    both("a warning", DELIVERED, Fault(body=partial(0, b"soon out of room"))),
    # Final answers.
    answers("bad request", REFUSED, 400, 3),
    answers("not authenticated", REFUSED, 401, 16),
    answers("forbidden", REFUSED, 403, 7),
    answers("not found", REFUSED, 404, 12),
    answers("internal error", REFUSED, 500, 13),
    answers("an unknown code", REFUSED, 599, 2),
    answers("an endless message", REFUSED, 400, 3, message="x" * 6000, body=b"x" * 100_000),
    Script("redirected elsewhere", REFUSED, http=(Fault(status=301, headers=(("Location", "http://127.0.0.1:1/v1/traces"),)),)),
    Script("redirected to link-local", REFUSED, http=(Fault(status=307, headers=(("Location", "http://169.254.169.254/latest"),)),)),
    # Larger or other than it will take.
    answers("too large above 2 kB", DELIVERED, 413, 8, message="message larger than max", larger_than=TOO_BIG),
    answers("one bad span", PARTLY, 400, 3, marker=MARKER),
    # Not now.
    answers("overloaded", DELIVERED, 503, 14),
    answers("a gateway's error", DELIVERED, 502, 10),
    answers("a gateway's time-out", DELIVERED, 504, 4),
    answers("pause of a second", DELIVERED, 429, 8, retry_after("1"), retry_info(1)),
    answers("pause until a date", DELIVERED, 503, 14, retry_after(date(2)), retry_info(2)),
    answers("pause until a past date", DELIVERED, 503, 8, retry_after(date(-100)), retry_info(-5)),
    answers("pause of a century", DELIVERED, 429, 8, retry_after("3000000000"), retry_info(3_000_000_000)),
    answers("pause without end", DELIVERED, 503, 14, retry_after("9" * 40), retry_info((1 << 63) - 1)),
    answers("pause of nonsense", DELIVERED, 429, 14, retry_after("soon"), (("grpc-status-details-bin", "////"),)),
    Script("failing now and then", DELIVERED, (Fault(status=503), Fault(), Fault()), (Fault(status=14), Fault(), Fault())),
)
