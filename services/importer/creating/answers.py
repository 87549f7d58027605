"""Accounts as they are answered to who asked for them: as they are listed, or from what the importer knows. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import asyncpg

from schemas.projects import CourseProject
from services.importer.domain.rows import Verdict
from services.importer.showing import person, utc

PATH: Final = "/api/marketplace-course-accounts/"
_MADE: Final = frozenset({Verdict.NEW, Verdict.EXISTING_CLOSED})
"""Verdicts of accounts that are made, or made again, because of the request."""
_QUEUED: Final = {
    "username": None,
    "state": "Pending",
    "phase": "queued",
    "error_message": "",
    "error_traceback": "",
    "error_code": None,
    "error_hint": "",
    "phase_message": "",
    "next_attempt": None,
}
_STATES: Final = {
    Verdict.EXISTING_OK: "OK",
    Verdict.EXISTING_ERRED: "Erred",
}


def account_answers(
    rows: Sequence[asyncpg.Record], listed: Mapping[str, dict[str, Any]], project: CourseProject, origin: str
) -> list[dict[str, Any]]:
    """One account for each row.

    Args:
        rows: of `store.staged`.
        listed: accounts as the read model has them, by their uuid.
        project: of all of them.
        origin: scheme and host as the client sees them.
    """
    known = _project(project)
    answers = []
    for row in rows:
        uuid: str = row["account_id"].hex
        answer = listed.get(uuid) or _composed(row, known)
        if row["verdict"] in _MADE:
            answer = _pending(answer)
        answers.append({**answer, "url": f"{origin}{PATH}{uuid}/"})
    return answers


def _pending(answer: dict[str, Any]) -> dict[str, Any]:
    """What asking makes of an account, even if it is made before the answer is given."""
    return answer if answer["state"] == "Pending" else {**answer, **_QUEUED}


def _composed(row: asyncpg.Record, project: dict[str, Any]) -> dict[str, Any]:
    state = _STATES.get(row["verdict"], "Pending")
    when = utc(row["submitted_at"])
    return {
        "url": "",
        "uuid": row["account_id"].hex,
        "created": when,
        "modified": when,
        **project,
        "user_uuid": person(row["author"]),
        **_QUEUED,
        "state": state,
        "phase": "queued" if state == "Pending" else None,
        "email": row["email"],
        "description": row["description"],
    }


def _project(project: CourseProject) -> dict[str, Any]:
    customer = project.customer
    shown = project.snapshot()
    return {
        "project": project.project_id.hex,
        "project_uuid": project.project_id.hex,
        "project_name": project.name,
        "project_slug": project.slug,
        "project_start_date": None if shown.start_date is None else shown.start_date.isoformat(),
        "project_end_date": None if shown.end_date is None else shown.end_date.isoformat(),
        "customer_uuid": None if customer is None else customer.customer_id.hex,
        "customer_name": None if customer is None else customer.name,
    }
