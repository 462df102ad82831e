"""Reads the Prometheus text format."""

import re

_LINE = re.compile(r'^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)')
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


class Metrics:
    def __init__(self, samples: list, types: dict):
        self.samples = samples  # (name, labels, value)
        self.types = types      # name -> counter, gauge, histogram

    def names(self) -> set:
        return {name for name, _, _ in self.samples}

    def find(self, name: str, **labels) -> list:
        """(labels, value) of every series of this name that has these labels."""
        return [(have, value) for sample, have, value in self.samples
                if sample == name and all(have.get(k) == v for k, v in labels.items())]

    def sum(self, name: str, **labels) -> float:
        """The sum over those series; a metric that is not there fails the test: nothing passes for want of a metric."""
        found = self.find(name)
        if not found:
            raise AssertionError(f"/metrics has no {name}; it has: {', '.join(sorted(self.names()))}")
        return sum(value for _, value in self.find(name, **labels))

    def sum_or_zero(self, name: str, **labels) -> float:
        """For counters that appear with their first event."""
        return sum(value for _, value in self.find(name, **labels))


def parse(text: str) -> Metrics:
    samples, types = [], {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ", 3)
            types[name] = kind
            continue
        match = None if line.startswith("#") else _LINE.match(line)
        if match:
            labels = {k: v.replace(r"\"", '"').replace(r"\\", "\\") for k, v in _LABEL.findall(match.group(2) or "")}
            samples.append((match.group(1), labels, float(match.group(3))))
    return Metrics(samples, types)
