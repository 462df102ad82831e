"""Bad input over OTLP/HTTP: each is answered and counted, and after each the daemon still takes and forwards a trace."""

import gzip
import json
import os
import random
import socket
import unittest
import zlib

from tests.support import daemon, otlp, wire

LIMIT = 1 << 20
FAILED = "tailrace_receiver_requests"


class BadInputTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = cls.enterClassContext(daemon.Daemon(daemon.one_pipeline(decision_wait="10ms",
                                                       receiver_extra=f"        max_request_body_size: {LIMIT}\n"
                                                                      f"        max_inflated_body_size: {LIMIT}\n")))

    def tearDown(self):
        """Whatever was sent: the daemon goes on."""
        self.assert_comes_out(otlp.span(name="after " + self.id().rsplit(".", 1)[-1]))

    def assert_comes_out(self, *spans):
        self.assertEqual(self.daemon.post(otlp.request(*spans)).status, 200)
        self.wait_for_spans(*spans)

    def wait_for_spans(self, *spans):
        wanted = {s["spanId"] for s in spans}

        def there():
            out = otlp.read_file_exporter(self.daemon.dir / "kept.jsonl")
            return wanted <= {s["spanId"] for _, _, s in otlp.each_span(out)}
        daemon.wait_for(there, "the trace in the file")

    def assert_refused(self, expected, body, content_type="application/json", headers=None, **options):
        """Answered with one of the expected statuses, and counted."""
        before = self.daemon.metrics().sum_or_zero(FAILED, transport="http", outcome="failed")
        answer = self.daemon.post(body, content_type, headers, **options)
        self.assertEqual(answer.status, expected, answer.body[:300])
        after = self.daemon.metrics().sum_or_zero(FAILED, transport="http", outcome="failed")
        self.assertEqual(after, before + 1, "counted as one failed request")
        return answer

    # --- bytes that are no OTLP ---

    def test_truncated_protobuf(self):
        whole = wire.request(wire.span())
        for length in range(1, len(whole)):
            answer = self.daemon.post(whole[:length], "application/x-protobuf")
            self.assertEqual(answer.status, 400, f"the first {length} of {len(whole)} bytes")

    def test_random_bytes(self):
        chance = random.Random(20)
        for _ in range(200):
            body = chance.randbytes(chance.randrange(1, 400))
            for kind in ("application/x-protobuf", "application/json"):
                self.assertIn(self.daemon.post(body, kind).status, (200, 400))

    def test_truncated_json(self):
        whole = json.dumps(otlp.request(otlp.span()))
        for length in range(0, len(whole), 7):
            self.assertEqual(self.daemon.post(whole[:length]).status, 400, f"the first {length} bytes")

    def test_json_that_is_no_request(self):
        for body in ("", "[]", "null1", '"x"', "{", '{"resourceSpans": 5}', '{"resourceSpans": [5]}', "\x00", "\ufeff["):
            with self.subTest(body=body):
                answer = self.assert_refused(400, body)
                self.assertTrue(answer.json()["message"], "says what is wrong")

    # --- ids: only the spans that have a bad one ---

    def test_bad_ids_are_refused_one_by_one(self):
        for field, wrong in (("traceId", "00" * 16), ("traceId", ""), ("traceId", "ab" * 15), ("traceId", "ab" * 17),
                             ("spanId", "00" * 8), ("spanId", ""), ("spanId", "ab" * 7), ("spanId", "ab" * 9)):
            with self.subTest(field=field, value=wrong):
                good, bad = otlp.span(), otlp.span(**{field: wrong})
                answer = self.daemon.post(otlp.request(good, bad))
                self.assertEqual((answer.status, answer.rejected_spans()), (200, 1), answer.body)
                self.assertTrue(answer.json()["partialSuccess"]["errorMessage"])
                self.wait_for_spans(good)

    def test_bad_ids_in_protobuf(self):
        for bad in (wire.span(trace_id=b""), wire.span(trace_id=bytes(16)), wire.span(trace_id=b"x" * 15),
                    wire.span(span_id=b""), wire.span(span_id=bytes(8)), wire.span(span_id=b"x" * 9)):
            answer = self.daemon.post(wire.request(wire.span(), bad, wire.span()), "application/x-protobuf")
            self.assertEqual(answer.status, 200)
            # ExportTraceServiceResponse { partial_success = 1 { rejected_spans = 1 } }
            self.assertIn(b"\x08\x01", answer.body[:8], answer.body)

    def test_bad_hex_in_an_id(self):
        for wrong in ("zz" * 16, "ab" * 15 + "g0"):
            answer = self.daemon.post(otlp.request(otlp.span(traceId=wrong)))
            self.assertTrue(answer.status == 400 or answer.rejected_spans() == 1, answer)

    # --- sizes ---

    def test_a_body_over_the_limit(self):
        self.assert_refused(413, b" " * (LIMIT + 1))

    def test_a_declared_size_over_the_limit_is_refused_before_it_is_sent(self):
        head = (f"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                f"Content-Length: {1 << 40}\r\n\r\n").encode()
        with socket.create_connection(("127.0.0.1", self.daemon.ports["HTTP"]), timeout=20) as s:
            s.sendall(head)
            self.assertIn(b" 413 ", s.recv(4096).split(b"\r\n")[0])

    def test_bombs(self):
        zeros = b" " * (100 << 20)
        for encoding, bomb in (("gzip", gzip.compress(zeros, 6)), ("deflate", zlib.compress(zeros))):
            with self.subTest(encoding=encoding):
                rss = "otelcol_process_memory_rss"
                before = self.daemon.metrics().sum(rss)
                self.assertLess(len(bomb), LIMIT)
                self.assert_refused(413, bomb, headers={"Content-Encoding": encoding})
                self.assertLess(self.daemon.metrics().sum(rss) - before, 40 << 20, "the bomb was not unpacked whole")

    def test_broken_compression(self):
        for encoding, body in (("gzip", b"not gzip"), ("deflate", b"\xff\xff"), ("zstd", b"nor zstd"), ("br", b"{}"),
                               ("gzip", gzip.compress(b'{"resourceSpans":[]}')[:-6])):
            with self.subTest(encoding=encoding):
                self.assert_refused(400, body, headers={"Content-Encoding": encoding})

    def test_good_compression(self):
        for encoding, packed in (("gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)):
            span = otlp.span()
            body = packed(json.dumps(otlp.request(span)).encode())
            self.assertEqual(self.daemon.post(body, headers={"Content-Encoding": encoding}).status, 200, encoding)
            self.wait_for_spans(span)

    # --- HTTP ---

    def test_content_types(self):
        for kind in ("text/plain", "", "application/xml", "application/json2", "multipart/form-data"):
            with self.subTest(content_type=kind):
                self.assertEqual(self.daemon.post("{}", kind).status, 415)
        self.assertEqual(self.daemon.post("{}", "application/json; charset=utf-8").status, 200)

    def test_paths_and_methods(self):
        for path in ("/", "/v1/traces/", "/v1/metrics", "/v1/../v1/traces", "/%00", "/" + "x" * 4000):
            self.assertEqual(self.daemon.post("{}", path=path).status, 404, path[:40])
        for method in ("GET", "PUT", "DELETE", "OPTIONS"):
            answer = daemon.web.request(self.daemon.ports["HTTP"], method, "/v1/traces")
            self.assertEqual(answer.status, 405, method)

    def test_what_is_no_http(self):
        for port in ("HTTP", "GRPC"):
            for data in (b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00" + bytes(600), os.urandom(2000),
                         b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + os.urandom(5000), b"GET / HTTP/9.9\r\n\r\n",
                         b"POST /v1/traces HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                         b"POST /v1/traces HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"):
                daemon.web.raw(self.daemon.ports[port], data, half_close=True)

    def test_a_client_that_stops_mid_body(self):
        head = b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
        for port in ("HTTP", "GRPC"):
            socket.create_connection(("127.0.0.1", self.daemon.ports[port])).close()
            with socket.create_connection(("127.0.0.1", self.daemon.ports[port])) as s:
                s.sendall(head)
        stays = socket.create_connection(("127.0.0.1", self.daemon.ports["HTTP"]))
        stays.sendall(head)
        self.addCleanup(stays.close)

    def test_a_client_that_never_reads(self):
        deaf = socket.create_connection(("127.0.0.1", self.daemon.ports["HTTP"]))
        self.addCleanup(deaf.close)
        deaf.settimeout(2)
        one = b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        try:
            for _ in range(2000):
                deaf.sendall(one * 20)
        except OSError:
            pass  # the daemon stopped reading from one who does not read, or hung up

    # --- JSON's oddities ---

    def test_json_oddities_that_are_taken(self):
        odd = [
            otlp.span(kind="SPAN_KIND_SERVER", status={"code": "STATUS_CODE_ERROR"}),
            otlp.span(kind=99),
            otlp.span(startTimeUnixNano=1735689600000000000, endTimeUnixNano=1735689600000000001),
            otlp.span(attributes=[{"key": "n", "value": {"intValue": 9007199254740993}},
                                  {"key": "s", "value": {"intValue": "-9223372036854775808"}},
                                  {"key": "d", "value": {"doubleValue": "NaN"}}]),
            otlp.span(unknownField={"a": [1, {"b": None}]}),
            otlp.span(attributes=None, events=None),
            otlp.span(name="\u0000\u00e9\U0001f600\\\"\n"),
        ]
        for span in odd:
            with self.subTest(span=span):
                self.assert_comes_out(span)
        upper = otlp.span()
        sent = otlp.request({**upper, "traceId": upper["traceId"].upper(), "spanId": upper["spanId"].upper()})
        self.assertEqual(self.daemon.post(sent).status, 200)
        self.wait_for_spans(upper)
        snake = otlp.span()
        body = json.dumps(otlp.request(snake)).replace("resourceSpans", "resource_spans").replace("traceId", "trace_id")
        self.assertEqual(self.daemon.post(body).status, 200)
        self.wait_for_spans(snake)

    def test_numbers_out_of_range(self):
        for wrong in ("18446744073709551616", "-1", "1e400", "x", 1e300, {}, []):
            with self.subTest(value=wrong):
                self.assert_refused(400, otlp.request(otlp.span(startTimeUnixNano=wrong)))

    # --- depth ---

    def test_deep_json(self):
        depth = 100_000
        for opening in ("[", '{"a":'):
            self.assert_refused(400, opening * depth)
        nested = '{"arrayValue":{"values":[' * (depth // 4)
        self.assert_refused(400, '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%s","spanId":"%s","attributes":'
                                 '[{"key":"a","value":%s' % ("ab" * 16, "ab" * 8, nested))

    def test_deep_protobuf(self):
        for depth in (1000, 100_000):
            body = wire.request(wire.span(attributes=[wire.nested_value(depth)]))
            self.assertLess(len(body), LIMIT)
            self.assert_refused(400, body, "application/x-protobuf")

    # --- times, and nothing at all ---

    def test_times_at_the_edges(self):
        huge = str(2**64 - 1)
        spans = [otlp.span(startTimeUnixNano=a, endTimeUnixNano=b)
                 for a, b in (("0", "0"), (huge, huge), ("0", huge), (huge, "0"), ("5000000000", "1"))]
        self.assert_comes_out(*spans)
        out = otlp.read_file_exporter(self.daemon.dir / "kept.jsonl")
        sent = otlp.whole_traces([otlp.request(*spans)])
        came = otlp.whole_traces(out)
        for trace, whole in sent.items():
            self.assertEqual(came[trace], whole)

    def test_nothing_in_it(self):
        for body in ("{}", '{"resourceSpans":[]}', '{"resourceSpans":[{}]}', '{"resourceSpans":[{"scopeSpans":[{}]}]}',
                     '{"resourceSpans":[{"scopeSpans":[{"spans":[]}]}]}', '{"resourceSpans":null}'):
            answer = self.daemon.post(body)
            self.assertEqual((answer.status, answer.rejected_spans()), (200, 0), body)
        for body in (b"", b"\x0a\x00", b"\x0a\x02\x12\x00"):
            self.assertEqual(self.daemon.post(body, "application/x-protobuf").status, 200, body)


if __name__ == "__main__":
    daemon.main()
