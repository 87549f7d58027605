"""Ids that were given out never change: every derivation still gives the frozen value."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import ids
from schemas.canonical import canonical_email
from schemas.facts import TargetResumed
from schemas.projects import CourseProject

FROZEN: dict[str, Any] = json.loads((Path(ids.__file__).parent / "examples/ids.json").read_text("utf-8"))
DERIVATIONS = [
    "account_id",
    "request_id",
    "requested_import_id",
    "import_event_id",
    "account_event_id",
    "target_id",
    "target_event_id",
    "idempotency_key",
]
_UUIDS = {"project_id", "import_id", "account"}


def _cases() -> list[Any]:
    return [
        pytest.param(name, case, id=f"{name}-{n}")
        for name in DERIVATIONS
        for n, case in enumerate(FROZEN[name])
    ]


@pytest.mark.parametrize(("name", "case"), _cases())
def test_derivation_is_frozen(name: str, case: dict[str, Any]) -> None:
    """Each derivation gives the id that installations already hold."""
    arguments = {key: UUID(part) if key in _UUIDS else part for key, part in case.items() if key != "id"}
    assert str(getattr(ids, name)(**arguments)) == case["id"]


@pytest.mark.parametrize("case", FROZEN["canonical_email"], ids=lambda case: case["canonical"])
def test_canonical_form_is_frozen(case: dict[str, str]) -> None:
    """The canonical form decides the account id, so it is frozen with it."""
    assert canonical_email(case["address"]) == case["canonical"]


def test_the_rest_is_frozen() -> None:
    """Our namespace, the ids of project records and the keys of targets."""
    assert str(ids.NAMESPACE) == FROZEN["namespace"]
    for case in FROZEN["project_record_id"]:
        project = CourseProject(
            project_id=UUID(case["project_id"]), revision=case["revision"], name="n", slug="s"
        )
        assert str(project.record_id) == case["id"]
    for case in FROZEN["target_id"]:
        fact = TargetResumed(target=case["target"], change=1, since=datetime(2026, 9, 1, tzinfo=UTC))
        assert str(fact.subject) == case["id"]


def test_every_derivation_has_examples() -> None:
    """Whoever adds a derivation freezes it."""
    ours = {name for name, part in vars(ids).items() if callable(part) and part.__module__ == ids.__name__}
    public = {name for name in ours if not name.startswith("_")}
    assert public == set(DERIVATIONS)


@given(
    st.uuids(), st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**3)), unique=True, max_size=30)
)
def test_no_two_claims_share_an_id(import_id: UUID, claims: list[tuple[int, int]]) -> None:
    """Row 1 revision 11 is not row 11 revision 1, nor any other claim of the import, nor a fact of the import."""
    claims_ids = {ids.request_id(import_id, row, revision) for row, revision in claims}
    import_ids = {ids.import_event_id(import_id, what) for what in ("accepted", "cancelled", "undo-started")}
    import_ids |= {ids.import_event_id(import_id, f"skipped/{row}") for row, _ in claims}
    assert len(claims_ids) == len(claims)
    assert not claims_ids & import_ids


@given(st.uuids(), st.integers(1, 10**6), st.integers(1, 9), st.integers(1, 9))
def test_keys_are_no_event_ids(account: UUID, version: int, life: int, series: int) -> None:
    """The key shown to the account service is never an id on the log, although both follow from the account."""
    assert ids.idempotency_key(account, life, series) != ids.account_event_id(account, version)
