"""Parked records: which services a question goes to, giving an order, and following its job."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from cyclopts import Parameter

from cli.awaiting import patiently, pause, waiting
from cli.client import parked
from cli.client.api import Api
from cli.client.errors import Refused
from cli.client.parked import SERVICES, Job
from cli.errors import Failure
from cli.exits import Exit
from cli.parameters import OutputOptions, ServerOptions
from cli.showing import shown
from cli.text.numbers import counted
from cli.text.parked import MOST_FAILURES, dry_run, outcome, progress_line
from cli.world import World

ServiceName = Literal["importer", "provisioner", "projector"]
Service = Annotated[ServiceName | None, Parameter(name=["--service", "-s"])]
RecordId = Annotated[str, Parameter(name="RECORD")]

_T = TypeVar("_T")
_ASKS = {"redrive": "Redrive", "drop": "Drop"}


def services(named: ServiceName | None) -> Sequence[str]:
    """Those to ask."""
    return (named,) if named else SERVICES


def everybody(named: ServiceName | None, ask: Callable[[str], _T], *, what: str) -> list[_T]:
    """The answers of all services that know it.

    Raises:
        Failure: none does.
    """
    found: list[_T] = []
    for service in services(named):
        try:
            found.append(ask(service))
        except Refused as error:
            if error.status != 404:
                raise
    if not found:
        raise Failure(
            Exit.NOT_FOUND, "NOT_FOUND", f"No such {what} is there.", "See: course-accounts parked list"
        )
    return found


def follow(
    world: World, api: Api, service: str, uuid: str, output: OutputOptions, deadline: float | None
) -> Job:
    """Watch a job until it is over.

    Raises:
        Expired: the deadline passed.
        ClientError: an error that time does not mend.
    """
    with shown(world, output, line=progress_line, far=lambda job: (job.tried, job.total)) as show:
        while True:
            job, raw = patiently(world, partial(parked.job, api, service, uuid))
            show(job, raw)
            if job.over:
                return job
            pause(world, job.poll_after, deadline)


def tell(world: World, api: Api, job: Job, output: OutputOptions) -> Exit:
    """Show what a job came to, and say so with an exit code."""
    if not output.json:
        raw = parked.failures(api, job.service, job.uuid) if job.failed else iter(())
        failed = [msgspec.json.decode(one, type=parked.Failure) for one in islice(raw, MOST_FAILURES)]
        world.out("\n".join(outcome(job, failed)))
    if job.state == "cancelled":
        return Exit.DECLINED
    return Exit.WITH_FAILURES if job.failed else Exit.ALL_DONE


@dataclass(frozen=True, slots=True)
class Ordering:
    """An order about parked records: counted, agreed to, given, and if wanted followed to its end."""

    world: World
    server: ServerOptions
    output: OutputOptions
    action: str
    service: ServiceName | None
    yes: bool
    wait: bool
    timeout: float | None

    def give(self, wanted: dict[str, Any], *, only_count: bool) -> Exit:
        """Give it."""
        service, world, output = self.service, self.world, self.output
        if service is None:
            raise Failure(
                Exit.USAGE,
                "WHICH_SERVICE",
                "Say of which service: --service importer, provisioner or projector.",
            )
        deadline = self.timeout and world.clock.now() + self.timeout
        silent = output.json or output.quiet
        with self.server.open(world) as api:
            if only_count or not (silent and self.yes):
                found, raw = parked.count(api, service, self.action, wanted)
                lines = "\n".join(dry_run(self.action, found))
                if only_count:
                    world.out(raw.decode() if output.json else lines)
                    return Exit.ALL_DONE
                if not silent:
                    world.say(lines)
                asked = f"{_ASKS[self.action]} {counted(found.records, 'record')}?"
                if not self.yes and not world.agreed(asked):
                    world.say("Nothing was changed.")
                    return Exit.DECLINED
            ordered, raw = parked.order(api, service, self.action, wanted, key=world.new_key())
            look = f"course-accounts parked jobs {ordered.job}"
            if self.wait:
                return waiting(
                    world,
                    f"The job goes on. See it again: {look} --wait",
                    lambda: tell(
                        world, api, follow(world, api, service, ordered.job, output, deadline), output
                    ),
                )
            world.out(raw.decode() if output.json else ordered.job)
            if not silent:
                world.say(f"{counted(ordered.records, 'record')}. See how far it is: {look}")
        return Exit.ALL_DONE
