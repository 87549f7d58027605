"""The provisioner's composition root: what there is and who knows whom."""

import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import FastAPI

from services.common.access import Authenticator
from services.common.consumer import LogConsumer
from services.common.database import Pool, migrate, open_pool, ping
from services.common.http import create_app
from services.common.loops import forever
from services.common.parked.assemble import parked_records
from services.common.parked.doors import by_topic
from services.common.parked.tables import OwnTables
from services.common.positions import positions_lost
from services.common.process import BackgroundTasks, Stuck
from services.common.producer import LogProducer
from services.common.records import PositionLost
from services.common.subscription import Tuning
from services.provisioner.api.routers import Parts, routers
from services.provisioner.backends.context import BackendContext
from services.provisioner.backends.loading import open_backend
from services.provisioner.courses.assemble import Source, following_projects
from services.provisioner.courses.courses import Courses
from services.provisioner.courses.redriving import projects_door
from services.provisioner.courses.report import COUNT_EVERY_S, Report
from services.provisioner.intake.handler import Intake
from services.provisioner.intake.reading import Reader
from services.provisioner.intake.redriving import log_door
from services.provisioner.jobs.assemble import jobs_of, read_model_at
from services.provisioner.relay import Relay
from services.provisioner.retry import RetryPolicy
from services.provisioner.settings import ProvisionerSettings
from services.provisioner.steps import Reached, unheard
from services.provisioner.target.gate import Gate
from services.provisioner.target.keeper import Keeper
from services.provisioner.work.arrays import Arrays
from services.provisioner.work.calling import Caller
from services.provisioner.work.claiming import Claimer
from services.provisioner.work.deciding import Scribe
from services.provisioner.work.desk import Desk
from services.provisioner.work.recording import Recorder
from services.provisioner.work.releasing import Releaser
from services.provisioner.work.stopping import Stopper
from services.provisioner.work.stops import LOOK_EVERY_S, Stops

SCHEMA = "provisioner"
GROUP = "course-accounts.provisioner"
"""Kafka consumer group. Renaming it replays nothing: positions are in our tables."""

_NO_PROGRESS_S = 60.0
_NO_CONTACT_S = 60.0
_MARGIN_S = 5.0
_STOP_DRAIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Provisioner:
    """A running provisioner."""

    asgi: FastAPI
    gate: Gate
    tasks: BackgroundTasks
    consumer: LogConsumer
    projects: LogConsumer | None
    pool: Pool

    async def check_progress(self) -> None:
        """Raise `Stuck` when nothing moves, and `PositionLost` when the tables went back behind our reading."""
        for consumer in filter(None, (self.consumer, self.projects)):
            verdict = consumer.health().verdict(no_progress_s=_NO_PROGRESS_S, no_contact_s=_NO_CONTACT_S)
            if verdict is not None:
                raise Stuck(verdict)


def utc_now() -> datetime:
    """The one clock of the process."""
    return datetime.now(UTC)


