"""Reads a profile as pprof has it: gzipped profile.proto (https://github.com/google/pprof/blob/main/proto/profile.proto)."""

import gzip
from typing import NamedTuple


class Sample(NamedTuple):
    stack: tuple   # names of functions, innermost first; "" where there is none
    values: tuple
    labels: dict


class Profile(NamedTuple):
    types: list     # (type, unit) of each value of a sample
    samples: list
    mappings: list  # (file, build id, whether every function in it has its name)
    duration_ns: int
    period: int
    default_type: str

    def total(self, type_name: str, function: str = "", **labels) -> int:
        """The sum over samples with that function somewhere on their stack, and these labels."""
        at = [name for name, _ in self.types].index(type_name)
        return sum(s.values[at] for s in self.samples
                   if (not function or any(function in name for name in s.stack)) and all(s.labels.get(k) == v for k, v in labels.items()))


def _varint(data: bytes, at: int) -> tuple:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _fields(data: bytes):
    """(field, value) of each field; a number, or bytes."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        if tag & 7 == 0:
            value, at = _varint(data, at)
        elif tag & 7 == 2:
            size, at = _varint(data, at)
            value, at = data[at:at + size], at + size
            if len(value) != size:
                raise ValueError("a field is cut short")
        else:
            raise ValueError(f"profile.proto has no field of wire type {tag & 7}")
        yield tag >> 3, value


def _message(data: bytes) -> dict:
    made = {}
    for field, value in _fields(data):
        made.setdefault(field, []).append(value)
    return made


def _packed(values: list) -> list:
    numbers = []
    for data in values:
        at = 0
        while at < len(data):
            number, at = _varint(data, at)
            numbers.append(number - (1 << 64) if number >= 1 << 63 else number)
    return numbers


def read(body: bytes) -> Profile:
    profile = _message(gzip.decompress(body))
    texts = [text.decode() for text in profile[6]]
    if texts[0] != "":
        raise ValueError("the string table must begin with the empty string")

    def one(message: dict, field: int) -> int:
        return message.get(field, [0])[0]

    def text(message: dict, field: int) -> str:
        return texts[one(message, field)]

    functions = {one(f, 1): text(f, 2) for f in map(_message, profile.get(5, []))}
    mappings = {one(m, 1): m for m in map(_message, profile.get(3, []))}
    locations = {}
    for location in map(_message, profile.get(4, [])):
        names = [functions[one(_message(line), 1)] for line in location.get(4, [])]
        locations[one(location, 1)] = names[0] if names else ""
        mapping = mappings.get(one(location, 2))
        if mapping is not None and not one(mapping, 2) <= one(location, 3) < one(mapping, 3):
            raise ValueError("a location lies outside its mapping")
    samples = []
    for sample in map(_message, profile.get(2, [])):
        labels = {text(label, 1): text(label, 2) for label in map(_message, sample.get(3, []))}
        samples.append(Sample(tuple(locations[i] for i in _packed(sample.get(1, []))), tuple(_packed(sample.get(2, []))), labels))
    return Profile([(text(t, 1), text(t, 2)) for t in map(_message, profile.get(1, []))], samples,
                   [(text(m, 5), text(m, 6), one(m, 7) == 1) for m in mappings.values()], one(profile, 10), one(profile, 12), text(profile, 14))
