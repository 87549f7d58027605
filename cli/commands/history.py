"""`course-accounts history`."""

from itertools import islice
from typing import Annotated
from uuid import UUID

import msgspec
from cyclopts import Parameter

from cli.client.accounts import list_accounts
from cli.client.api import Api
from cli.client.models import Account
from cli.client.standing import Event
from cli.client.standing import history as events_of
from cli.errors import Failure
from cli.exits import Exit
from cli.finding import find_project
from cli.listing import write_list
from cli.parameters import USUAL_OUTPUT, USUAL_SERVER, Course, OutputOptions, ServerOptions, Surroundings
from cli.text.table import table
from cli.text.times import local_time

BLOCK = 1000
_LOOKED_AT = 1000


def history(
    account: Annotated[str, Parameter(name="ACCOUNT")],
    /,
    *,
    project: Annotated[str | None, Course] = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Tell what happened to one account, and who did it.

    Args:
        account: Its id, or the address of the person.
        project: Of this course, where a person has accounts in several: its name, slug or uuid.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        found = events_of(api, _account(api, account, project))
        return write_list(world, output, found, Event, _lines, noun="event", block=BLOCK)


def _account(api: Api, said: str, project: str | None) -> str:
    """The id of the account somebody means.

    Raises:
        Failure: 6 when there is none, 2 when there are several.
    """
    try:
        return UUID(said).hex
    except ValueError:
        pass
    only = find_project(api, project).uuid if project else None
    containing = islice(list_accounts(api, email=said, project=only, order="email"), _LOOKED_AT)
    accounts = [msgspec.json.decode(one, type=Account) for one in containing]
    exact = [one for one in accounts if one.email.casefold() == said.casefold()]
    if not exact:
        raise Failure(
            Exit.NOT_FOUND,
            "NO_SUCH_ACCOUNT",
            f"There is no account of “{said}” that you may see.",
            "Look for a part of the address: course-accounts accounts --email PART",
        )
    if len(exact) > 1:
        known = ", ".join(f"{one.uuid} ({one.project_name or '?'})" for one in exact[:10])
        raise Failure(
            Exit.USAGE,
            "ACCOUNT_NOT_CLEAR",
            f"“{said}” has {len(exact)} accounts.",
            f"Name the course with --project, or one of: {known}.",
        )
    return exact[0].uuid


def _lines(events: list[Event]) -> list[str]:
    cells = [(local_time(one.time), one.sentence, one.by, one.import_id, one.row) for one in events]
    return table(("WHEN", "WHAT", "BY", "IMPORT", "ROW"), cells)
