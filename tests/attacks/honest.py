"""The daemon under attack, and the honest client beside the attackers."""

import json
import os
import pathlib
import subprocess
import time

from tests.support import daemon as daemons
from tests.support.certificates import make_authority, make_certificate

# Of the listener that is attacked. A time-out is noticed at most an eighth of itself late, and this machine is shared.
TIME_OUT_S = 1.0
CLOSED_WITHIN_S = 2.5
_TIME_OUTS = "        read_header_timeout: 1s\n        read_timeout: 1s\n        idle_timeout: 1s\n"
_TLS = "        tls: {cert_file: @TLS@/server.pem, key_file: @TLS@/server.key}\n"
POLICIES = """\
- {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
- {name: some, type: probabilistic, probabilistic: {sampling_percentage: 1}}"""


def configuration(tls_dir: pathlib.Path = None, short_time_outs: bool = True, exporter: str = "  nop: {}",
                  exporter_name: str = "nop", sampling: str = "decision_wait: 500ms",
                  tailrace: str = "memory_budget_mib: 1024") -> str:
    """The gRPC listener is the honest client's and has the default limits; the HTTP listener is attacked."""
    policies = "\n".join("      " + line for line in POLICIES.splitlines())
    keys = "\n".join("    " + line for line in sampling.splitlines())
    text = daemons.config(f"  tail_sampling:\n{keys}\n    policies:\n{policies}", exporter,
                          f"    traces:\n      receivers: [otlp]\n      processors: [tail_sampling]\n      exporters: [{exporter_name}]",
                          service_extra=f"  tailrace: {{{tailrace}}}\n")
    more = (_TIME_OUTS if short_time_outs else "") + (_TLS.replace("@TLS@", str(tls_dir)) if tls_dir else "")
    return text.replace("endpoint: 127.0.0.1:@HTTP@\n", "endpoint: 127.0.0.1:@HTTP@\n" + more)


def make_tls_files(folder: pathlib.Path) -> None:
    make_authority(folder)
    make_certificate(folder, "server")


class Load:
    """`tailrace load` against the honest listener; started at once. What is refused is tried again, as an SDK does."""

    def __init__(self, port: int, seconds: float, rate: float, *more):
        args = ["load", "--endpoint", f"127.0.0.1:{port}", "--quiet", "--connections", "2", "--inflight", "4", "--retry", "10",
                "--duration", str(seconds), "--rate", str(rate), *map(str, more)]
        self._deadline_s = seconds + 60
        self.process = subprocess.Popen([daemons.BINARY, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)

    def __enter__(self) -> "Load":
        return self

    def __exit__(self, *_) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def result(self) -> dict:
        try:
            out, err = self.process.communicate(timeout=self._deadline_s)
        except subprocess.TimeoutExpired:
            raise AssertionError("the honest load does not end") from None
        if self.process.returncode != 0:
            raise AssertionError(f"the honest load ended with {self.process.returncode}: {err[-2000:]}")
        return json.loads(out)


def errors_of(result: dict) -> int:
    """Requests that an honest client did not get through, for whatever reason; a refused one that was tried again is none."""
    requests = result["requests"]
    return requests["refused"] - requests["retries"] + requests["failed"] + requests["lost"] + result["connection_errors"]


def cpu_s(pid: int) -> float:
    """User and system time of all threads."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def top_rate(port: int, seconds: float) -> float:
    """Spans a second that the honest client and the daemon reach together on this machine."""
    with Load(port, seconds, 0) as load:
        return float(load.result()["spans_per_second"])


def settled(port: int, rate: float, seconds: float) -> dict:
    """The honest load alone, behind one as high as it goes: what memory a pause of a shard can take is taken already."""
    with Load(port, max(seconds / 2, 0.5), 0) as load:
        load.result()
    with Load(port, seconds, rate) as load:
        return load.result()


def pause_until(moment: float) -> None:
    while (left := moment - time.monotonic()) > 0:
        time.sleep(left)
