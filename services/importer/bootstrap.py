"""Put the importer together from its settings; everything is closed in the opposite order."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
import structlog
from starlette.types import ASGIApp

from services.common.access import Authenticator
from services.common.consumer import LogConsumer
from services.common.database import migrate, open_pool, ping
from services.common.http import create_app
from services.common.parked.assemble import parked_records
from services.common.parked.doors import by_topic
from services.common.parked.tables import OwnTables
from services.common.process import BackgroundTasks, Stuck
from services.common.producer import LogProducer
from services.common.read_model import Projector
from services.importer.access.assemble import access_of
from services.importer.access.roles import roles_from_projects
from services.importer.api.deps import Parts
from services.importer.api.routers import Served, routers
from services.importer.commands.assemble import commands_of
from services.importer.commands.provisioner import Provisioner, ProvisionerCommands
from services.importer.creating.creating import Creating
from services.importer.drafts.editing import Editing
from services.importer.drafts.existing import ExistingAccounts, ProvisionerAccounts
from services.importer.drafts.housekeeping import keep_tidy
from services.importer.drafts.readings import Readings
from services.importer.drafts.repository import Drafts
from services.importer.drafts.staging import Staging
from services.importer.drafts.workers import Workers
from services.importer.limits import large_bodies
from services.importer.projects.commands import ProjectCommands
from services.importer.projects.redriving import projects_door
from services.importer.projects.store import Projects, ProjectsHandler
from services.importer.projects.writing import ProjectsWriting
from services.importer.publishing.assemble import publisher_of
from services.importer.publishing.publisher import Publisher
from services.importer.requests.intake import Intake, intake_of
from services.importer.settings import SERVICE, ImporterSettings
from services.importer.submission.answer import Answers
from services.importer.submission.imports import Imports
from services.importer.submission.read_model import ReadModel
from services.importer.submission.retention import Retention
from services.importer.submission.waiting import Waiting

logger = structlog.get_logger(__name__)

_SCHEMA = "importer"
_WARM_AFTER_S = 5.0
"""The first upload shall not wait for a reader's start, nor our own start for it."""
_NO_PROGRESS_S = 60.0
_NO_CONTACT_S = 120.0


@dataclass(frozen=True, slots=True)
class Importer:
    """The running service (`services.common.process.Service`)."""

    asgi: ASGIApp
    tasks: BackgroundTasks
    publisher: Publisher
    consumer: LogConsumer
    drafts: Drafts
    readings: Readings
    workers: Workers
    requests: LogConsumer | None

    async def check_progress(self) -> None:
        """Raise `Stuck` if the publisher or a reader of topics no longer moves."""
        self.publisher.check()
        for what, consumer in (("projects", self.consumer), ("requests", self.requests)):
            if consumer is None:
                continue
            verdict = consumer.health().verdict(no_progress_s=_NO_PROGRESS_S, no_contact_s=_NO_CONTACT_S)
            if verdict is not None:
                raise Stuck(f"{what}: {verdict}")


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


