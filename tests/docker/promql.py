"""What a PromQL expression asks for: metrics, labels, and values of labels. No parser of the language, only as much as the rules and
the dashboard of this repository need."""

import re
from typing import NamedTuple

# Grafana's own variables, as something that stands in their place.
_VARIABLES = re.compile(r"\$__\w+|\$\{?\w+\}?")
_SELECTOR = re.compile(r"([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?(\s*\()?")
_MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"')
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")
_WORDS = {"and", "or", "unless", "offset", "bool", "group_left", "group_right", "inf", "nan"}


class Selector(NamedTuple):
    metric: str
    matchers: tuple  # (label, operator, value)


class Asked(NamedTuple):
    selectors: list
    grouped_by: set  # labels

    def metrics(self) -> set:
        return {selector.metric for selector in self.selectors}


def read(expression: str) -> Asked:
    grouped_by = {label.strip() for found in _GROUPING.finditer(expression) for label in found.group(1).split(",") if label.strip()}
    text = _GROUPING.sub(" ", expression)
    text = re.sub(r"\[[^\]]*\]", " ", text)  # ranges
    selectors = []
    # Outside of selectors only: job=~"$job" is a matcher with a variable, and matches anything.
    for found in _SELECTOR.finditer(text):
        name, braces, call = found.groups()
        before = text[:found.start()]
        inside_braces = before.count("{") > before.count("}")
        if call or inside_braces or name in _WORDS or before.endswith(("$", "${")) or re.search(r"[\d.]$", before):
            continue
        matchers = tuple((label, op, value) for label, op, value in _MATCHER.findall(braces or "") if not _VARIABLES.search(value))
        selectors.append(Selector(name, matchers))
    return Asked(selectors, grouped_by)


def labels_named(expression: str) -> set:
    """Of matchers, those with variables too."""
    return {label for label, _, _ in _MATCHER.findall(expression)}


def placeholders(text: str) -> set:
    """Labels that a legend or an annotation shows: {{label}} or {{ $labels.label }}."""
    return set(re.findall(r"\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}", text)) - {"value"}
