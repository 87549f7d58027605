"""Projects as they are sent, and as they are answered."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType
from pydantic import BaseModel, ConfigDict, Field

from schemas.projects import CourseProject
from services.common.http.types import HexText
from services.importer.domain.projects import ProjectRefused
from services.importer.projects.commands import with_customer
from services.importer.showing import utc

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Slug = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern="^[A-Za-z0-9][A-Za-z0-9._-]*$")]
UserId = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
People = Annotated[list[UserId], msgspec.Meta(max_length=500)]
Kind = Literal["course", "other"]
Ends = Annotated[
    datetime,
    msgspec.Meta(
        tz=True, description="the exact end, where it is not that of a whole day; counts more than end_date"
    ),
]
LastDay = Annotated[date, msgspec.Meta(description="the last day, in the time zone of the site")]

PROJECT_EXAMPLE: Final[dict[str, Any]] = {
    "uuid": "2f1d3a5b7c9e4f60a1b2c3d4e5f60718",
    "revision": 3,
    "status": "active",
    "name": "Introduction to Scientific Computing",
    "slug": "intro-scientific-computing",
    "kind": "course",
    "start_date": "2026-09-01",
    "end_date": "2026-12-18",
    "ends_at": None,
    "customer_uuid": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "customer_name": "University of Examples",
    "managers": ["9b2d8e7f6a5c4b3d8e1f0a9b8c7d6e5f"],
    "owners": [],
}
BODY_EXAMPLE: Final = {
    name: PROJECT_EXAMPLE[name] for name in ("name", "slug", "start_date", "end_date", "managers")
}


class ProjectBody(msgspec.Struct, frozen=True, kw_only=True):
    """A whole project. Without a slug one is made of the name."""

    name: Text
    slug: Slug | None = None
    kind: Kind = "course"
    start_date: date | None = None
    end_date: LastDay | None = None
    ends_at: Ends | None = None
    customer_uuid: UUID | None = None
    customer_name: Text | None = None
    managers: People = []
    owners: People = []


class NewProjectBody(ProjectBody, frozen=True, kw_only=True):
    """A whole project, perhaps with the id that it shall have."""

    uuid: UUID | None = None


class ProjectChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What is changed; what is left out stays."""

    name: Text | UnsetType = UNSET
    slug: Slug | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    start_date: date | UnsetType | None = UNSET
    end_date: LastDay | UnsetType | None = UNSET
    ends_at: Ends | UnsetType | None = UNSET
    customer_uuid: UUID | UnsetType | None = UNSET
    customer_name: Text | UnsetType | None = UNSET
    managers: People | UnsetType = UNSET
    owners: People | UnsetType = UNSET


class ProjectRecord(BaseModel):
    """A project as its record says it, with everybody who has a role in it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [PROJECT_EXAMPLE]})

    uuid: HexText
    revision: int = Field(ge=1, description="rises with each change; the ETag is made of it")
    status: Literal["active", "deleted"]
    name: str
    slug: str
    kind: Kind
    start_date: date | None
    end_date: date | None = Field(description="the last day of the course")
    ends_at: datetime | None = Field(description="the exact moment it ends at, where one was given")
    customer_uuid: HexText | None
    customer_name: str | None
    managers: list[str]
    owners: list[str]


def record_answer(project: CourseProject) -> dict[str, Any]:
    """The project as it is answered."""
    customer = project.customer
    return {
        "uuid": project.project_id.hex,
        "revision": project.revision,
        "status": project.status,
        "name": project.name,
        "slug": project.slug,
        "kind": project.kind,
        "start_date": None if project.start_date is None else project.start_date.isoformat(),
        "end_date": None if project.end_date is None else project.end_date.isoformat(),
        "ends_at": None if project.ends_at is None else utc(project.ends_at),
        "customer_uuid": None if customer is None else customer.customer_id.hex,
        "customer_name": None if customer is None else customer.name,
        "managers": list(project.managers),
        "owners": list(project.owners),
    }


def whole(project_id: UUID, body: ProjectBody) -> CourseProject:
    """The project that a body describes.

    Raises:
        ProjectRefused: a field holds what nobody can read.
    """
    fields = _fields(msgspec.structs.asdict(body))
    fields.pop("uuid", None)
    fields["slug"] = fields["slug"] or _slug(body.name, project_id)
    return CourseProject(project_id=project_id, **with_customer(fields, None))


def changes(body: ProjectChanges) -> dict[str, Any]:
    """The fields that were sent, as they were named.

    Raises:
        ProjectRefused: one holds what nobody can read.
    """
    sent = msgspec.structs.asdict(body)
    return _fields({name: value for name, value in sent.items() if value is not UNSET})


def _fields(sent: dict[str, Any]) -> dict[str, Any]:
    for name, value in sent.items():
        for text in value if isinstance(value, list) else (value,):
            if isinstance(text, str) and (not text.isprintable() or not text.strip()):
                raise ProjectRefused(
                    400, "PROJECT_INVALID", "Write letters that can be seen, without line breaks.", name
                )
    return {
        name: tuple(dict.fromkeys(value)) if isinstance(value, list) else value
        for name, value in sent.items()
    }


def _slug(name: str, project_id: UUID) -> str:
    """A short name: letters and digits of the name, or of the id where there are none."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words: Sequence[str] = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words)[:60].rstrip("-") or f"project-{project_id.hex[:8]}"
