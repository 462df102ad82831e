#!/usr/bin/env python3
"""Measures what the page costs: ten browsers that refresh, against none.

    python3 bench/page.py [--browsers 10] [--seconds 30] [--rate 20000]

Each browser holds a connection and asks every second for what a view shows: status, flow, policies. The program runs under a
load, so that the shards have something to be kept from. What counts: its CPU time with browsers less that without, as a share of a core.
"""

import argparse
import http.client
import pathlib
import sys
import threading
import time

from programs import ROOT, BenchError, Daemon, Exporter, Load, Sink

PATHS = ("/api/v1/status", "/api/v1/flow", "/api/v1/policies")
SHARE_MAX = 0.01


class Browser(threading.Thread):
    def __init__(self, port: int, stop: threading.Event):
        super().__init__(daemon=True)
        self.port, self.stop, self.answers, self.bytes, self.slowest_s = port, stop, 0, 0, 0.0

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        due = time.monotonic()
        while not self.stop.wait(max(0.0, due - time.monotonic())):
            due += 1
            for path in PATHS:
                began = time.monotonic()
                connection.request("GET", path)
                answer = connection.getresponse()
                self.bytes += len(answer.read())
                self.slowest_s = max(self.slowest_s, time.monotonic() - began)
                if answer.status != 200:
                    raise BenchError(f"{path} answered {answer.status}")
                self.answers += 1
        connection.close()


def cpu_s(daemon: Daemon) -> float:
    """To the microsecond, which the clock ticks of /proc are not."""
    return daemon.metrics().sum("otelcol_process_cpu_seconds")


def watch(daemon: Daemon, count: int, seconds: int) -> tuple:
    """CPU seconds a second, and the browsers."""
    stop = threading.Event()
    browsers = [Browser(daemon.page_port, stop) for _ in range(count)]
    for browser in browsers:
        browser.start()
    began, before = time.monotonic(), cpu_s(daemon)
    time.sleep(seconds)
    used = (cpu_s(daemon) - before) / (time.monotonic() - began)
    stop.set()
    for browser in browsers:
        browser.join()
    if any(browser.answers < 0.9 * seconds * len(PATHS) for browser in browsers):
        raise BenchError("a browser did not get its answers every second: something else runs on this machine")
    return used, browsers


def measure(tailrace: pathlib.Path, count: int, seconds: int, rate: int) -> bool:
    with Sink(tailrace) as sink, Daemon(tailrace, [Exporter(sink.port)], 5, 200_000, 256) as daemon, \
            Load(tailrace, daemon.port, ["--rate", rate, "--duration", 4 * seconds + 15]) as load:
        load.progress(8)  # the first traces are decided
        # Each twice, turn about: a load is never quite even.
        used = {0: [], count: []}
        for share in (0, count, count, 0):
            one, browsers = watch(daemon, share, seconds)
            used[share].append(one)
            if share:
                seen = browsers
    cost = (sum(used[count]) - sum(used[0])) / 2
    answers, sent = sum(b.answers for b in seen), sum(b.bytes for b in seen)
    print(f"without: {sum(used[0]) / 2:.2%} of a core at {rate} spans a second; with {count} browsers: {sum(used[count]) / 2:.2%}")
    print(f"the page costs {cost:.2%} of a core (at most {SHARE_MAX:.0%}); {answers / seconds:.0f} answers a second of {sent / answers:.0f} bytes, "
          f"the slowest in {max(b.slowest_s for b in seen) * 1e3:.0f} ms")
    return cost <= SHARE_MAX


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--browsers", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--rate", type=int, default=20_000, help="spans a second")
    args = parser.parse_args()
    try:
        return 0 if measure(args.build / "tailrace", args.browsers, args.seconds, args.rate) else 1
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
