"""Attack: what one kind of attacker sends on a connection, and what is to become of that connection.

To add one: a subclass in one of the *_attacks.py, a line in its list.
"""

import enum


class End(enum.Enum):
    """When a connection counts as closed in time."""
    CUT = "cut within 2 s or 4 MiB"
    TIME_OUT = "closed by its time-out"
    ITSELF = "the attacker ends it"


class Attack:
    """The bytes of one connection: `opening`, once the daemon has said something `greeting`, then `more(0)`, `more(1)`, ..."""

    name = ""
    why = ""              # in one line, for the table's readers
    end = End.CUT
    tls_port = False      # against the port with TLS
    reads = True          # what the daemon answers is read, and thrown away
    pace_s = 0.0          # between two blobs
    reset_at_once = False  # connect, and reset
    hold = 1              # connections that one attacker has at a time

    def opening(self) -> bytes:
        return b""

    def greeting(self) -> bytes:
        """Empty: nothing is waited for."""
        return b""

    def more(self, number: int) -> bytes:
        """The next blob; empty: nothing more is sent, the connection is held."""
        del number
        return b""


def repeated(piece: bytes, bytes_min: int = 65536) -> bytes:
    return piece * (bytes_min // len(piece) + 1)
