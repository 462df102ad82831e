"""Ten attackers at a time, in one process: `python3 -m tests.attacks.attackers NAME --port N --seconds S`.

Whoever is cut off comes back with a new connection until the seconds are over. What became of the connections is
printed as JSON: how many, and the longest that one lived and the most that was sent on one.
"""

import argparse
import errno
import json
import os
import select
import socket
import struct
import sys
import time

from tests.attacks.attack import Attack, End
from tests.attacks.list_of_attacks import ATTACKS

ATTACKERS = 10
# Small, so that what is counted as sent was sent, and does not lie in the attacker's own kernel.
_SEND_BUFFER_BYTES = 64 << 10
# As fast as that is a storm already; faster, the machine runs out of ports.
_RESETS_EACH_ROUND = 10
_CUT_S, _CUT_BYTES = 2.0, 4 << 20
_RECEIVED_AT_ONCE = 1 << 16


class Line:
    """One connection of an attacker."""

    def __init__(self, attack: Attack, port: int):
        self._attack = attack
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        if not attack.reads:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setblocking(False)
        self.since = time.monotonic()
        self.sent = 0
        self._number = 0
        self._left = memoryview(attack.opening())
        self._greeting = attack.greeting()
        self._next_at = self.since
        self.holding = False

    def wants(self, now: float) -> int:
        """What to wait for."""
        events = select.POLLRDHUP | (select.POLLIN if self._attack.reads else 0)
        if self._greeting and not self._left:
            return events | select.POLLIN
        return events | (select.POLLOUT if not self.holding and (self._left or now >= self._next_at) else 0)

    def read(self) -> bool:
        """False: the daemon has closed."""
        if self._greeting and not self._left:
            self._left, self._greeting = memoryview(self._greeting), b""
        try:
            return self.socket.recv(_RECEIVED_AT_ONCE) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def write(self, now: float) -> bool:
        """False: the daemon has closed."""
        if self._greeting and not self._left:
            return True
        if not self._left:
            blob = self._attack.more(self._number)
            self._number += 1
            self._next_at = now + self._attack.pace_s
            self.holding = not blob
            self._left = memoryview(blob)
        try:
            count = self.socket.send(self._left)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.sent += count
        self._left = self._left[count:]
        return True


class Tally:
    def __init__(self, attack: Attack):
        self._attack = attack
        self.connections = self.closed = self.in_time = self.refused = 0
        self.seconds_max = self.bytes_max = 0.0
        self.bytes = 0

    def add(self, line: Line, closed: bool, time_out_s: float) -> None:
        lived = time.monotonic() - line.since
        self.closed += closed
        self.bytes += line.sent
        if self._attack.end is End.CUT:
            # One that the end of the run cut short has shown nothing.
            in_time = lived <= _CUT_S or line.sent <= _CUT_BYTES if closed else lived <= _CUT_S
        else:
            in_time = lived <= time_out_s
        self.in_time += in_time
        self.seconds_max = max(self.seconds_max, lived)
        self.bytes_max = max(self.bytes_max, line.sent)

    def json(self) -> str:
        return json.dumps({"connections": self.connections, "closed": self.closed, "in_time": self.in_time,
                           "seconds_max": self.seconds_max, "mib_max": self.bytes_max / (1 << 20),
                           "mib": self.bytes / (1 << 20), "refused": self.refused})


def storm(port: int, tally: Tally, until: float) -> None:
    """Connections that are reset as soon as they are there."""
    linger = struct.pack("ii", 1, 0)
    while time.monotonic() < until:
        for _ in range(_RESETS_EACH_ROUND):
            with socket.socket() as s:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                try:
                    s.connect(("127.0.0.1", port))
                    tally.connections += 1
                    tally.closed += 1
                    tally.in_time += 1
                except OSError as error:
                    if error.errno not in (errno.EADDRNOTAVAIL, errno.ECONNRESET, errno.ETIMEDOUT):
                        raise
                    tally.refused += 1


def attack_for(attack: Attack, port: int, tally: Tally, seconds: float, time_out_s: float) -> None:
    until = time.monotonic() + seconds
    if attack.reset_at_once:
        return storm(port, tally, until)
    poller = select.poll()
    lines = {}

    def open_one() -> None:
        try:
            line = Line(attack, port)
        except OSError:
            tally.refused += 1
            return
        tally.connections += 1
        lines[line.socket.fileno()] = line
        poller.register(line.socket, line.wants(line.since))

    def end(fd: int, closed: bool) -> None:
        line = lines.pop(fd)
        poller.unregister(fd)
        tally.add(line, closed, time_out_s)
        line.socket.close()

    while (now := time.monotonic()) < until:
        while len(lines) < ATTACKERS * attack.hold and time.monotonic() < until:
            open_one()
        for line in lines.values():
            poller.modify(line.socket, line.wants(now))
        for fd, events in poller.poll(20):
            line = lines[fd]
            alive = not events & (select.POLLERR | select.POLLHUP | select.POLLRDHUP)
            if alive and events & select.POLLIN:
                alive = line.read()
            if alive and events & select.POLLOUT:
                alive = line.write(time.monotonic())
            if not alive:
                end(fd, closed=True)
    for fd in list(lines):
        end(fd, closed=False)
    return None


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=list(ATTACKS))
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--time-out", type=float, required=True, help="within which a held connection is to be closed")
    args = parser.parse_args()
    os.nice(19)  # an attacker's machine is another one: it takes no processor from the honest
    attack = ATTACKS[args.name]()
    tally = Tally(attack)
    attack_for(attack, args.port, tally, args.seconds, args.time_out)
    print(tally.json())
    return 0


if __name__ == "__main__":
    sys.exit(main())
