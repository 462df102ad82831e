"""Writes YAML: maps and lists in block style, every text in double quotes."""

import json


def _scalar(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def dump(value, indent: int = 0) -> str:
    pad = "  " * indent
    if isinstance(value, dict) and value:
        return "".join(_entry(f"{pad}{key}:", child, indent) for key, child in value.items())
    if isinstance(value, list) and value:
        return "".join(_item(child, indent) for child in value)
    return f"{pad}{_scalar(value)}\n"


def _entry(head: str, child, indent: int) -> str:
    if isinstance(child, (dict, list)) and child:
        return f"{head}\n{dump(child, indent + 1)}"
    return f"{head} {_scalar(child)}\n"


def _item(child, indent: int) -> str:
    text = dump(child, indent + 1)
    return "  " * indent + "- " + text[2 * (indent + 1):]
