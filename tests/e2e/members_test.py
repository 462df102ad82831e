"""Members that route and sample: the connector `loadbalancing` between two pipelines of one process. Whoever gets a span, each trace is judged by
one member, whole; a span is sent on once at most; every span is accounted for."""

import collections
import json
import re
import threading
import unittest

from tests.support import daemon, otlp, web

ERRORS = "- {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}"
ALL = "- {name: all, type: always_sample}"


def member(names: list, port: int, policy: str = ALL, wait: str = "200ms", options: str = "") -> str:
    """A configuration that listens for gRPC on `port`; `names` are all members."""
    return daemon.config(
        f"  batch: {{timeout: 20ms}}\n  tail_sampling:\n    decision_wait: {wait}\n    num_traces: 200000\n    policies:\n      {policy}",
        "  file: {path: @DIR@/kept.jsonl, append: true, flush_interval: 20ms}\n"
        f"connectors:\n  loadbalancing:\n{options}    resolver: {{static: {{hostnames: {json.dumps(names)}}}}}\n    protocol:\n      otlp:\n"
        "        tls: {insecure: true}\n        retry_on_failure: {initial_interval: 50ms, max_interval: 200ms, max_elapsed_time: 0s}",
        "    traces/router: {receivers: [otlp], processors: [batch], exporters: [loadbalancing]}\n"
        "    traces/sampler: {receivers: [loadbalancing], processors: [tail_sampling, batch], exporters: [file]}",
        "  tailrace: {shutdown_timeout: 20s}\n").replace("@GRPC@", str(port))


def local(ports: list) -> list:
    return [f"127.0.0.1:{port}" for port in ports]


def ledgers(said: str) -> dict:
    """exporter -> what its ledger at stop says."""
    found = {}
    for name, rows in re.findall(r"Ledger of (\S+), in spans:\n((?:  .*\n)+)", said):
        found[name] = {what.strip(): int(count) for what, count in re.findall(r"^  (.{28}) +(-?\d+)$", rows, re.M)}
    return found


def dropped(ledger: dict) -> int:
    return sum(count for what, count in ledger.items() if what.startswith("dropped, "))


def ways(one: daemon.Daemon) -> dict:
    metrics = one.metrics()
    return {way: metrics.sum("tailrace_routed_spans", pipeline="traces/router", way=way) for way in ("own", "forwarded", "arrived", "disputed")}


def judged(members: list) -> float:
    """Spans that reached a sampler."""
    return sum(one.metrics().sum("tailrace_pipeline_accepted_spans", pipeline="traces/sampler") for one in members)


def kept(members: list) -> list:
    return [otlp.read_file_exporter(one.dir / "kept.jsonl") for one in members]


class Traffic:
    """Sends spans of the same traces to several daemons in turn until told to stop; what one does not take, another gets."""

    def __init__(self, members: list):
        self._members = members
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.sent = []  # span ids that were acknowledged
        self.failed_requests = 0

    def __enter__(self) -> "Traffic":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def stop(self) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        turn = 0
        open_traces = collections.deque((otlp.trace_id() for _ in range(20)), maxlen=20)
        while not self._end.is_set():
            open_traces.append(otlp.trace_id())
            spans = [otlp.span(trace=trace) for trace in open_traces]
            while not self._offer(self._members[turn % len(self._members)], otlp.request(*spans)):
                turn += 1
            self.sent += [span["spanId"] for span in spans]
            turn += 1

    def _offer(self, one: daemon.Daemon, request: dict) -> bool:
        try:
            if one.post(request).status == 200:
                return True
        except OSError:
            pass
        self.failed_requests += 1
        return False


