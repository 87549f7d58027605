"""`course-accounts token`."""

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from cyclopts import App, Parameter
from cyclopts.validators import Number

from cli.client import tokens as client
from cli.examples import EXAMPLES
from cli.exits import Exit
from cli.finding import find_project
from cli.listing import write_list
from cli.parameters import USUAL_OUTPUT, USUAL_SERVER, OutputOptions, ServerOptions, Surroundings, Switch
from cli.text.table import table
from cli.text.times import local_time

BLOCK = 300

token = App(
    name="token",
    help="Make, list and revoke API tokens; let somebody sign in to the page.",
    help_prologue=EXAMPLES["token"],
)

Days = Annotated[int | None, Parameter(validator=Number(gte=1, lte=3660))]
TokenId = Annotated[UUID, Parameter(name="TOKEN")]
User = Annotated[str | None, Parameter(metavar="USER")]


@token.command(name="create", help_prologue=EXAMPLES["token create"])
def create(
    *,
    user: User = None,
    staff: Switch = False,
    write: Switch = False,
    project: Annotated[list[str] | None, Parameter(name=["--project", "-p"], negative=())] = None,
    days: Days = None,
    note: str = "",
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Make a token. Its secret is shown this once; it goes to stdout alone, so that a script can take it.

    It never allows more than the token with which it is made, and does not outlive it. Without --write it may only
    read.

    Args:
        user: Whose token; for staff only. Yours, if nobody is named.
        staff: With the rights of staff; for staff only.
        write: May change things.
        project: Only for this course: its name, slug or uuid; may be repeated.
        days: How long it lasts, not beyond the token with which it is made; as the server has it, when not given.
        note: What it is for.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        made, raw = client.create_token(
            api,
            user=user,
            staff=staff,
            may_write=write,
            projects=[find_project(api, said).uuid for said in project] if project else None,
            expires=None if days is None else datetime.now(UTC) + timedelta(days=days),
            note=note,
        )
    world.out(raw.decode() if output.json else made.token)
    if not output.quiet and not output.json:
        world.say(f"Token {made.uuid} of {made.user_id}, until {local_time(made.expires)}.")
        world.say(f"To end it: course-accounts token revoke {made.uuid}")
    return Exit.ALL_DONE


@token.default
@token.command(name="list", help_prologue=EXAMPLES["token list"])
def list_(
    *,
    user: User = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """List your tokens, the newest first; for staff those of everybody.

    Args:
        user: Only this user's.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        return write_list(
            world,
            output,
            client.list_tokens(api, user=user),
            client.Token,
            _lines,
            noun="token",
            block=BLOCK,
        )


@token.command(name="revoke", help_prologue=EXAMPLES["token revoke"])
def revoke(
    token: TokenId,
    /,
    *,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """End a token, by its uuid. Within five seconds nothing takes it any more.

    Args:
        token: The token's uuid, as list shows it; not its secret.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        client.revoke_token(api, token.hex)
    if output.json:
        world.out(json.dumps({"uuid": token.hex, "revoked": True}))
    elif not output.quiet:
        world.say(f"Token {token.hex} is revoked.")
    return Exit.ALL_DONE


@token.command(name="sign-in", help_prologue=EXAMPLES["token sign-in"])
def sign_in(
    user: Annotated[str, Parameter(name="USER")],
    /,
    *,
    staff: Switch = False,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Make an address that signs somebody in to the page: once, and within 15 minutes. For staff.

    Args:
        user: Who is to sign in, as projects name their managers and owners.
        staff: With the rights of staff.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        made, raw = client.invite(api, user, staff=staff)
    world.out(raw.decode() if output.json else made.url)
    if not output.quiet and not output.json:
        world.say(f"It signs in {made.user_id}, once, until {local_time(made.expires)}.")
    return Exit.ALL_DONE


def _lines(found: list[client.Token]) -> list[str]:
    cells = [
        (
            one.uuid,
            one.user_id,
            _may(one),
            "all" if one.projects is None else ", ".join(one.projects),
            local_time(one.last_used),
            "revoked" if one.revoked else local_time(one.expires),
            one.note,
        )
        for one in found
    ]
    return table(("TOKEN", "USER", "MAY", "PROJECTS", "LAST USED", "ENDS", "NOTE"), cells)


def _may(one: client.Token) -> str:
    what = "write" if one.may_write else "read"
    return f"{what}, staff" if one.staff else what
