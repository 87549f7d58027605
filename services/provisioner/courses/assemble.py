"""Courses put together: who reads projects, who keeps what is known of them fresh, who acts on an end."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, tzinfo
from typing import NamedTuple

from services.common.consumer import LogConsumer
from services.common.database import Pool, transaction
from services.common.loops import forever
from services.common.process import BackgroundTasks
from services.common.subscription import Tuning
from services.provisioner.courses import store
from services.provisioner.courses.courses import Courses
from services.provisioner.courses.ending import Ender
from services.provisioner.courses.reading import ProjectsHandler
from services.provisioner.courses.watching import LOOK_EVERY_S, Watch
from services.provisioner.work.desk import Desk


class Source(NamedTuple):
    """Where projects are described, and where the site is."""

    kafka: str
    topic: str
    group: str
    zone: tzinfo
    tuning: Tuning


@asynccontextmanager
async def following_projects(
    source: Source,
    courses: Courses,
    *,
    pool: Pool,
    desk: Desk,
    tasks: BackgroundTasks,
    ended: Callable[[], None],
    ordered: Callable[[], None],
    now: Callable[[], datetime],
) -> AsyncIterator[LogConsumer | None]:
    """Read projects until the context is left; entered once all that are there have been read.

    `ended` is told when a course may be over, `ordered` of new jobs. Without a topic nothing is read: courses then
    end as the requests say, and nothing follows from that but that no more accounts are made.

    Raises:
        KafkaError: no broker answers, or the topic does not exist.
        Stuck: it could not be read to its end within a minute.
    """
    if not source.topic:
        yield None
        return
    async with transaction(pool) as connection:
        await store.settle_zone(connection, source.zone)
    handler = ProjectsHandler(pool, zone=source.zone, now=now)
    consumer = LogConsumer(
        bootstrap=source.kafka,
        topics=[source.topic],
        group=source.group,
        handler=handler,
        on_fatal=tasks.fail,
        sparse_topics=[source.topic],
        tuning=source.tuning,
    )
    watch = Watch(
        pool=pool,
        courses=courses,
        handler=handler,
        consumer=consumer,
        topic=source.topic,
        ended=ended,
        now=now,
        clock=time.monotonic,
    )
    ender = Ender(pool=pool, desk=desk, courses=courses, topic=source.topic, now=now, ordered=ordered)
    await consumer.start()
    try:
        await watch.known()
        tasks.spawn("projects", forever("projects", watch.look, every_s=LOOK_EVERY_S))
        tasks.spawn("ends_of_courses", forever("ends_of_courses", ender.step))
        yield consumer
    finally:
        await consumer.stop()
