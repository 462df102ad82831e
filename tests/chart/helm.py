"""Helm, the chart, and its value sets (charts/tailrace/ci), for tests."""

import functools
import json
import os
import pathlib
import subprocess
from typing import NamedTuple

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = ROOT / "charts" / "tailrace"
RELEASE, NAMESPACE = "shop", "tracing"
SETS = sorted((CHART / "ci").glob("*-values.yaml"))
# What a cluster of the Prometheus Operator says that it has.
API_VERSIONS = ("monitoring.coreos.com/v1",)


class Object(NamedTuple):
    """What makes an object of a cluster the same one after an upgrade."""
    kind: str
    namespace: str
    name: str


@functools.lru_cache
def binary() -> str:
    where = subprocess.run([ROOT / "scripts" / "peers", "--where"], capture_output=True, text=True, check=True).stdout.strip()
    return os.path.join(where, "bin", "helm")


def run(*args: str) -> subprocess.CompletedProcess:
    return subprocess.run([binary(), *args], capture_output=True, text=True, timeout=60, check=False)


def template(values, kube_version: str = "1.34.0", extra: tuple = ()) -> subprocess.CompletedProcess:
    """`values`: a file, or a dict of values."""
    args = ["template", RELEASE, str(CHART), "--namespace", NAMESPACE, "--kube-version", kube_version, *extra]
    for version in API_VERSIONS:
        args += ["--api-versions", version]
    if isinstance(values, dict):
        return subprocess.run([binary(), *args, "--values", "-"], input=json.dumps(values), capture_output=True, text=True, timeout=60, check=False)
    return run(*args, "--values", str(values))


def parse(text: str) -> list:
    return [each for each in yaml.load_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if each]


def render(values, kube_version: str = "1.34.0") -> list:
    """Every object that the chart makes of the values, as it is read back from YAML."""
    done = template(values, kube_version)
    if done.returncode != 0:
        raise AssertionError(f"helm template with {values}: {done.stderr}")
    return parse(done.stdout)


def identity(thing: dict) -> Object:
    metadata = thing["metadata"]
    return Object(thing["kind"], metadata.get("namespace", NAMESPACE), metadata["name"])


def workloads(things: list) -> list:
    return [thing for thing in things if thing["kind"] in ("Deployment", "StatefulSet")]


def find(things: list, kind: str, name: str) -> dict:
    found = [thing for thing in things if thing["kind"] == kind and thing["metadata"]["name"] == name]
    if len(found) != 1:
        raise AssertionError(f"{len(found)} of {kind} {name} among {[identity(thing) for thing in things]}")
    return found[0]