class MembersTest(unittest.TestCase):
    def three(self, **options) -> list:
        ports = daemon.free_ports(3)
        return [self.use(member(local(ports), port, **options)) for port in ports]

    def use(self, config: str) -> daemon.Daemon:
        one = daemon.Daemon(config)
        self.addCleanup(lambda: one.__exit__(None, None, None))
        one.__enter__()
        daemon.wait_for(lambda: one.metrics().sum("otelcol_loadbalancer_num_backends", resolver="static") > 0, "it knows its members")
        return one

    def test_whoever_gets_a_span_its_trace_is_judged_once_and_whole(self):
        members = self.three(policy=ERRORS, wait="8s")
        roots = [otlp.span(error=i % 5 == 0) for i in range(300)]
        pieces = [roots] + [[otlp.span(trace=root["traceId"], parent=root["spanId"], name=name) for root in roots] for name in "abc"]
        for number, spans in enumerate(pieces):
            for at in range(0, len(spans), 20):
                # The four spans of a trace go to three members, each of its own request.
                self.assertEqual(members[(number + at // 20) % 3].post(otlp.request(*spans[at:at + 20])).status, 200)
        daemon.wait_for(lambda: judged(members) == 1200, "every span is at a sampler")
        together = [ways(one) for one in members]
        for one in together:
            # A ring of three is not even, and its members' ports are others in each run.
            self.assertGreater(min(one["own"], one["forwarded"], one["arrived"]), 40, one)
        self.assertEqual(sum(one["forwarded"] for one in together), sum(one["arrived"] for one in together))
        self.assertEqual(sum(one["own"] + one["arrived"] for one in together), 1200)
        self.assertEqual(sum(one["disputed"] for one in together), 0)
        received = sum(one.metrics().sum("otelcol_receiver_accepted_spans") for one in members)
        self.assertEqual(received, 1200 + sum(one["arrived"] for one in together), "what stays in a process is received once")
        wanted = {root["traceId"] for root in roots if "status" in root}
        daemon.wait_for(lambda: sum(len(otlp.trace_ids(requests)) for requests in kept(members)) >= len(wanted), "what is to be kept is written")
        for one in members:
            one.check_residual()
        self.assertEqual(sum(one.metrics().sum("otelcol_processor_tail_sampling_new_trace_id_received") for one in members), 300)
        got = {}
        for requests in kept(members):
            traces = otlp.whole_traces(requests)
            self.assertFalse(got.keys() & traces.keys(), "no trace is kept in two places")
            got |= traces
        self.assertEqual(got.keys(), wanted)
        self.assertEqual({sum(spans.values()) for spans in got.values()}, {4})
        said = [ledgers(one.stop()) for one in members]
        self.assertEqual(sum(one["file"]["accepted"] for one in said), 1200)
        self.assertEqual(sum(one["loadbalancing"]["kept for this process"] for one in said), 1200)

    def test_a_member_that_goes_and_comes_back_loses_nothing(self):
        members = self.three()
        with Traffic(members) as traffic:
            daemon.wait_for(lambda: ways(members[1])["arrived"] > 100, "spans come and go")
            said = [ledgers(members[1].stop())]
            before = ways(members[0])["forwarded"]
            daemon.wait_for(lambda: ways(members[0])["forwarded"] > before + 100, "the others go on")
            members[1].start()
            daemon.wait_for(lambda: ways(members[1])["arrived"] > 100, "it takes part again")
        daemon.wait_for(lambda: judged(members) + said[0]["file"]["accepted"] == len(traffic.sent), "every span is at a sampler")
        said += [ledgers(one.stop()) for one in members]
        self.assertEqual(sum(dropped(one["loadbalancing"]) + dropped(one["file"]) for one in said), 0, said)
        self.assertEqual(sum(one["file"]["forwarded"] for one in said), len(traffic.sent))
        written = collections.Counter(span["spanId"] for requests in kept(members) for _, _, span in otlp.each_span(requests))
        self.assertEqual(written, collections.Counter(traffic.sent), "each span is kept once")

    def test_members_with_different_rings_send_a_span_on_once(self):
        one_port, two_port, nobody = daemon.free_ports(3)
        one = self.use(member(local([one_port, two_port]), one_port))
        two = self.use(member(local([one_port, two_port, nobody]), two_port))
        for _ in range(10):
            self.assertEqual(one.post(otlp.request(*(otlp.span() for _ in range(50)))).status, 200)
        daemon.wait_for(lambda: judged([one, two]) == 500, "every span is at a sampler")
        there = ways(two)
        self.assertEqual(there["arrived"] + there["disputed"], ways(one)["forwarded"])
        self.assertGreater(there["disputed"], 10, "spans that belong to a third one by its own ring")
        self.assertEqual((there["own"], there["forwarded"]), (0, 0))

    def test_a_member_knows_itself_by_a_name_of_this_machine(self):
        port, = daemon.free_ports(1)
        one = self.use(member([f"localhost:{port}"], port))
        self.assertEqual(one.post(otlp.request(*(otlp.span() for _ in range(50)))).status, 200)
        daemon.wait_for(lambda: judged([one]) == 50, "every span is at the sampler")
        self.assertEqual(ways(one), {"own": 50, "forwarded": 0, "arrived": 0, "disputed": 0})
        self.assertIn("This process is one of the members", one.stderr())
        self.assertEqual(one.metrics().sum("tailrace_connections_opened"), 1, "nothing went through a socket but the request")

    def test_a_member_that_does_not_know_itself_samples_all_the_same(self):
        port, = daemon.free_ports(1)
        one = self.use(member(local([port]), port, options="    self: another:4317\n"))
        self.assertEqual(one.post(otlp.request(*(otlp.span() for _ in range(50)))).status, 200)
        daemon.wait_for(lambda: judged([one]) == 50, "every span is at the sampler")
        self.assertEqual(ways(one), {"own": 0, "forwarded": 50, "arrived": 0, "disputed": 50})
        self.assertIn("None of the members is this process", one.stderr())


class LoopTest(unittest.TestCase):
    ROUTER = daemon.config(
        "  batch: {timeout: 20ms}",
        "  loadbalancing:\n    resolver: {static: {hostnames: ['127.0.0.1:@GRPC@']}}\n    protocol: {otlp: {tls: {insecure: true}}}",
        "    traces: {receivers: [otlp], processors: [batch], exporters: [loadbalancing]}",
        "  tailrace: {shutdown_timeout: 1s}\n")

    def test_a_router_whose_member_is_itself_cuts_the_circle(self):
        with daemon.Daemon(self.ROUTER) as one:
            self.assertEqual(one.post(otlp.request(*(otlp.span() for _ in range(50)))).status, 200)
            daemon.wait_for(lambda: one.metrics().sum("tailrace_routing_loop_spans") == 50, "the circle is cut")
            daemon.wait_for(lambda: one.metrics().sum("tailrace_dropped_spans", exporter="loadbalancing", reason="refused_by_backend") == 50,
                            "and the spans are counted as dropped")
            self.assertEqual(one.metrics().sum("otelcol_receiver_accepted_spans"), 50 * (1 + 3), "hops_max is 3")
            daemon.wait_for(lambda: "A member is this process itself" in one.stderr(), "the log says so")
            self.assertIn("hops_max", one.stderr())

    def test_the_mark_is_a_number(self):
        with daemon.Daemon(self.ROUTER.replace("127.0.0.1:@GRPC@'", "127.0.0.1:1'"), expect_clean_stop=False) as router:
            def status(*fields: tuple) -> int:
                return web.request(router.ports["HTTP"], "POST", "/v1/traces", json.dumps(otlp.request(otlp.span())).encode(),
                                   {"Content-Type": "application/json", **dict(fields)}).status
            for value, expected in (("0", 200), ("3", 200), ("4", 508), ("300", 508), ("-1", 508), ("x", 508), ("", 508)):
                self.assertEqual(status(("Tailrace-Hops", value)), expected, value)
            self.assertEqual(router.metrics().sum("tailrace_routing_loop_spans", transport="http"), 5)
            router.process.terminate()
            router.process.wait(daemon.DEADLINE_S)
            self.assertEqual(daemon.ledger_residuals(router.stderr()), [0])

    def test_members_keep_what_says_that_it_was_routed_whatever_it_says(self):
        port, nobody = daemon.free_ports(2)
        with daemon.Daemon(member(local([port, nobody]), port)) as one:
            for value in ("1", "200", "garbage"):
                self.assertEqual(one.post(otlp.request(*(otlp.span() for _ in range(20))), headers={"tailrace-hops": value}).status, 200)
            daemon.wait_for(lambda: judged([one]) == 60, "every span is at the sampler")
            self.assertEqual(ways(one)["forwarded"], 0)


if __name__ == "__main__":
    daemon.main()
