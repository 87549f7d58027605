"""`course-accounts accounts`."""

from itertools import islice
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from cli.client.accounts import list_accounts
from cli.client.models import Account
from cli.exits import Exit
from cli.finding import find_project
from cli.listing import write_list
from cli.parameters import USUAL_OUTPUT, USUAL_SERVER, Course, OutputOptions, ServerOptions, Surroundings
from cli.text.table import table

State = Literal["Pending", "OK", "Erred", "Closed"]
BLOCK = 300


def accounts(
    *,
    project: Annotated[str | None, Course] = None,
    state: Annotated[list[State] | None, Parameter(negative=())] = None,
    email: str | None = None,
    username: str | None = None,
    order: Annotated[str | None, Parameter(allow_leading_hyphen=True, metavar="FIELD")] = None,
    limit: Annotated[int | None, Parameter(validator=Number(gte=0))] = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """List accounts.

    Args:
        project: Only of this course: its name, slug or uuid.
        state: Only in this state; may be repeated.
        email: Only addresses that contain this, in any case.
        username: Only the account with exactly this user name.
        order: Field to sort by: created, email, modified, state, username …; with "-" in front, reversed.
        limit: At most so many.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        found = islice(
            list_accounts(
                api,
                project=find_project(api, project).uuid if project else None,
                states=state or (),
                email=email,
                username=username,
                order=order,
            ),
            limit,
        )
        return write_list(world, output, found, Account, _lines, noun="account", block=BLOCK)


def _lines(accounts: list[Account]) -> list[str]:
    cells = [(one.email, one.state, one.username, one.project_name, one.error_message) for one in accounts]
    return table(("E-MAIL", "STATE", "USER NAME", "PROJECT", "ERROR"), cells)
