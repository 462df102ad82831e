"""Holds an answer against an OpenAPI description: the part of JSON Schema that collector/admin/openapi.json uses. A keyword
that is not known here is a problem, too: nothing passes for want of a check."""

_TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "integer": int, "number": (int, float)}
_KNOWN = {"$ref", "type", "description", "properties", "required", "additionalProperties", "items", "enum"}


def problems(description: dict, path: str, status: int, answer) -> list:
    """What is wrong with this answer to GET `path`, in words."""
    responses = description["paths"][path]["get"]["responses"]
    response = _resolve(description, responses.get(str(status), responses["default"]))
    found = []
    _check(description, response["content"]["application/json"]["schema"], answer, "$", found)
    return found


def _resolve(description: dict, node: dict) -> dict:
    while "$ref" in node:
        target = description
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def _is(value, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


def _check(description: dict, schema: dict, value, where: str, found: list) -> None:
    schema = _resolve(description, schema)
    found += [f"{where}: the description has {word}, which is not checked" for word in schema.keys() - _KNOWN]
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(value, kind) for kind in kinds):
        found.append(f"{where}: {value!r:.60} is no {' or '.join(kinds)}")
        return
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {value!r:.60} is none of {schema['enum']}")
    if isinstance(value, dict):
        declared = schema.get("properties", {})
        found += [f"{where}: {name} is missing" for name in schema.get("required", []) if name not in value]
        others = schema.get("additionalProperties", True)
        for name, member in value.items():
            if name in declared:
                _check(description, declared[name], member, f"{where}.{name}", found)
            elif others is False:
                found.append(f"{where}: {name} is not declared")
            elif isinstance(others, dict):
                _check(description, others, member, f"{where}.{name}", found)
    if isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            _check(description, schema["items"], item, f"{where}[{i}]", found)
