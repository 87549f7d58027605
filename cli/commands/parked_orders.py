"""`course-accounts parked redrive`, `drop` and `cancel`."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from cyclopts import Parameter
from cyclopts.validators import Number

from cli.client import parked as client
from cli.errors import Failure
from cli.exits import Exit
from cli.parameters import (
    USUAL_OUTPUT,
    USUAL_SERVER,
    Duration,
    OutputOptions,
    ServerOptions,
    Surroundings,
    Switch,
)
from cli.parking import Ordering, Service, everybody, tell

Records = Annotated[str, Parameter(name="RECORD")]
Code = Annotated[list[str] | None, Parameter(negative=())]
Every = Annotated[bool, Parameter(name="--all", negative=(), show_default=False)]
Limit = Annotated[int, Parameter(validator=Number(gte=1, lte=100_000))]
Yes = Annotated[bool, Parameter(name=["--yes", "-y"], negative=(), show_default=False)]


def redrive(
    *record: Records,
    service: Service = None,
    code: Code = None,
    topic: str | None = None,
    all_: Every = False,
    limit: Limit = 10,
    rate: Annotated[float, Parameter(validator=Number(gte=0.1, lte=1000))] = 50.0,
    dry_run: Switch = False,
    yes: Yes = False,
    reason: str = "",
    wait: Switch = False,
    timeout: Duration = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Send parked records through their service's door again, with the same event ids.

    It is counted first what that comes to; on a terminal you are then asked. What was taken once is not taken twice.
    What still cannot be read stays parked, with the reason it has now. Try ten first: that is the usual limit.

    Args:
        record: Ids of records.
        service: Of which service.
        code: Those parked for this reason; may be repeated.
        topic: Those of this topic.
        all_: All that are parked.
        limit: Of those chosen by reason or topic, or all, at most so many, in the order of the log.
        rate: Records a second.
        dry_run: Only count.
        yes: Do not ask.
        reason: Why; kept with the job.
        wait: Stay until all of them were tried.
        timeout: Longest time to wait (90, 90s, 5m, 2h); then exit code 8.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    ordering = Ordering(world, server, output, "redrive", service, yes, wait, timeout)
    wanted = _wanted(record, code, topic, every=all_)
    return ordering.give({**wanted, "limit": limit, "rate": rate, "reason": reason}, only_count=dry_run)


def drop(
    *record: Records,
    service: Service = None,
    code: Code = None,
    topic: str | None = None,
    all_: Every = False,
    limit: Limit = 10,
    dry_run: Switch = False,
    yes: Yes = False,
    reason: str = "",
    wait: Switch = False,
    timeout: Duration = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Say that nobody needs these records. Their bytes stay, and one that is named can still be redriven.

    It is counted first what that comes to; on a terminal you are then asked. A reason must be given.

    Args:
        record: Ids of records.
        service: Of which service.
        code: Those parked for this reason; may be repeated.
        topic: Those of this topic.
        all_: All that are parked.
        limit: Of those chosen by reason or topic, or all, at most so many, in the order of the log.
        dry_run: Only count.
        yes: Do not ask.
        reason: Why; kept with the job.
        wait: Stay until all of them are dropped.
        timeout: Longest time to wait (90, 90s, 5m, 2h); then exit code 8.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    if not (reason or dry_run):
        raise Failure(Exit.USAGE, "REASON_MISSING", "Say why nobody needs these records: --reason TEXT.")
    ordering = Ordering(world, server, output, "drop", service, yes, wait, timeout)
    wanted = _wanted(record, code, topic, every=all_)
    return ordering.give({**wanted, "limit": limit, "reason": reason}, only_count=dry_run)


def cancel(
    job: Annotated[UUID, Parameter(name="JOB")],
    /,
    *,
    service: Service = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Stop a job: what it has not begun stays parked, what it has done stays done.

    Args:
        job: Id of the job.
        service: Of which service.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        [(found, _)] = everybody(service, lambda one: client.job(api, one, job.hex), what="job")
        stopped, raw = client.cancel(api, found.service, job.hex)
        if output.json:
            world.out(raw.decode())
        else:
            tell(world, api, stopped, output)
    return Exit.ALL_DONE


def _wanted(
    record: Sequence[str], code: list[str] | None, topic: str | None, *, every: bool
) -> dict[str, Any]:
    """Which records, as the API takes it."""
    if sum((bool(record), bool(code or topic), every)) != 1:
        raise Failure(
            Exit.USAGE,
            "WHICH_RECORDS",
            "Say which records: RECORD…, or some with --code and --topic, or --all.",
        )
    if record:
        return {"records": list(record)}
    return {"all": True} if every else {"codes": code or [], **({"topic": topic} if topic else {})}
