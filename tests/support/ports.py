"""Ports for the programs that a test starts: no two tests that run at the same time get the same one.

They lie below the range that systems take for outgoing connections, and are given out in turn by a file that all tests of a user share. (A
port that was merely free a moment ago may be another daemon's by the time that ours wants it, and what answers there is the other one.)
"""

import fcntl
import os
import pathlib
import socket
import tempfile

FIRST, LAST = 20_000, 32_000  # the last one is not given out
_TURN = pathlib.Path(tempfile.gettempdir()) / f"tailrace-test-ports-{os.getuid()}"


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
        return True
    except OSError:
        return False


def free_ports(count: int) -> list:
    """Ports of 127.0.0.1 that nobody listens on."""
    with open(_TURN, "a+", encoding="ascii") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        turn.seek(0)
        at = int(turn.read() or FIRST)
        found = []
        for _ in range(LAST - FIRST):
            at = FIRST if at + 1 >= LAST else at + 1
            if _is_free(at):
                found.append(at)
                if len(found) == count:
                    break
        else:
            raise AssertionError(f"no {count} ports are free from {FIRST} to {LAST}")
        turn.truncate(0)
        turn.write(str(at))
    return found
