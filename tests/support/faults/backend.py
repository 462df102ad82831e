"""A backend for tests that misbehaves as it is told, over OTLP/HTTP or OTLP/gRPC: one program, one fault for each request.

While `faults` is not empty, each request (or, for faults to the connection, each connection) meets the next of them, over and over;
`heal()` ends it. What the backend took is in `taken`, as the bodies came.

By hand: python3 -m tests.support.faults.backend --protocol grpc --port 4317 --script unavailable
"""

import argparse
import contextlib
import socket
import ssl
import struct
import sys
import threading

from tests.support.faults import grpc_side, http_side
from tests.support.faults.fault import OK, Fault


def reset(connection: socket.socket) -> None:
    """Ends it with RST in place of FIN."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()


class FaultBackend:
    """Use it with `with`. `tls`: a server context, or none."""

    def __init__(self, protocol: str, faults: tuple = (), tls: ssl.SSLContext = None, address: str = "127.0.0.1", port: int = 0):
        self._serve_connection = {"grpc": grpc_side.serve, "http": http_side.serve}[protocol]
        self._lock = threading.Lock()
        self._faults = tuple(faults)  # guarded by _lock, as is what follows
        self._open = set()
        self.met = 0                  # faults that happened
        self.taken = []
        self.healed = threading.Event()
        self.tls = tls
        self.address, self.port = address, port
        self._listener = None

    def __enter__(self) -> "FaultBackend":
        self.listen()
        return self

    def __exit__(self, *_) -> None:
        self.healed.set()
        self.refuse()
        self._end_connections()

    def listen(self) -> None:
        self._listener = socket.create_server((self.address, self.port), backlog=128)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def refuse(self) -> None:
        """Nobody listens any more."""
        if self._listener:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
            self._listener.close()
            self._listener = None

    def move(self, address: str) -> None:
        """Goes on at another address, and nothing of it is left at this one."""
        self.refuse()
        self._end_connections()
        self.address = address
        self.listen()

    def heal(self, tls: ssl.SSLContext = None) -> None:
        """No faults from here on. Connections that were spoiled when they began are ended."""
        with self._lock:
            spoiled = any(fault.at_accept for fault in self._faults)
            self._faults = ()
        self.tls = tls or self.tls
        self.healed.set()
        if spoiled:
            self._end_connections()
        if self._listener is None:
            self.listen()

    def _end_connections(self) -> None:
        with self._lock:
            ended, self._open = list(self._open), set()
        for connection in ended:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)
        secure = connection
        try:
            fault = self.next_fault(at_accept=True)
            if fault and fault.do == "accept_hang":
                self.healed.wait()
            elif fault and fault.do == "accept_reset":
                reset(connection)
            elif fault and fault.do == "accept_garbage":
                connection.sendall(b"\x00\xffthis is no protocol\r\n\r\n" * 64)
            elif not fault or fault.do == "no_streams":
                if self.tls:
                    secure = self.tls.wrap_socket(connection, server_side=True)
                    with self._lock:
                        self._open.add(secure)  # the other one is an empty shell now
                self._serve_connection(self, secure, fault)
        except OSError:
            if self.tls:
                self.count()  # the client does not like the certificate
        finally:
            with self._lock:
                self._open -= {connection, secure}
            with contextlib.suppress(OSError):
                secure.close()

    def count(self) -> None:
        with self._lock:
            self.met += 1

    def next_fault(self, at_accept: bool) -> Fault:
        """The fault for this connection, or for this request; none: all is well."""
        with self._lock:
            if not self._faults:
                return None
            fault = self._faults[self.met % len(self._faults)]
            if fault.at_accept != at_accept:
                return None
            if at_accept:
                self.met += 1
            return fault

    def fault_for(self, body: bytes) -> Fault:
        """Counted, and the body kept where the fault lets it be."""
        fault = self.next_fault(at_accept=False)
        if fault:
            self.count()
        if not fault or not fault.hits(body):
            fault = OK
        if fault.takes():
            with self._lock:
                self.taken.append(body)
        return fault


def main() -> int:
    from tests.support.faults.scripts import SCRIPTS  # pylint: disable=import-outside-toplevel
    parser = argparse.ArgumentParser(description="An OTLP backend that misbehaves.")
    parser.add_argument("--protocol", choices=("grpc", "http"), default="grpc")
    parser.add_argument("--port", type=int, default=4317)
    parser.add_argument("--script", default="", help=f"one of: {', '.join(s.name for s in SCRIPTS)}")
    args = parser.parse_args()
    faults = {s.name: s.faults(args.protocol) for s in SCRIPTS}.get(args.script, ())
    if args.script and not faults:
        parser.error(f"no script '{args.script}' for {args.protocol}")
    with FaultBackend(args.protocol, faults, port=args.port) as backend:
        print(f"listens on 127.0.0.1:{backend.port}; a line on the standard input ends the faults, its end ends the program")
        for _ in sys.stdin:
            backend.heal()
            print(f"healthy after {backend.met} faults")
        print(f"{len(backend.taken)} requests taken")
    return 0


if __name__ == "__main__":
    sys.exit(main())
