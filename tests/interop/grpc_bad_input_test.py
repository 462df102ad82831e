"""Bad input over OTLP/gRPC, sent with the gRPC library's own Python client; run with the interop peers' Python."""

import unittest

import grpc

from tests.support import daemon, wire

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
LIMIT_MIB = 1


class GrpcBadInputTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        config = daemon.one_pipeline(decision_wait="10ms").replace(
            "endpoint: 127.0.0.1:@GRPC@\n", f"endpoint: 127.0.0.1:@GRPC@\n        max_recv_msg_size_mib: {LIMIT_MIB}\n"
            f"        max_inflated_msg_size_mib: {LIMIT_MIB}\n")
        cls.daemon = cls.enterClassContext(daemon.Daemon(config))

    def setUp(self):
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.daemon.ports['GRPC']}",
                                             options=[("grpc.max_send_message_length", -1)])
        self.addCleanup(self.channel.close)

    def tearDown(self):
        """Whatever was sent: the daemon goes on."""
        self.assertEqual(self.call(wire.request(wire.span())), b"")

    def call(self, body: bytes, method: str = EXPORT, **options) -> bytes:
        return self.channel.unary_unary(method)(body, timeout=30, **options)

    def assert_refused(self, code, body: bytes, method: str = EXPORT, **options):
        with self.assertRaises(grpc.RpcError) as raised:
            self.call(body, method, **options)
        self.assertEqual(raised.exception.code(), code, raised.exception.details())
        return raised.exception

    def test_unknown_methods(self):
        for method in ("/x.Y/Z", "/opentelemetry.proto.collector.trace.v1.TraceService/Import"):
            self.assert_refused(grpc.StatusCode.UNIMPLEMENTED, b"", method)

    def test_malformed(self):
        whole = wire.request(wire.span())
        for body in (whole[:-3], b"\xff" * 100, b"\x0a\xff\xff\xff\xff\x0f"):
            self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, body)

    def test_too_large_is_not_to_be_tried_again(self):
        error = self.assert_refused(grpc.StatusCode.RESOURCE_EXHAUSTED, bytes((LIMIT_MIB << 20) + 1))
        self.assertNotIn("grpc-status-details-bin", dict(error.trailing_metadata() or ()))

    def test_a_bomb(self):
        self.assert_refused(grpc.StatusCode.RESOURCE_EXHAUSTED, bytes(50 << 20), compression=grpc.Compression.Gzip)

    def test_gzip_is_taken(self):
        many = wire.request(*(wire.span() for _ in range(100)))
        self.assertEqual(self.call(many, compression=grpc.Compression.Gzip), b"")

    def test_bad_ids_are_refused_one_by_one(self):
        answer = self.call(wire.request(wire.span(), wire.span(trace_id=bytes(16)), wire.span(span_id=b"short")))
        self.assertIn(b"\x08\x02", answer[:8])  # partial_success { rejected_spans = 2 }

    def test_deep_nesting(self):
        self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, wire.request(wire.span(attributes=[wire.nested_value(80_000)])))

    def test_nothing_in_it(self):
        self.assertEqual(self.call(b""), b"")

    def test_health(self):
        # HealthCheckResponse { status = 1: SERVING = 1 }
        self.assertEqual(self.call(b"", "/grpc.health.v1.Health/Check"), b"\x08\x01")


if __name__ == "__main__":
    daemon.main()
