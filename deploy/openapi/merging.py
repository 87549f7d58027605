"""One document of three: every operation from the service that the front asks for it. Pure."""

from collections.abc import Mapping
from typing import Any

from deploy.embedded.front.routes import TABLE, Forward, Owner, decide, row_of
from deploy.openapi.schemas import reachable
from deploy.openapi.tidying import METHODS, Document, operations

PUBLIC = "/api/"


class CannotMerge(Exception):
    """The documents contradict each other or the front; the sentence says what to change."""


def merged(documents: Mapping[Owner, Document]) -> Document:
    """Paths and components of all services, in the order of the front's table.

    Raises:
        CannotMerge: two schemas or operations have one name, or an operation cannot be reached.
    """
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {}
    for owner, document in documents.items():
        for path, method, operation in operations(document):
            if not path.startswith(PUBLIC):
                continue
            if owner_of(method, path) is not owner:
                raise CannotMerge(f"{method.upper()} {path} of the {owner} is not routed to it: see TABLE")
            paths.setdefault(path, {})[method] = operation
        _take(schemas, document["components"]["schemas"], owner)
    in_order = {path: _by_method(paths[path]) for path in sorted(paths, key=_turn)}
    _check_ids(in_order)
    whole: Document = {"paths": in_order, "components": {"schemas": schemas}}
    used = reachable(whole, in_order)
    return {"paths": in_order, "components": {"schemas": {name: schemas[name] for name in sorted(used)}}}


def owner_of(method: str, path: str) -> Owner | None:
    """Who is asked for a path of the document; None if nobody."""
    decision = decide(method.upper(), sample(path))
    return decision.owner if isinstance(decision, Forward) else None


def sample(path: str) -> str:
    """An address at a path of the document."""
    return "/".join("0" if part.startswith("{") else part for part in path.split("/"))


def undocumented(document: Document) -> list[str]:
    """What the front routes and the document does not have, as `METHOD pattern`."""
    known = {(method.upper(), _row(path)) for path, method, _ in operations(document)}
    return [
        f"{method} {pattern}"
        for row, (pattern, owners) in enumerate(TABLE)
        for method in owners
        if (method, row) not in known
    ]


def _take(schemas: dict[str, Any], more: Mapping[str, Any], owner: Owner) -> None:
    for name, schema in more.items():
        if schemas.setdefault(name, schema) != schema:
            raise CannotMerge(
                f"the {owner} has another schema called {name} than a service before: rename a class"
            )


def _check_ids(paths: Mapping[str, Mapping[str, Any]]) -> None:
    seen: dict[str, str] = {}
    for path, item in paths.items():
        for method, operation in item.items():
            name, place = operation["operationId"], f"{method.upper()} {path}"
            if seen.setdefault(name, place) != place:
                raise CannotMerge(f"{place} and {seen[name]} have one operation_id: {name}")


def _turn(path: str) -> tuple[int, str]:
    return _row(path), path


def _row(path: str) -> int:
    """The row of the front's table that a path belongs to."""
    row = row_of(sample(path))
    assert row is not None, path  # noqa: S101 - its owner was found in it
    return row


def _by_method(item: Mapping[str, Any]) -> dict[str, Any]:
    return {method: item[method] for method in METHODS if method in item}
