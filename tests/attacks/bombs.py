"""Small bodies that unpack to large ones, a hundred at once, over HTTP and gRPC, beside honest traffic."""

import functools
import random
import struct
import threading
import time
import zlib
from typing import NamedTuple

from tests.attacks import bomb_client, honest
from tests.support import daemon as daemons
from tests.support import wire
from tests.support.memory import Memory

AT_ONCE = 100
MIB = 1 << 20
# The largest request is 64 MiB, and 200 times what was sent from 4 MiB on; the buffers of all requests are a quarter of the budget.
BUDGET_MIB = 2048
RSS_RISE_MIB_MAX = BUDGET_MIB / 4 + 64
ANSWER_S_MAX = 1.0          # of one alone
ANSWERS_S_MAX = 15.0        # of a hundred at once, beside honest traffic
TAKEN, TOO_LARGE, MALFORMED = (200, 0), (413, 8), (400, 3)  # HTTP's status, gRPC's


class Bomb(NamedTuple):
    name: str
    encoding: str
    packed: bytes
    answers: tuple  # those that are right


def _unknown_field(size: int) -> bytes:
    """What a request of `size` bytes begins with so that the rest is one field that nobody knows."""
    length, varint = size, b""
    while length >= 128:
        varint += bytes([length & 0x7F | 0x80])
        length >>= 7
    return b"\xa2\x06" + varint + bytes([length])


