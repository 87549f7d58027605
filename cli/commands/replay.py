"""`course-accounts replay`."""

from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Annotated, Any
from uuid import UUID

from cyclopts import App, Parameter
from cyclopts.validators import Number

from cli.awaiting import waiting
from cli.client import replays as client
from cli.client.api import Api
from cli.client.replays import Replay
from cli.examples import EXAMPLES
from cli.exits import Exit
from cli.finding import find_project
from cli.listing import write_list
from cli.parameters import (
    USUAL_OUTPUT,
    USUAL_SERVER,
    Course,
    Duration,
    OutputOptions,
    ServerOptions,
    Surroundings,
    Switch,
)
from cli.replaying import follow, tell
from cli.text.replays import progress_line
from cli.text.table import table
from cli.text.times import local_time
from cli.world import World

ReplayId = Annotated[UUID, Parameter(name="REPLAY")]
_BLOCK = 50

replay = App(
    name="replay",
    help="Build the read models again from the log, beside those in use; compare, swap, go back.",
    help_prologue=EXAMPLES["replay"],
)


@replay.command(help_prologue=EXAMPLES["replay build"])
def build(
    *,
    edition: str | None = None,
    reason: str = "",
    wait: Switch = False,
    timeout: Duration = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Build a set that may take the place of the one in use. Nobody notices until it is swapped.

    Args:
        edition: Which logic, if not the one in use.
        reason: Why; kept with the replay.
        wait: Stay until it is compared and warm.
        timeout: Longest time to wait (90, 90s, 5m, 2h); then exit code 8.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    wanted = {"kind": "build", "reason": reason} | ({"edition": edition} if edition else {})
    with server.open(world) as api:
        return asked(world, api, wanted, output, wait=wait, timeout=timeout)


@replay.command(help_prologue=EXAMPLES["replay look-back"])
def look_back(
    *,
    until: datetime | None = None,
    project: Annotated[str | None, Course] = None,
    import_id: Annotated[UUID | None, Parameter(name="--import", metavar="IMPORT")] = None,
    reason: str = "",
    wait: Switch = False,
    timeout: Duration = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Build a set to ask questions of: how everything, one course, or one import's course looked at some time.

    Args:
        until: Only what the log took before then, for example 2026-11-28T14:00 (local time if no zone is given).
        project: Only this course.
        import_id: Only the course of this import.
        reason: Why; kept with the replay.
        wait: Stay until it can be asked.
        timeout: Longest time to wait (90, 90s, 5m, 2h); then exit code 8.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    wanted: dict[str, Any] = {"kind": "scratch", "reason": reason}
    if until is not None:
        wanted["until"] = until.astimezone().isoformat()
    if import_id is not None:
        wanted["import"] = str(import_id)
    with server.open(world) as api:
        if project is not None:
            wanted["project"] = find_project(api, project).uuid
        return asked(world, api, wanted, output, wait=wait, timeout=timeout)


@replay.command(name="list", help_prologue=EXAMPLES["replay list"])
def list_them(
    *,
    limit: Annotated[int | None, Parameter(validator=Number(gte=0))] = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """List replays, newest first.

    Args:
        limit: At most so many.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        found = islice(client.newest(api), limit)
        return write_list(world, output, found, Replay, _lines, noun="replay", block=_BLOCK)


@replay.command(help_prologue=EXAMPLES["replay show"])
def show(
    replay_id: ReplayId,
    /,
    *,
    wait: Switch = False,
    timeout: Duration = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Show how far a replay is, how its set compares with the one in use, and what can be done now.

    Args:
        replay_id: Id of the replay.
        wait: Stay while somebody works on it.
        timeout: Longest time to wait (90, 90s, 5m, 2h); then exit code 8.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        if wait:
            return followed(world, api, replay_id.hex, output, timeout)
        found, raw = client.one(api, replay_id.hex)
        if output.json:
            world.out(raw.decode())
        if found.working:
            if not output.json:
                world.out(progress_line(found))
            return Exit.STILL_RUNNING
        return tell(world, found, output)


@replay.command(help_prologue=EXAMPLES["replay compare"])
def compare(
    replay_id: ReplayId,
    /,
    *,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Compare a warm set with the other one again, as both are now.

    Args:
        replay_id: Id of the replay.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    return _command(world, server, output, lambda api: client.command(api, replay_id.hex, "compare"))


@replay.command(help_prologue=EXAMPLES["replay swap"])
def swap(
    replay_id: ReplayId,
    /,
    *,
    accept_differences: Switch = False,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Let the new set answer. The one before is kept up to date, so that there is a way back.

    Args:
        replay_id: Id of the replay.
        accept_differences: Also where the two sets do not say the same.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    body = {"accept_differences": accept_differences}
    return _command(world, server, output, lambda api: client.command(api, replay_id.hex, "swap", body))


@replay.command(help_prologue=EXAMPLES["replay roll-back"])
def roll_back(
    replay_id: ReplayId,
    /,
    *,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Let the set before the swap answer again.

    Args:
        replay_id: Id of the replay.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    return _command(world, server, output, lambda api: client.command(api, replay_id.hex, "roll-back"))


@replay.command(help_prologue=EXAMPLES["replay clean-up"])
def clean_up(
    replay_id: ReplayId,
    /,
    *,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Drop the tables that are no longer needed: after a swap those of the set before, else those of this replay.

    Nothing of the log is touched.

    Args:
        replay_id: Id of the replay.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    return _command(world, server, output, lambda api: client.command(api, replay_id.hex, "clean-up"))


@replay.command(help_prologue=EXAMPLES["replay cancel"])
def cancel(
    replay_id: ReplayId,
    /,
    *,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Stop a replay that is under way; what it has read is dropped.

    Args:
        replay_id: Id of the replay.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    _command(world, server, output, lambda api: client.command(api, replay_id.hex, "cancel"))
    return Exit.ALL_DONE


def asked(
    world: World,
    api: Api,
    wanted: dict[str, Any],
    output: OutputOptions,
    *,
    wait: bool,
    timeout: float | None,
) -> Exit:
    """Ask for a replay; if wanted, stay until nobody works on it any more."""
    found, raw = client.ask(api, wanted)
    if wait:
        return followed(world, api, found.uuid, output, timeout)
    world.out(raw.decode() if output.json else found.uuid)
    if not (output.json or output.quiet):
        world.say(f"See how far it is: course-accounts replay show {found.uuid}")
    return Exit.ALL_DONE


def followed(world: World, api: Api, uuid: str, output: OutputOptions, timeout: float | None) -> Exit:
    """Stay until nobody works on a replay any more, and say what it came to."""
    deadline = timeout and world.clock.now() + timeout
    return waiting(
        world,
        f"It goes on. See it again: course-accounts replay show {uuid}",
        lambda: tell(world, follow(world, api, uuid, output, deadline), output),
    )


def _command(
    world: World, server: ServerOptions, output: OutputOptions, give: Callable[[Api], tuple[Replay, bytes]]
) -> Exit:
    with server.open(world) as api:
        found, raw = give(api)
        if output.json:
            world.out(raw.decode())
        return tell(world, found, output)


def _lines(found: list[Replay]) -> list[str]:
    cells = [
        (
            one.uuid,
            local_time(one.asked),
            one.kind,
            one.state,
            one.set or "",
            one.author,
            progress_line(one),
            one.reason,
        )
        for one in found
    ]
    return table(("REPLAY", "ASKED FOR", "KIND", "STATE", "SET", "BY", "HOW FAR", "WHY"), cells)
