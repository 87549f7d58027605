"""The demo's projects: published where they are missing, the running course kept running."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas.codec import Unreadable, decode_project, encode_project
from schemas.projects import CourseProject, Customer
from services.common.producer import LogProducer
from services.common.records import Message

SOURCE = "course-accounts/provisioning"
DEMO: Final = UUID("6d0c6f9e-0f6a-5c1e-9a53-6f1b7a1d2c01")
"""Namespace of the demo's ids: the same projects on every machine."""

_LASTS = timedelta(days=90)
_SOON = timedelta(days=7)
_READ_SECONDS = 15.0


def demo_projects(today: date) -> tuple[CourseProject, ...]:
    """A running course, a course without an end, and a project that is not a course; in that order."""
    customer = Customer(customer_id=uuid5(DEMO, "customer"), name="Example University")
    return (
        CourseProject(
            project_id=uuid5(DEMO, "running"),
            name="Introduction to Scientific Computing",
            slug="intro-scientific-computing",
            start_date=today,
            end_date=today + _LASTS,
            customer=customer,
        ),
        CourseProject(
            project_id=uuid5(DEMO, "endless"),
            name="Open Reading Group",
            slug="open-reading-group",
            start_date=today,
            customer=customer,
        ),
        CourseProject(
            project_id=uuid5(DEMO, "no-course"),
            name="Climate Model Archive",
            slug="climate-model-archive",
            kind="other",
            start_date=today,
            end_date=today + _LASTS,
            customer=customer,
        ),
    )


def to_publish(there: Mapping[UUID, CourseProject], today: date) -> list[CourseProject]:
    """The demo projects that are missing, and the running course again if it ends soon.

    Whatever else an operator has changed stays as it is.
    """
    wanted = demo_projects(today)
    missing = [project for project in wanted if project.project_id not in there]
    running = there.get(wanted[0].project_id)
    if running is not None and running.end_date is not None and running.end_date < today + _SOON:
        missing.append(replace(running, end_date=today + _LASTS, revision=running.revision + 1))
    return missing


async def provision_projects(
    bootstrap: str, topic: str, *, now: datetime | None = None, empty: bool = False
) -> list[CourseProject]:
    """Publish what `to_publish` says; return the demo's projects as they are now, in their order.

    Args:
        bootstrap: the cluster.
        topic: the compacted topic of projects.
        now: an aware moment; its day decides which course runs.
        empty: the topic was created just now, so there is nothing to read first.

    Raises:
        KafkaError: the cluster does not answer.
    """
    moment = now or datetime.now(UTC)
    there = {} if empty else await read_projects(bootstrap, topic)
    fresh = to_publish(there, moment.date())
    if fresh:
        await _publish(bootstrap, topic, fresh, moment)
    current = {**there, **{project.project_id: project for project in fresh}}
    return [current[project.project_id] for project in demo_projects(moment.date())]


async def read_projects(bootstrap: str, topic: str) -> dict[UUID, CourseProject]:
    """The newest record of each project on the topic; records nobody can read are passed over."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        client_id="course-accounts.provisioning",
        group_id=None,
        enable_auto_commit=False,
        request_timeout_ms=int(_READ_SECONDS * 1000),
    )
    await consumer.start()
    try:
        partitions = [TopicPartition(topic, p) for p in sorted(consumer.partitions_for_topic(topic) or {0})]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        found: dict[UUID, CourseProject] = {}
        while [tp for tp in partitions if await consumer.position(tp) < ends[tp]]:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found.update(_decoded(records))
        return found
    finally:
        await consumer.stop()


def _decoded(records: Iterable[object]) -> dict[UUID, CourseProject]:
    found = {}
    for record in records:
        try:
            project = decode_project(record.headers, record.value)  # type: ignore[attr-defined]
        except Unreadable:
            continue
        found[project.project_id] = project
    return found


async def _publish(bootstrap: str, topic: str, projects: Iterable[CourseProject], now: datetime) -> None:
    encoded = [encode_project(project, source=SOURCE, time=now) for project in projects]
    producer = LogProducer(bootstrap=bootstrap, client_id="course-accounts.provisioning")
    await producer.start()
    try:
        await producer.publish(topic, [Message(e.key, e.value, e.headers, None) for e in encoded])
    finally:
        await producer.stop()
