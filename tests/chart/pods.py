"""A pod that the chart makes, run as far as a test can: its check (`tailrace validate`) with the environment and the files that
Kubernetes would give to it."""

import math
import os
import pathlib
import re
import subprocess
import tempfile

import yaml

from tests.chart import helm
from tests.support import daemon

# What Secrets and ConfigMaps that a user brings would hold.
GIVEN = {"token": "s3cret"}


def quantity(text) -> float:
    match = re.fullmatch(r"([0-9.]+(?:[eE][0-9]+)?)(m|k|M|G|Ki|Mi|Gi)?", str(text))
    units = {None: 1, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
    return float(match[1]) * units[match[2]]


def resource(container: dict, field: dict) -> str:
    """What the downward API gives: rounded up to whole divisors."""
    group, name = field["resource"].split(".")
    return str(math.ceil(quantity(container["resources"][group][name]) / quantity(field.get("divisor", "1"))))


def environment(container: dict) -> dict:
    found = {}
    for variable in container.get("env", []):
        source = variable.get("valueFrom", {})
        if "resourceFieldRef" in source:
            found[variable["name"]] = resource(container, source["resourceFieldRef"])
        elif "fieldRef" in source:
            found[variable["name"]] = {"status.podIP": "10.1.2.3", "metadata.name": "pod-0"}[source["fieldRef"]["fieldPath"]]
        elif "secretKeyRef" in source:
            found[variable["name"]] = GIVEN[source["secretKeyRef"]["key"]]
        else:
            found[variable["name"]] = variable["value"]
    return found


def configurations(things: list) -> dict:
    """Each workload's name, with the text of its configuration."""
    texts = {}
    for workload in helm.workloads(things):
        volumes = {volume["name"]: volume for volume in workload["spec"]["template"]["spec"]["volumes"]}
        name = volumes["config"]["configMap"]["name"]
        texts[workload["metadata"]["name"]] = helm.find(things, "ConfigMap", name)["data"]["config.yaml"]
    return texts


def container(workload: dict, name: str = "tailrace", group: str = "containers") -> dict:
    return next(each for each in workload["spec"]["template"]["spec"][group] if each["name"] == name)


def check(things: list, workload: dict, verb: str = "validate") -> subprocess.CompletedProcess:
    """Runs the pod's init container `validate`; print-config with the same arguments where that is the verb."""
    init = container(workload, "validate", "initContainers")
    with tempfile.TemporaryDirectory(prefix="tailrace-test-") as scratch:
        text = configurations(things)[workload["metadata"]["name"]]
        args = [verb, *init["args"][1:]]
        for mount in init["volumeMounts"]:
            # Here mounts are directories of the scratch one; the configuration says so too.
            place = pathlib.Path(scratch + mount["mountPath"])
            place.mkdir(parents=True, exist_ok=True)
            text = text.replace(mount["mountPath"] + "/", f"{place}/")
            args = [arg.replace(mount["mountPath"] + "/", f"{place}/") for arg in args]
        pathlib.Path(args[1].split("=", 1)[1]).write_text(text, encoding="utf-8")
        return subprocess.run([daemon.BINARY, *args], capture_output=True, text=True, timeout=60, check=False,
                              env={"PATH": os.environ["PATH"], **environment(init)})


def effective(things: list, workload: dict) -> dict:
    """The configuration that the daemon would run with, defaults included."""
    done = check(things, workload, "print-config")
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return yaml.safe_load(done.stdout)
