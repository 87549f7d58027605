"""What the API document says of the importer: complete, with examples that are as documented."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from schemas.facts import IfExists
from services.importer.api.commands import first_row
from services.importer.api.routers import documented
from services.importer.commands.correcting import Corrected
from services.importer.domain.direct import Wanted, judged
from services.importer.domain.policy import AddressPolicy
from services.importer.domain.submission import Submitted
from services.importer.submission.answer import initial_status
from services.importer.submission.imports import Import
from services.projector.import_progress.documented import ImportStatus
from services.projector.import_rows.documented import ImportRow

TAGS = {"course accounts", "imports", "import drafts", "projects", "parked records", "access"}


_ELSEWHERE = ("services.importer.access", "services.common.parked")
"""Models that have tests beside them."""
ROUTES = [
    route
    for router in documented()
    for route in router.routes
    if isinstance(route, APIRoute) and route.include_in_schema
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{min(route.methods)} {route.path}")
def test_every_operation_is_described(route: APIRoute) -> None:
    """A name for generated clients, one tag, a sentence, and the answers that are not usual."""
    assert route.operation_id
    assert route.operation_id == route.operation_id.lower()
    assert len(route.tags) == 1
    assert route.tags[0] in TAGS
    first = (route.endpoint.__doc__ or "").strip().split("\n\n")[0]
    assert first.endswith(".")
    if "{" in route.path:
        assert 404 in route.responses


def test_names_are_given_once() -> None:
    """Two operations of one name would be one function in a generated client."""
    assert len(ROUTES) > 30
    names = [route.operation_id for route in ROUTES]
    assert len(set(names)) == len(names)


def _models() -> list[Any]:
    found: dict[str, Any] = {}
    for route in ROUTES:
        for answer in ({"model": route.response_model}, *route.responses.values()):
            model = answer.get("model")
            if model is not None and not model.__module__.startswith(_ELSEWHERE):
                found[str(model)] = model
    return list(found.values())


@pytest.mark.parametrize("model", _models(), ids=str)
def test_examples_are_as_documented(model: Any) -> None:
    """What people copy works: the example of each answer fits its own schema, and has no field more."""
    adapter = TypeAdapter(model)
    schema = adapter.json_schema()
    if schema.get("type") == "array":
        schema = next(iter(schema["$defs"].values()))
        adapter = TypeAdapter(model.__args__[0])
    for example in schema.get("examples", []):
        adapter.validate_python(example)
        assert schema.get("additionalProperties") is False, schema["title"]
    assert schema.get("examples"), f"{schema['title']} has no example"


def test_what_is_answered_before_the_projector_can_is_as_the_projector_says_it() -> None:
    """One schema for an import's status and for its rows, whoever answers."""
    when = datetime(2026, 11, 23, 12, tzinfo=UTC)
    submitted = Import(
        import_id=UUID(int=7),
        project_id=UUID(int=1),
        author="mari",
        source="file",
        submitted_at=when,
        rows=3,
        requested=1,
        verdicts={"duplicate": 1, "invalid": 1},
        submitted=Submitted(None, IfExists()),
        answer=None,
    )
    ImportStatus.model_validate(initial_status(submitted))
    ImportStatus.model_validate(initial_status(replace(submitted, requested=0)))
    [row] = judged([Wanted("ada@example.org", "Group 1")], UUID(int=1), AddressPolicy.of())
    ImportRow.model_validate(first_row(Corrected(row=row, revision=1, seen=False)))