@asynccontextmanager
async def bootstrap(
    settings: ImporterSettings,
    *,
    clock: Callable[[], datetime] = utc_now,
    existing: ExistingAccounts | None = None,
    read_model: ReadModel | None = None,
    provisioner: Provisioner | None = None,
) -> AsyncIterator[Importer]:
    """The importer, started. The overrides replace what reaches other services.

    Raises:
        KafkaError, OSError: Kafka or Postgres cannot be reached.
        MigrationChanged: the database is of another history.
    """
    internal_token = settings.internal_token.get_secret_value()
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(
            await open_pool(
                settings.postgres.get_secret_value(), name=SERVICE, size=settings.pool_size, schema=_SCHEMA
            )
        )
        await migrate(pool, schema=_SCHEMA, package="services.importer.sql.migrations")
        await roles_from_projects(pool)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(headers={"Authorization": f"Bearer {internal_token}"})
        )
        producer = await stack.enter_async_context(LogProducer(bootstrap=settings.kafka, client_id=SERVICE))
        tasks = BackgroundTasks()
        stack.push_async_callback(tasks.cancel)
        consumer = LogConsumer(
            bootstrap=settings.kafka,
            topics=[settings.projects_topic],
            group=settings.group or SERVICE,
            handler=ProjectsHandler(pool, clock),
            on_fatal=tasks.fail,
            sparse_topics=[settings.projects_topic],
        )
        await consumer.start()
        stack.push_async_callback(consumer.stop)

        view = read_model or Projector(session, settings.projector_url)
        publisher = publisher_of(pool, producer, settings, clock=clock, read_model=view)
        drafts = Drafts(pool)
        projects = Projects(pool)
        accounts = existing or ProvisionerAccounts(session, settings.provisioner_url)
        limits, policy = settings.limits, settings.policy
        workers = Workers(settings.readers)
        stack.push_async_callback(workers.stop)
        stack.callback(asyncio.get_running_loop().call_later(_WARM_AFTER_S, workers.warm).cancel)
        staging = Staging(workers, drafts, accounts, limits=limits, policy=policy, clock=clock)
        editing = Editing(pool, accounts, limits=limits, policy=policy, clock=clock)
        readings = Readings(drafts, staging, clock=clock, directory=settings.spool_dir)
        stack.push_async_callback(readings.stop)

        def local_now() -> datetime:
            return clock().astimezone(settings.zone)

        imports = Imports(pool, drafts, projects, clock=clock, local_now=local_now)
        waiting = Waiting(publisher, view, topic=settings.log_topic)
        answers = Answers(imports, waiting, view)
        commands = commands_of(
            pool,
            provisioner=provisioner or ProvisionerCommands(session, settings.provisioner_url),
            existing=accounts,
            read_model=view,
            imports=imports,
            waiting=waiting,
            policy=policy,
            clock=clock,
        )
        creating = Creating(
            pool, projects, accounts, waiting, view, policy=policy, clock=clock, local_now=local_now
        )
        writing = ProjectsWriting(pool, projects, producer, view, topic=settings.projects_topic, clock=clock)
        parts = Parts(
            settings, pool, drafts, workers, readings, editing, projects, imports, answers, clock, local_now
        )

        async def projects_known() -> None:
            if not consumer.ready:
                raise Stuck("the positions of the projects are not known yet")
            if behind := [p for p in consumer.partitions if not consumer.caught_up(p)]:
                raise Stuck(f"{len(behind)} partitions of projects are still being read")

        intake: Intake | None = None
        if settings.requests_topic:
            intake = intake_of(
                settings,
                pool,
                producer,
                projects,
                publisher,
                clock=clock,
                local_now=local_now,
                projects_known=projects_known,
                on_fatal=tasks.fail,
            )
            await intake.consumer.start()
            stack.push_async_callback(intake.consumer.stop)

        doors = {settings.projects_topic: projects_door()}
        if intake is not None:
            doors[settings.requests_topic] = intake.door
        parked = parked_records(
            "importer", OwnTables(pool), by_topic(doors), now=clock, redriven=publisher.wake
        )
        access = access_of(pool, settings, clock)
        app = create_app(
            "Course accounts: importer",
            routers=routers(
                Served(
                    parts,
                    creating,
                    commands,
                    ProjectCommands(projects, writing, local_now),
                    parked.router,
                    access.routers,
                )
            ),
            authenticator=Authenticator(pool),
            internal_token=internal_token,
            alive={"tasks": tasks.check},
            ready={"postgres": lambda: ping(pool), "projects": projects_known},
            protection=settings.protection(large_bodies(settings.max_bytes)),
        )
        for lane, run in enumerate(publisher.runs()):
            tasks.spawn(f"publisher-{lane}", run)
        if intake is not None:
            tasks.spawn("letters", intake.letters.run())
        parked.spawn(tasks)
        access.spawn(tasks)
        tasks.spawn("retention", Retention(pool, days=settings.rows_kept_days, clock=clock).run())
        tasks.spawn("errands", commands.errands.run())
        tasks.spawn("housekeeping", keep_tidy(drafts, readings, clock))
        logger.info("started", topic=settings.log_topic)
        yield Importer(
            app,
            tasks,
            publisher,
            consumer,
            drafts,
            readings,
            workers,
            None if intake is None else intake.consumer,
        )
