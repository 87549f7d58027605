"""`course-accounts parked`: looking. What changes something is in `parked_orders`."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from cyclopts import App, Parameter
from cyclopts.validators import Number

from cli.awaiting import waiting
from cli.client import parked as client
from cli.client.api import Api
from cli.client.parked import Cause, Job, Parked
from cli.commands.parked_orders import cancel, drop, redrive
from cli.examples import EXAMPLES
from cli.exits import Exit
from cli.jsonlist import write_json_list
from cli.listing import write_list
from cli.parameters import (
    USUAL_OUTPUT,
    USUAL_SERVER,
    Duration,
    OutputOptions,
    ServerOptions,
    Surroundings,
    Switch,
)
from cli.parking import RecordId, Service, ServiceName, everybody, follow, services, tell
from cli.text import parked as text

BLOCK = 100

parked = App(
    name="parked",
    help="See records that a service could not read; send them through its door again, or drop them.",
    help_prologue=EXAMPLES["parked"],
)
parked.command(redrive, name="redrive", help_prologue=EXAMPLES["parked redrive"])
parked.command(drop, name="drop", help_prologue=EXAMPLES["parked drop"])
parked.command(cancel, name="cancel", help_prologue=EXAMPLES["parked cancel"])


@parked.default
@parked.command(name="list", help_prologue=EXAMPLES["parked list"])
def list_them(
    *,
    service: Service = None,
    code: Annotated[list[str] | None, Parameter(negative=())] = None,
    topic: str | None = None,
    state: Annotated[list[Literal["parked", "redriven", "dropped"]] | None, Parameter(negative=())] = None,
    limit: Annotated[int | None, Parameter(validator=Number(gte=0))] = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """List parked records, of each service the newest first.

    Args:
        service: Only of this service.
        code: Only those parked for this reason; may be repeated.
        topic: Only those of this topic.
        state: Those that stand so; may be repeated. Usually those that are still parked.
        limit: At most so many.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        every = (
            client.records(api, one, codes=code or [], topic=topic, states=state or ["parked"])
            for one in services(service)
        )
        found = islice(chain.from_iterable(every), limit)
        return write_list(world, output, found, Parked, text.records, noun="record", block=BLOCK)


@parked.command(help_prologue=EXAMPLES["parked show"])
def show(
    record: RecordId,
    /,
    *,
    service: Service = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Show a record as it came: key, headers, value, and what was tried with it. Changes nothing.

    What it says may name people.

    Args:
        record: Id of the record, TOPIC~PARTITION~OFFSET.
        service: Only of this service; a record may be parked in more than one.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        for found, raw in _found(api, service, record):
            world.out(raw.decode() if output.json else "\n".join(text.opened(found)))
    return Exit.ALL_DONE


@parked.command(help_prologue=EXAMPLES["parked explain"])
def explain(
    record: Annotated[str | None, Parameter(name="RECORD")] = None,
    /,
    *,
    service: Service = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Say why records are parked, and what to do: of all by their causes, or of one.

    Args:
        record: Id of the record, TOPIC~PARTITION~OFFSET.
        service: Only of this service.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        if record is not None:
            for found, raw in _found(api, service, record):
                world.out(raw.decode() if output.json else "\n".join(text.explained(found)))
            return Exit.ALL_DONE
        causes = [raw for one in services(service) for raw in client.causes(api, one)]
        if output.json:
            write_json_list(world, iter(causes))
        else:
            world.out("\n".join(text.causes([msgspec.json.decode(raw, type=Cause) for raw in causes])))
    return Exit.ALL_DONE


@parked.command(help_prologue=EXAMPLES["parked jobs"])
def jobs(
    job: Annotated[UUID | None, Parameter(name="JOB")] = None,
    /,
    *,
    service: Service = None,
    wait: Switch = False,
    timeout: Duration = None,
    limit: Annotated[int | None, Parameter(validator=Number(gte=0))] = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """List who had records redriven or dropped, when and why; or show how far one job is.

    Args:
        job: Id of a job.
        service: Only of this service.
        wait: Stay until the job is over.
        timeout: Longest time to wait (90, 90s, 5m, 2h); then exit code 8.
        limit: At most so many jobs.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    deadline = timeout and world.clock.now() + timeout
    with server.open(world) as api:
        if job is None:
            every: Iterator[bytes] = chain.from_iterable(client.jobs(api, one) for one in services(service))
            return write_list(world, output, islice(every, limit), Job, text.jobs, noun="job", block=BLOCK)
        uuid = job.hex
        [(found, raw)] = everybody(service, lambda one: client.job(api, one, uuid), what="job")
        if wait:
            return waiting(
                world,
                "The job goes on.",
                lambda: tell(world, api, follow(world, api, found.service, uuid, output, deadline), output),
            )
        if output.json:
            world.out(raw.decode())
        elif not found.over:
            world.out(text.progress_line(found))
        return tell(world, api, found, output) if found.over else Exit.STILL_RUNNING


def _found(api: Api, service: ServiceName | None, record: str) -> list[tuple[client.Opened, bytes]]:
    """The record as each service has it."""
    return everybody(service, lambda one: client.record(api, one, record), what="parked record")