@functools.lru_cache(maxsize=None)
def _gzip(size: int, truthful: bool = True, noise: int = 0) -> bytes:
    """Zeros, of each kB so many bytes that cannot be packed; `truthful`: its last bytes say its size."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    out = [pack.compress(_unknown_field(size))]
    seeded = random.Random(1)
    zeros = bytes(MIB)
    out += [pack.compress(b"".join(seeded.randbytes(noise) + zeros[noise:1024] for _ in range(1024)) if noise else zeros)
            for _ in range(size // MIB)]
    out += [pack.compress(bytes(size % MIB)), pack.flush()]
    packed = b"".join(out)
    return packed if truthful else packed[:-4] + struct.pack("<I", 1000)


def _zstd_block(kind: int, size: int, data: bytes, last: bool) -> bytes:
    return struct.pack("<I", size << 3 | kind << 1 | last)[:3] + data


def _zstd(size: int, claimed: bool = False) -> bytes:
    """RFC 8878: one raw block, then blocks that are one byte repeated (kind 1)."""
    begin = _unknown_field(size)
    head = (b"\x28\xb5\x2f\xfd" + (b"\xc0\x60" + struct.pack("<Q", size + len(begin)) if claimed else b"\x00\x60"))
    blocks = [_zstd_block(0, len(begin), begin, False)]
    most = 128 << 10
    blocks += [_zstd_block(1, most, b"\0", False)] * (size // most)
    return head + b"".join(blocks) + _zstd_block(1, size % most, b"\0", True)


def _resource_for_scopes(size: int, scopes: int) -> bytes:
    """Each scope has one span, of a trace of its own, and whoever looks at scopes one by one looks at the resource as often."""
    resource = wire.field(1, wire.field(1, b"service.name") + wire.field(2, wire.field(1, b"a" * size)))
    spans = (wire.field(1, random.randbytes(16)) + wire.field(2, random.randbytes(8)) for _ in range(scopes))
    return zlib.compress(wire.field(1, wire.field(1, resource) + b"".join(wire.field(2, wire.field(2, span)) for span in spans)), 6, wbits=31)


@functools.lru_cache(maxsize=None)
def bombs() -> list:
    over = 64 * MIB + 1
    member = _gzip(8 * 1024)
    frame = _zstd(128 << 10)
    return [
        Bomb("gzip 1 MiB", "gzip", _gzip(MIB), (TAKEN,)),
        Bomb("gzip 16 MiB", "gzip", _gzip(16 * MIB), (TOO_LARGE,)),
        Bomb("gzip 16 MiB, 30 to 1", "gzip", _gzip(16 * MIB, noise=32), (TAKEN,)),
        Bomb("gzip 64 MiB + 1", "gzip", _gzip(over), (TOO_LARGE,)),
        Bomb("gzip 1 GiB", "gzip", _gzip(1024 * MIB), (TOO_LARGE,)),
        Bomb("gzip 1 GiB, says 1 kB", "gzip", _gzip(1024 * MIB, truthful=False), (TOO_LARGE,)),
        Bomb("gzip, 10 000 members", "gzip", member * 10_000, (MALFORMED, TOO_LARGE)),
        Bomb("gzip in gzip, 1 GiB", "gzip", zlib.compress(_gzip(1024 * MIB), 9, wbits=31), (MALFORMED,)),
        Bomb("gzip, 3 MiB of resource for 30 000 scopes", "gzip", _resource_for_scopes(3 * MIB, 30_000), (TOO_LARGE,)),
        Bomb("zstd 1 MiB", "zstd", _zstd(MIB), (TAKEN,)),
        Bomb("zstd 16 MiB", "zstd", _zstd(16 * MIB), (TOO_LARGE,)),
        Bomb("zstd 64 MiB + 1", "zstd", _zstd(over), (TOO_LARGE,)),
        Bomb("zstd 1 GiB", "zstd", _zstd(1024 * MIB, claimed=True), (TOO_LARGE,)),
        Bomb("zstd 1 GiB, size not said", "zstd", _zstd(1024 * MIB), (TOO_LARGE,)),
        Bomb("zstd, 10 000 frames", "zstd", frame * 10_000, (TOO_LARGE,)),
    ]


class Row(NamedTuple):
    name: str
    packed_bytes: int
    answers: str
    one_s: float
    all_s: float
    rss_rise_mib: float
    honest_retries: int
    honest_errors: int
    missed: list


def run(bomb: Bomb, transport: str, rate: float) -> Row:
    """`transport`: HTTP or gRPC."""
    send = bomb_client.http if transport == "HTTP" else bomb_client.grpc
    right = [answer[transport != "HTTP"] for answer in bomb.answers]
    with daemons.Daemon(honest.configuration(short_time_outs=False, tailrace=f"memory_budget_mib: {BUDGET_MIB}")) as daemon:
        port, attacked = daemon.ports["GRPC"], daemon.ports["HTTP"]
        with Memory(daemon.process.pid) as before:
            honest.settled(port, rate, 1.0)
        began = time.monotonic()
        alone = send(attacked, bomb.encoding, bomb.packed)
        one_s = time.monotonic() - began
        with Memory(daemon.process.pid) as during, honest.Load(port, 2.0, rate) as load:
            answers, all_s = _at_once(lambda: send(attacked, bomb.encoding, bomb.packed))
            beside = load.result()
        daemon.stop()
    row = Row(f"{bomb.name}, {transport}", len(bomb.packed), _counted(answers), one_s, all_s,
              max(0.0, during.highest_mib - before.highest_mib), beside["requests"]["retries"], honest.errors_of(beside), [])
    row.missed.extend(_missed(row, right, [alone, *answers]))
    return row


def _at_once(action) -> tuple:
    answers = []

    def one() -> None:
        try:
            answers.append(action())
        except (OSError, AssertionError) as error:
            answers.append(bomb_client.Answer(str(error), False))

    threads = [threading.Thread(target=one, daemon=True) for _ in range(AT_ONCE)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers, time.monotonic() - began


def _counted(answers: list) -> str:
    codes = [str(a.code) for a in answers]
    return ", ".join(f"{codes.count(c)} x {c}" for c in sorted(set(codes)))


def _missed(row: Row, right: list, answers: list) -> list:
    missed = []
    wrong = [a for a in answers if a.code not in right or a.try_again]
    if wrong or len(answers) != AT_ONCE + 1:
        missed.append(f"{len(wrong)} of {len(answers)} answers are not {right} without a hint to try again; the first: {wrong[:1]}")
    if row.one_s > ANSWER_S_MAX or row.all_s > ANSWERS_S_MAX:
        missed.append("slow to answer")
    if row.rss_rise_mib > RSS_RISE_MIB_MAX:
        missed.append(f"memory rose by {row.rss_rise_mib:.0f} MiB")
    if row.honest_errors:
        missed.append(f"{row.honest_errors} honest requests failed")
    return missed