@asynccontextmanager
async def bootstrap(
    settings: ProvisionerSettings,
    *,
    now: Callable[[], datetime] = utc_now,
    policy: RetryPolicy | None = None,
    reached: Reached = unheard,
    tuning: Tuning | None = None,
) -> AsyncIterator[Provisioner]:
    """Start the provisioner; leaving the context stops it in order. `reached` is told of each step of the work."""
    tuning = tuning or Tuning()
    async with AsyncExitStack() as stack:
        pool = await open_pool(
            settings.postgres.get_secret_value(), name="provisioner", size=settings.pool_size, schema=SCHEMA
        )
        stack.push_async_callback(pool.close)
        await migrate(pool, schema=SCHEMA, package="services.provisioner.sql.migrations")
        producer = await stack.enter_async_context(LogProducer(bootstrap=settings.kafka, client_id=GROUP))
        backend = await stack.enter_async_context(
            open_backend(
                settings.backend,
                BackendContext(
                    options=settings.options,
                    concurrency=settings.concurrency,
                    timeout=settings.account_service_timeout,
                    clock=now,
                ),
            )
        )
        tasks = BackgroundTasks()
        stack.push_async_callback(tasks.cancel)

        reader = Reader()
        stops = Stops(pool=pool, clock=time.monotonic)
        courses = Courses(now=now, zone=settings.zone)
        gate = Gate(
            clock=time.monotonic,
            name=settings.target,
            rate=settings.calls_per_second,
            timeout_s=settings.account_service_timeout,
        )
        arrays = Arrays(backend, at_once=settings.arrays_at_once)
        desk = Desk(
            lease_seconds=settings.lease_seconds,
            concurrency=settings.concurrency,
            clock=time.monotonic,
            arrays=arrays,
        )
        relay = Relay(
            pool=pool,
            producer=producer,
            topic=settings.log_topic,
            live=lambda: desk.live,
            reached=reached,
        )
        keeper = Keeper(gate=gate, pool=pool, live=lambda: desk.live, decided=relay.wake)
        intake = Intake(
            pool=pool,
            reader=reader,
            desk=desk,
            stopped=stops,
            now=now,
            chunk_rows=settings.chunk_rows,
            decided=relay.wake,
            let_go=gate.nudge,
            drain_s=min(settings.account_service_timeout, tuning.rebalance_timeout_ms / 2000 - _MARGIN_S),
            reached=reached,
        )
        recorder = Recorder(
            pool=pool,
            desk=desk,
            stops=stops,
            policy=policy or settings.retry,
            recorded=reader.recorded,
            now=now,
            jitter=random.random,
            decided=relay.wake,
            reached=reached,
        )
        claimer = Claimer(
            pool=pool,
            desk=desk,
            stops=stops,
            courses=courses,
            recorded=reader.recorded,
            now=now,
            decided=relay.wake,
        )
        scribe = Scribe(recorded=reader.recorded, decided=relay.wake, look=desk.look)
        stopper = Stopper(
            pool=pool, desk=desk, gate=gate, stops=stops, recorder=recorder, scribe=scribe, now=now
        )
        releaser = Releaser(pool=pool, desk=desk, scribe=scribe, now=now)
        read_model = await stack.enter_async_context(
            read_model_at(settings.projector_url, settings.internal_token.get_secret_value())
        )
        runner, jobs = jobs_of(
            pool, desk=desk, scribe=scribe, stops=stops, courses=courses, read_model=read_model, now=now
        )
        caller = Caller(
            desk=desk,
            gate=gate,
            backend=backend,
            arrays=arrays,
            recorder=recorder,
            stops=stops,
            courses=courses,
            timeout_s=settings.account_service_timeout,
        )
        group = settings.group or GROUP
        consumer = LogConsumer(
            bootstrap=settings.kafka,
            topics=[settings.log_topic],
            group=group,
            handler=intake,
            on_fatal=tasks.fail,
            tuning=tuning,
        )
        desk.follow(ends=lambda: consumer.ends, caught_up=consumer.caught_up)

        await stops.look()
        tasks.spawn("stops", forever("stops", stops.look, every_s=LOOK_EVERY_S))
        tasks.spawn("stop", forever("stop", stopper.step))
        tasks.spawn("release", forever("release", releaser.step))
        tasks.spawn("jobs", forever("jobs", runner.step))
        report = Report(pool, now=now)
        tasks.spawn("count_unclosed", forever("count_unclosed", report.measure, every_s=COUNT_EVERY_S))
        tasks.spawn("old_jobs", forever("old_jobs", runner.forget_old, every_s=3600))
        tasks.spawn("relay", relay.run())
        tasks.spawn("claim", forever("claim", claimer.step))
        tasks.spawn(
            "keep_leases", forever("keep_leases", claimer.keep_leases, every_s=settings.lease_seconds / 4)
        )
        await keeper.start()
        tasks.spawn("target", forever("target", keeper.step))
        tasks.spawn("reserve", forever("reserve", keeper.reserve_step))
        tasks.spawn("pace", gate.pacer.run())
        tasks.spawn("record", recorder.run())
        for number in range(settings.concurrency):
            tasks.spawn(f"caller-{number}", caller.run())
        for number in range(settings.arrays_at_once):
            tasks.spawn(f"array-caller-{number}", caller.run_arrays())
        tasks.spawn(
            "check_tables", forever("check_tables", lambda: check_tables(pool, consumer), every_s=1.0)
        )

        async def positions_known() -> None:
            if not consumer.ready:
                raise Stuck("the positions in the log are not known yet")

        async def postgres() -> None:
            await ping(pool)

        projects = await stack.enter_async_context(
            following_projects(
                Source(settings.kafka, settings.projects_topic, f"{group}.projects", settings.zone, tuning),
                courses,
                pool=pool,
                desk=desk,
                tasks=tasks,
                ended=gate.nudge,
                ordered=runner.wake,
                now=now,
            )
        )
        await consumer.start()
        stack.push_async_callback(consumer.stop)
        stack.callback(intake.hurry, _STOP_DRAIN_S)
        parked = parked_records(
            "provisioner",
            OwnTables(pool),
            by_topic(
                {
                    settings.log_topic: log_door(now=now),
                    settings.projects_topic: projects_door(zone=settings.zone, now=now),
                }
            ),
            now=now,
            redriven=desk.look,
        )
        parked.spawn(tasks)
        app = create_app(
            "Course accounts: provisioner",
            routers=routers(
                Parts(
                    pool=pool,
                    stops=stops,
                    jobs=jobs,
                    report=report,
                    keeper=keeper,
                    backend=backend,
                    slot=gate.slot,
                    now=now,
                    parked=parked.router,
                )
            ),
            authenticator=Authenticator(pool),
            internal_token=settings.internal_token.get_secret_value(),
            alive={"tasks": tasks.check},
            ready={"positions": positions_known, "postgres": postgres},
            protection=settings.protection(),
        )
        yield Provisioner(app, gate, tasks, consumer, projects, pool)


async def check_tables(pool: Pool, consumer: LogConsumer) -> None:
    """Notice tables that were emptied or restored while nothing new is on the log.

    Raises:
        PositionLost: a stored position lies behind what we have read; a new process heals from the log.
    """
    read = dict(consumer.positions) if consumer.ready else {}
    if await positions_lost(pool, read) and consumer.ready:
        raise PositionLost(
            "the tables are older than what was read: reading the log again from where they are"
        )
