"""The cells of the comparison: each is a load, a configuration, and the programs that get both.

One dimension at a time differs from the base cell, `plain`. To add a cell is one entry here."""

import dataclasses

from programs import BenchError

BARE, TAILRACE, COLLECTOR, JAEGER, FLUENT_BIT = "bare", "tailrace", "collector", "jaeger", "fluent-bit"
BOTH = (TAILRACE, COLLECTOR)
TRACES_MADE = 200  # at least so many are prepared: one in a hundred has an error, another is slow


@dataclasses.dataclass(frozen=True)
class Share:
    """A rate that follows from what `program` took at most in the cell `plain` of the same round."""

    program: str
    share: float


@dataclasses.dataclass(frozen=True)
class Cell:
    name: str
    dimension: str          # which one differs from the base; its cells stand together in the table
    words: str
    programs: tuple = (TAILRACE,)
    protocol: str = "grpc"  # grpc, http or json (both OTLP/HTTP on HTTP/1.1)
    compression: str = "none"
    policies: str = "three"  # three, ten or all
    span_bytes: int = 456
    per_request: int = 100
    per_trace: int = 20
    services: int = 4
    interleave: bool = True
    connections: int = 8
    inflight: int = 4
    wait_s: float = 2
    shards: int = 1
    storage: str = "none"   # storage_compression; of Tailrace alone
    rate: float = 0         # spans a second; 0: as fast as it goes
    rates: tuple = ()       # (program, Share), in place of `rate`
    live_traces: int = 0    # so many have to be alive
    both_cores: bool = False
    warm_s: int = 7        # until resident memory hardly grows any more, a few waits
    target: bool = False    # a target is held against it

    def rate_for(self, program: str, top) -> float:
        """`top(program)`: spans a second that it took in `plain` of this round; raises BenchError where that is not known."""
        for name, share in self.rates:
            if name == program:
                return share.share * top(share.program)
        return self.rate

    def num_traces(self, rate: float) -> int:
        """Room for twice what lives at 4 M spans a second, which none of the programs takes."""
        return max(50_000, round(2 * (rate or 4_000_000) * self.wait_s / self.per_trace))

    def load(self) -> str:
        return " ".join(str(arg) for arg in self.load_args())

    def lasts_s(self, program: str, window_s: int) -> float:
        """About, with start, decisions and stop."""
        return window_s + 2.5 if program == BARE else self.warm_s + window_s + self.wait_s + 2.5 + (2 if self.protocol == "json" else 0)

    def load_args(self) -> list:
        per_group = max(1, self.per_request * (self.services if self.interleave else 1) // self.per_trace)
        pool = -(-TRACES_MADE // per_group) * (self.services if self.interleave else 1)
        args = ["--protocol", self.protocol, "--compression", self.compression, "--span-bytes", self.span_bytes,
                "--spans-per-request", self.per_request, "--spans-per-trace", self.per_trace, "--services", self.services,
                "--connections", self.connections, "--inflight", self.inflight, "--pool", max(64, pool)]
        return args + (["--interleave"] if self.interleave else [])


LIVE = {"dimension": "live traces", "span_bytes": 128, "per_trace": 4, "services": 1, "interleave": False, "rate": 1_000_000}


def live(traces: int, warm_s: int, **more) -> Cell:
    """Small spans at one rate; only the decision wait differs."""
    short = f"{traces // 1000}k" if traces < 1_000_000 else f"{traces // 1_000_000}m"
    return Cell(f"live_{short}", words=f"{traces:,} live traces".replace(",", " "), wait_s=traces * LIVE["per_trace"] / LIVE["rate"],
                live_traces=traces, warm_s=warm_s, **LIVE, **more)


WAITING = {"rate": 80_000, "wait_s": 10, "warm_s": 11}
TWO_CORES = {"dimension": "shards", "rates": ((TAILRACE, Share(TAILRACE, 0.6)),), "both_cores": True}

CELLS = (
    Cell("plain", "base", "plain gRPC, three policies", programs=(BARE, *BOTH), target=True),
    Cell("gzip", "compression", "gzip", programs=BOTH, compression="gzip", target=True),
    Cell("zstd", "compression", "zstd", compression="zstd"),
    Cell("http", "protocol", "HTTP, protobuf", protocol="http"),
    Cell("json", "protocol", "HTTP, JSON", programs=BOTH, protocol="json", target=True),
    # Longer: what comes first at full speed is due a wait later, and these policies make that dear.
    Cell("ten", "policies", "ten policies that read attributes, three of them OTTL", programs=BOTH, policies="ten", warm_s=14, target=True),
    Cell("span_1k", "span size", "1 kB a span", span_bytes=1024),
    Cell("span_2k", "span size", "2 kB a span", span_bytes=2048),
    Cell("request_10", "spans a request", "10 spans a request", per_request=10),
    Cell("request_1000", "spans a request", "1000 spans a request", per_request=1000),
    Cell("trace_2", "spans a trace", "2 spans a trace", per_trace=2, services=2),
    Cell("trace_200", "spans a trace", "200 spans a trace", per_trace=200),
    live(50_000, 6, target=True),
    live(500_000, 8),
    live(2_000_000, 14, target=True),
    Cell("kept_all", "share kept", "100 % kept", policies="all", rate=800_000),
    Cell("lz4", "storage", "storage_compression: lz4", storage="lz4", target=True),
    Cell("zstd_stored", "storage", "storage_compression: zstd", storage="zstd"),
    Cell("shards_1", words="one shard, two cores", target=True, **TWO_CORES),
    Cell("shards_2", words="two shards, two cores", shards=2, target=True, **TWO_CORES),
    Cell("ordered", "arrival", "whole traces in a request", interleave=False),
    Cell("connections_4", "connections", "4 connections", connections=4),
    Cell("connections_400", "connections", "400 connections", connections=400, inflight=1),
    Cell("memory", "memory", "80 000 spans/s, 10 s wait", programs=BOTH, target=True, **WAITING),
    Cell("memory_lz4", words="the same with storage_compression: lz4", storage="lz4", target=True, dimension="memory", **WAITING),
    Cell("memory_zstd", words="the same with storage_compression: zstd", storage="zstd", target=True, dimension="memory", **WAITING),
    Cell("calm", "latency", "70 % of the top rate", rates=((TAILRACE, Share(TAILRACE, 0.7)),), target=True),
    Cell("answers", "latency", "Collector at half of its top rate, Tailrace at all of it", programs=BOTH,
         rates=((TAILRACE, Share(COLLECTOR, 1.0)), (COLLECTOR, Share(COLLECTOR, 0.5))), target=True),
    Cell("peers", "base", "plain gRPC, three policies", programs=(JAEGER, FLUENT_BIT)),
)


SINK_ALONE = Cell("sink_alone", "check", "the sink alone", programs=("sink",))


def checks_of(cells: list) -> list:
    """Every load among them that goes as fast as it can, once: the generator alone is measured with it, against the bare server."""
    loads = {}
    for cell in cells:
        if not cell.rate and not cell.rates and TAILRACE in cell.programs:
            loads.setdefault(cell.load(), dataclasses.replace(cell, name=f"{cell.name}, load alone", dimension="check", programs=(BARE,)))
    return list(loads.values())


def chosen(which: str) -> list:
    """`targets`, `all`, or names with commas between them. Cells whose rate follows from `plain` bring it along."""
    if which in ("targets", "all"):
        return [cell for cell in CELLS if cell.target or which == "all"]
    names = [name for name in which.split(",") if name]
    unknown = set(names) - {cell.name for cell in CELLS}
    if unknown or not names:
        raise BenchError(f"no cell named {', '.join(sorted(unknown)) or repr(which)}; there are: targets, all, "
                         + ", ".join(cell.name for cell in CELLS))
    wanted = {cell.name for cell in CELLS if cell.name in names}
    if any(cell.rates for cell in CELLS if cell.name in wanted):
        wanted.add("plain")
    return [cell for cell in CELLS if cell.name in wanted]


def by_name(name: str) -> Cell:
    return next(cell for cell in CELLS if cell.name == name)
