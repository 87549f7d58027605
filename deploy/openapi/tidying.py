"""Makes of one service's document what the public shall read of it. Pure."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from services.common.http.problem_answer import problems, usual_problems

Document = dict[str, Any]
METHODS = ("get", "head", "post", "put", "patch", "delete")
SCHEMAS = "#/components/schemas/"
_LOCAL = "#/$defs/"
_OF_THE_FRAMEWORK = ("HTTPValidationError", "ValidationError")
_SAFE = ("get", "head")
KEY = "IdempotencyKey"
"""The name of the shared parameter; `frame` puts it there."""
_SAYS_NOTHING = (None, "", "Successful Response")


def operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation, in order."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def tidied(document: Document) -> Document:
    """A copy: with our answers to invalid requests, summaries from docstrings, and no local definitions."""
    tidy = deepcopy(document)
    schemas = tidy.setdefault("components", {}).setdefault("schemas", {})
    for path, method, operation in operations(tidy):
        _answers(path, method, operation, schemas)
        _summary(operation)
        for parameter in operation.get("parameters", ()):
            if "schema" in parameter:
                parameter["schema"] = _not_null(parameter["schema"])
    tidy["paths"] = _hoisted(tidy["paths"], schemas)
    for name in list(schemas):
        schemas[name] = _hoisted(schemas[name], schemas)
    for name in _OF_THE_FRAMEWORK:
        schemas.pop(name, None)
    return tidy


def _answers(path: str, method: str, operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Add what every operation of its kind may answer; our 400 takes the place of the framework's 422."""
    said = operation["responses"]
    if _is_of_the_framework(said.get("422")):
        del said["422"]
    for answer in said.values():
        if answer.get("description") in _SAYS_NOTHING:
            answer["description"] = _what(answer, schemas)
    added = {**usual_problems(), **problems(502, 504)}  # the last two are the front's
    if operation.get("parameters") or "requestBody" in operation:
        added.update(problems(400))
    if method not in _SAFE:
        added.update(problems(400, 408, 409, 413, 422))  # of bodies, and of keys
        _take_key(operation)
    if "{" in path:
        added.update(problems(404))
    for status, answer in added.items():
        said.setdefault(str(status), answer)
    if method == "head":
        for answer in said.values():
            answer.pop("content", None)
    operation["responses"] = {status: said[status] for status in sorted(said)}


def _what(answer: dict[str, Any], schemas: dict[str, Any]) -> str:
    """What an answer is: the first sentence about its model."""
    for media in answer.get("content", {}).values():
        name = media.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
        if text := schemas.get(name, {}).get("description"):
            return " ".join(text.split("\n\n")[0].split())
    return "As asked for."


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that may be left out: no address can hold a null."""
    kinds = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    return {**kinds[0], **{key: value for key, value in schema.items() if key != "anyOf"}}


def _take_key(operation: dict[str, Any]) -> None:
    """Every request that changes something may have an idempotency key, whether its service looks at it or not."""
    others = [one for one in operation.get("parameters", ()) if one.get("name") != "Idempotency-Key"]
    operation["parameters"] = [*others, {"$ref": f"#/components/parameters/{KEY}"}]


def _is_of_the_framework(answer: dict[str, Any] | None) -> bool:
    content = (answer or {}).get("content", {}).get("application/json", {})
    return bool(content.get("schema", {}).get("$ref") == f"{SCHEMAS}HTTPValidationError")


def _summary(operation: dict[str, Any]) -> None:
    """The first sentence of the docstring; the framework would take the function's name."""
    text = " ".join(operation.get("description", "").split("\n\n")[0].split())
    summary = operation.get("summary", "")
    if text and summary == summary.title():
        operation["summary"] = text.removesuffix(".")
        rest = operation["description"].split("\n\n", 1)[1:]
        operation.pop("description")
        if rest:
            operation["description"] = rest[0].strip()


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two descriptions are of one thing; of choices one library says the type, and each its own order."""
    if "enum" in one and "enum" in other:
        return sorted(one["enum"]) == sorted(other["enum"])
    return one == other


def _hoisted(part: Any, schemas: dict[str, Any]) -> Any:
    """`part` with every `$defs` moved to the components.

    Raises:
        ValueError: two definitions of one name differ.
    """
    if isinstance(part, list):
        return [_hoisted(one, schemas) for one in part]
    if not isinstance(part, dict):
        return part
    for name, schema in part.get("$defs", {}).items():
        known = schemas.setdefault(name, {})
        moved = _hoisted(schema, schemas)
        if known and not _alike(known, moved):
            raise ValueError(f"two schemas are called {name}: rename one of the classes")
        known.update(moved)
    return {
        key: value.replace(_LOCAL, SCHEMAS)
        if key == "$ref" and isinstance(value, str)
        else _hoisted(value, schemas)
        for key, value in part.items()
        if key != "$defs"
    }
