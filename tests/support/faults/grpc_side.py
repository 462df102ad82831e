"""The gRPC side of the faulty backend: HTTP/2 by the h2 library, one thread for each connection."""

import socket
import struct
import threading

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings

from tests.support.faults.fault import Fault

HEAD = [(":status", "200"), ("content-type", "application/grpc")]


class _Connection:
    def __init__(self, backend, connection: socket.socket):
        self.backend, self.socket = backend, connection
        self.lock = threading.Lock()
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8", validate_outbound_headers=False))
        self.bodies = {}

    def flush(self) -> None:
        """Called with the lock."""
        data = self.h2.data_to_send()
        if data:
            self.socket.sendall(data)

    def begin(self, streams: int) -> None:
        with self.lock:
            self.h2.local_settings[h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS] = streams
            self.h2.local_settings[h2.settings.SettingCodes.INITIAL_WINDOW_SIZE] = 1 << 24
            self.h2.initiate_connection()
            self.h2.increment_flow_control_window(1 << 24)
            self.flush()

    def answer(self, stream: int, fault: Fault) -> None:
        if fault.status == 0:
            self.h2.send_headers(stream, HEAD)
            self.h2.send_data(stream, b"\0" + struct.pack(">I", len(fault.body)) + fault.body)
            self.h2.send_headers(stream, [("grpc-status", "0"), *fault.headers], end_stream=True)
        else:
            self.h2.send_headers(stream, [*HEAD, ("grpc-status", str(fault.status)), ("grpc-message", fault.message), *fault.headers],
                                 end_stream=True)

    def drip(self, stream: int) -> None:
        """An answer of a hundred bytes, one of them a second."""
        try:
            with self.lock:
                self.h2.send_headers(stream, HEAD)
                self.flush()
            for byte in b"\0\0\0\0\x64" + b"\x0a" * 100:
                with self.lock:
                    self.h2.send_data(stream, bytes([byte]))
                    self.flush()
                if self.backend.healed.wait(1):
                    return
        except (OSError, h2.exceptions.ProtocolError):
            pass  # the client has given it up

    def misbehave(self, stream: int, fault: Fault) -> bool:
        """False: the connection is done. Called with the lock."""
        if fault.do in ("close", "close_mid_body"):
            return False
        if fault.do in ("reset", "reset_mid_body"):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if fault.do == "garbage":
            self.socket.sendall(b"\xff" * 100)
            return False
        if fault.do == "half_answer":
            self.h2.send_headers(stream, HEAD)
            self.h2.send_data(stream, b"\0\0\0\0\x64half")
            self.flush()
            return False
        if fault.do == "drip":
            threading.Thread(target=self.drip, args=(stream,), daemon=True).start()
        elif fault.do == "endless_body":
            self.h2.send_headers(stream, HEAD)
            self.h2.send_data(stream, b"\0\xff\xff\xff\xff" + b"x" * 10_000)
        elif fault.do == "endless_headers":
            self.h2.send_headers(stream, HEAD + [(f"x-more-{n}", "y" * 1000) for n in range(1000)])
        elif fault.do == "no_status":
            self.h2.send_headers(stream, HEAD, end_stream=True)
        elif fault.do == "other_protocol":
            self.h2.send_headers(stream, [(":status", str(fault.status)), ("content-type", "text/html"), *fault.headers])
            self.h2.send_data(stream, b"<html>a proxy answers</html>", end_stream=True)
        elif fault.do == "goaway":
            self.h2.close_connection(error_code=fault.code, last_stream_id=max(stream - 2, 0))
            self.flush()
            return False
        elif fault.do == "reset_stream":
            self.h2.reset_stream(stream, fault.code)
        return True

    def request(self, stream: int, body: bytes) -> bool:
        fault = self.backend.fault_for(body)
        if fault.do == "answer":
            self.answer(stream, fault)
            return True
        return self.misbehave(stream, fault)

    def event(self, event) -> bool:
        if isinstance(event, h2.events.RequestReceived):
            self.bodies[event.stream_id] = b""
        elif isinstance(event, h2.events.DataReceived):
            self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            coming = self.backend.next_fault(at_accept=False)
            if coming and coming.at_body:
                self.backend.count()
                return self.misbehave(event.stream_id, coming)
            self.bodies[event.stream_id] += event.data
        elif isinstance(event, h2.events.StreamReset):
            self.bodies.pop(event.stream_id, None)
        elif isinstance(event, h2.events.StreamEnded) and event.stream_id in self.bodies:
            return self.request(event.stream_id, self.bodies.pop(event.stream_id)[5:])  # after gRPC's prefix
        return not isinstance(event, h2.events.ConnectionTerminated)

    def run(self) -> None:
        while True:
            data = self.socket.recv(65536)
            if not data:
                return
            with self.lock:
                try:
                    for event in self.h2.receive_data(data):
                        if not self.event(event):
                            return
                except h2.exceptions.StreamClosedError:
                    pass  # an answer to what the client has given up
                self.flush()


def serve(backend, connection: socket.socket, spoiled: Fault) -> None:
    one = _Connection(backend, connection)
    one.begin(streams=0 if spoiled else 100)
    try:
        one.run()
    except h2.exceptions.ProtocolError:
        pass  # ours, after garbage
