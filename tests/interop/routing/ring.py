"""The Collector's ring and ours, asked the same questions (owners.go, owners.cc), and the questions.

`python3 tests/interop/routing/ring.py --golden` writes tests/collector/exporters/balancing/ring_golden.txt anew, from the Collector's."""

import json
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE.parents[1] / "collector" / "exporters" / "balancing" / "ring_golden.txt"
MODULE = "github.com/open-telemetry/opentelemetry-collector-contrib/exporter/loadbalancingexporter@v0.161.0"
GOLDEN_IDS = 600


def build_collectors_ring(folder: pathlib.Path) -> pathlib.Path:
    """The program that asks the real ring. Its source comes from the Go module proxy; it needs nothing but Go's own library."""
    said = subprocess.run(["go", "mod", "download", "-json", MODULE], cwd=folder, capture_output=True, text=True, check=True).stdout
    source = (pathlib.Path(json.loads(said)["Dir"]) / "consistent_hashing.go").read_text(encoding="utf-8")
    (folder / "consistent_hashing.go").write_text(source.replace("package loadbalancingexporter", "package main"), encoding="utf-8")
    shutil.copy(HERE / "owners.go", folder)
    (folder / "go.mod").write_text("module owners\n\ngo 1.22\n", encoding="utf-8")
    subprocess.run(["go", "build", "-o", "owners", "."], cwd=folder, check=True)
    return folder / "owners"


def owners(program: pathlib.Path, lists: list, ids: bytes, folder: pathlib.Path) -> list:
    """For each list, for each id, which endpoint of the list owns it."""
    (folder / "lists").write_text("".join(" ".join(endpoints) + "\n" for endpoints in lists), encoding="utf-8")
    (folder / "ids").write_bytes(ids)
    subprocess.run([str(program), "lists", "ids", "out"], cwd=folder, check=True)
    out, count = (folder / "out").read_bytes(), len(ids) // 16
    return [out[i * count:(i + 1) * count] for i in range(len(lists))]


def golden_ids(count: int) -> bytes:
    """What hash_ring_test.cc makes too: splitmix64 of 1, 2, 3, ..., two numbers an id."""
    def mixed(n: int) -> int:
        mask = (1 << 64) - 1
        z = n * 0x9E3779B97F4A7C15 & mask
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & mask
        z = (z ^ z >> 27) * 0x94D049BB133111EB & mask
        return z ^ z >> 31
    return b"".join(struct.pack(">Q", mixed(n)) for n in range(1, 2 * count + 1))


def endpoint(chance: random.Random) -> str:
    """As resolvers give them."""
    a, b, c, d = (chance.randrange(1, 255) for _ in range(4))
    return chance.choice([f"10.{b}.{c}.{d}", f"10.{b}.{c}.{d}:4317", f"[fd00::{a:x}:{b:x}]:4317", f"[fd00::{c:x}]", f"tailrace-{d}.sampler.ns:4317",
                          f"tailrace-{a}.sampler.observability", f"{b}.example.org:{1024 + d}"])


def changing_lists(chance: random.Random, count: int, largest: int) -> list:
    """Each list comes from the one before: members are added and removed, from one to `largest` of them."""
    lists, now = [], [endpoint(chance)]
    for _ in range(count):
        wanted = chance.randrange(1, largest + 1)
        while len(now) > wanted:
            now.remove(chance.choice(now))
        while len(now) < wanted:
            new = endpoint(chance)
            if new not in now:
                now.append(new)
        lists.append(list(now))
    return lists


def write_golden() -> None:
    lists = [["only-one:4317"], ["10.0.0.1", "10.0.0.2"], ["endpoint-1", "endpoint-2:55678"]] + changing_lists(random.Random(1), 7, 50)
    ids = golden_ids(GOLDEN_IDS)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        found = owners(build_collectors_ring(folder), lists, ids, folder)
    text = "".join(f"{' '.join(endpoints)}\n{' '.join(map(str, of_list))}\n" for endpoints, of_list in zip(lists, found))
    GOLDEN.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    assert sys.argv[1:] == ["--golden"], __doc__
    write_golden()
