"""Answers about projects, for the API document: what `api.py` makes."""

from datetime import date, datetime
from typing import Any, Final

from pydantic import Field

from services.common.http.problem_answer import problems
from services.common.http.types import HexText
from services.projector.web.documented import ID, OTHER_ID, Answer, MaybeId, Next, example

TAG: Final = "projects"

EXAMPLE: Final = {
    "uuid": ID,
    "name": "Introduction to Scientific Computing",
    "slug": "intro-scientific-computing",
    "kind": "course",
    "start_date": "2026-09-01",
    "end_date": "2026-12-18",
    "ends_at": None,
    "customer_uuid": OTHER_ID,
    "customer_name": "University of Examples",
    "accounts": {"OK": 287, "Closed": 0, "Erred": 3, "Pending": 10},
}


class AccountCounts(Answer):
    """How many accounts are in each state."""

    OK: int
    Closed: int
    Erred: int
    Pending: int


class ListedProject(Answer):
    """A project as its owner last described it, with the number of its accounts."""

    model_config = example(EXAMPLE)

    uuid: HexText
    name: str
    slug: str
    kind: str = Field(description="course, or another word: only courses have accounts of this kind")
    start_date: date | None
    end_date: date | None = Field(description="the last day of the course")
    ends_at: datetime | None = Field(description="the exact moment it ends at, where one was given")
    customer_uuid: MaybeId
    customer_name: str | None
    accounts: AccountCounts


class ListedProjects(Answer):
    """Projects by name."""

    model_config = example({"results": [EXAMPLE], "next": None})

    results: list[ListedProject]
    next: Next


PROJECTS_PAGE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": ListedProjects, "description": "A page of the projects that you may see."},
    **problems(400),
}
ONE_PROJECT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": ListedProject, "description": "The project."},
    **problems(404),
}
