"""Courses as their owner publishes them, and what the report says of their accounts."""

from datetime import datetime
from typing import Any
from uuid import UUID

import httpx2

from schemas.codec import encode_project
from schemas.facts import ProjectSnapshot
from schemas.projects import CourseProject
from services.common.producer import LogProducer
from services.common.records import Message


def course(project: ProjectSnapshot, ends_at: datetime, **changes: Any) -> CourseProject:
    """The project a snapshot was taken of, with another end."""
    return CourseProject(
        project_id=project.project_id, name=project.name, slug=project.slug, ends_at=ends_at, **changes
    )


async def publish(bootstrap: str, topic: str, *projects: CourseProject, now: datetime) -> None:
    """Put descriptions on the topic, confirmed."""
    encoded = [encode_project(project, source="course-accounts/tests", time=now) for project in projects]
    async with LogProducer(bootstrap=bootstrap, client_id="tests") as producer:
        await producer.publish(topic, [Message(e.key, e.value, e.headers) for e in encoded])


async def report(client: httpx2.AsyncClient, project: UUID) -> dict[str, Any]:
    """What should be closed of a project but is not."""
    answer = await client.get("/api/unclosed-accounts/", params={"project": project.hex})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
