"""`course-accounts projects add`, `set`, `extend`, `end` and `delete`."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from cyclopts import Parameter, Token

from cli.client import project_records as client
from cli.client.project_records import Found
from cli.errors import Failure
from cli.exits import Exit
from cli.finding import find_project
from cli.parameters import USUAL_OUTPUT, USUAL_SERVER, OutputOptions, ServerOptions, Surroundings
from cli.text.projects import project_lines
from cli.world import World


def _day(_: Any, tokens: Sequence[Token]) -> str:
    said = tokens[0].value.strip()
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        raise ValueError(f"{said} is not a day: write it as 2026-12-18.") from None


def _end(_: Any, tokens: Sequence[Token]) -> str:
    said = tokens[0].value.strip()
    try:
        if len(said) == len("2026-12-18"):
            return date.fromisoformat(said).isoformat()
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise ValueError(f"{said} is no end: write a day as 2026-12-18, or a moment.") from None
    if moment.tzinfo is None:
        raise ValueError(f"{said} has no time zone: write it as 2026-12-18T16:00:00Z.")
    return moment.isoformat()


Name = Annotated[str, Parameter(name="PROJECT")]
Day = Annotated[str | None, Parameter(converter=_day, n_tokens=1, metavar="DAY")]
End = Annotated[str | None, Parameter(converter=_end, n_tokens=1, metavar="DAY")]
People = Annotated[list[str] | None, Parameter(negative=(), metavar="USER")]
Kind = Literal["course", "other"]
Yes = Annotated[bool, Parameter(name=["--yes", "-y"], negative=(), show_default=False)]


def add(
    name: Annotated[str, Parameter(name="NAME")],
    /,
    *,
    until: End = None,
    from_: Annotated[Day, Parameter(name="--from")] = None,
    slug: str | None = None,
    kind: Kind = "course",
    manager: People = None,
    owner: People = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Add a project. Only staff may.

    Args:
        name: What people call it.
        until: Its last day, as 2026-12-18, or a moment with a time zone. Accounts need one.
        from_: Its first day.
        slug: A short name for programs; else one is made of the name.
        kind: Only a course has course accounts.
        manager: Who manages it: the id of a user. May be given several times.
        owner: Who owns it, likewise.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    fields = {
        "name": name,
        "slug": slug,
        "kind": kind,
        "start_date": from_,
        **_ends(until),
        "managers": manager or [],
        "owners": owner or [],
    }
    with server.open(world) as api:
        return shown(world, output, client.add(api, fields, world.new_key()))


def set_(
    project: Name,
    /,
    *,
    name: str | None = None,
    slug: str | None = None,
    kind: Kind | None = None,
    from_: Annotated[Day, Parameter(name="--from")] = None,
    until: End = None,
    manager: People = None,
    owner: People = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Change a project. Only staff may; its managers may extend and end it.

    Args:
        project: Its name, slug or uuid.
        name: Another name.
        slug: Another short name.
        kind: Only a course has course accounts.
        from_: Another first day.
        until: Another last day, or moment with a time zone.
        manager: Who manages it, in place of those before. May be given several times.
        owner: Who owns it, likewise.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    given = {
        "name": name,
        "slug": slug,
        "kind": kind,
        "start_date": from_,
        "managers": manager,
        "owners": owner,
    }
    fields = {field: value for field, value in given.items() if value is not None} | _ends(until)
    if not fields:
        raise Failure(Exit.USAGE, "NOTHING_TO_CHANGE", "Say what to change, for example --until 2026-12-18.")
    with server.open(world) as api:
        return shown(world, output, client.change(api, find_project(api, project).uuid, fields))


def extend(
    project: Name,
    /,
    *,
    until: Annotated[str, Parameter(converter=_end, n_tokens=1, metavar="DAY")],
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Let a course end later, or sooner. Its managers may.

    Args:
        project: Its name, slug or uuid.
        until: Its last day, as 2026-12-18, or a moment with a time zone.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        uuid = find_project(api, project).uuid
        return shown(world, output, client.change(api, uuid, _ends(until)))


def end(
    project: Name,
    /,
    *,
    yes: Yes = False,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """End a course now: its accounts are closed. Its managers may.

    For another day see: course-accounts projects extend.

    Args:
        project: Its name, slug or uuid.
        yes: Do not ask.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        found = find_project(api, project)
        if not yes and not world.agreed(f"End {found.name} now, and close its accounts?"):
            world.say("Nothing was changed.")
            return Exit.DECLINED
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return shown(world, output, client.change(api, found.uuid, {"ends_at": now}))


def delete(
    project: Name,
    /,
    *,
    yes: Yes = False,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Delete a project: its accounts are closed, and later what names people is removed. Only staff may.

    Args:
        project: Its name, slug or uuid.
        yes: Do not ask.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        found = find_project(api, project)
        if not yes and not world.agreed(f"Delete {found.name}, and close its accounts?"):
            world.say("Nothing was changed.")
            return Exit.DECLINED
        return shown(world, output, client.delete(api, found.uuid))


def shown(world: World, output: OutputOptions, found: Found) -> Exit:
    """Show a project."""
    project, raw = found
    if output.json:
        world.out(raw.decode())
    elif not output.quiet:
        world.out("\n".join(project_lines(project)))
    return Exit.ALL_DONE


def _ends(until: str | None) -> dict[str, str]:
    """The field that an end belongs to: a day, or a moment."""
    if until is None:
        return {}
    return {"end_date" if len(until) == len("2026-12-18") else "ends_at": until}
