"""`course-accounts reconcile`."""

from collections.abc import Iterator

from cli.client.orphans import Orphan, list_orphans
from cli.exits import Exit
from cli.listing import write_list
from cli.parameters import USUAL_OUTPUT, USUAL_SERVER, OutputOptions, ServerOptions, Surroundings
from cli.text.table import table

BLOCK = 300

_WHERE = {"target": "only at the account service", "ours": "only here"}


def reconcile(
    *,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Compare our accounts with those of the account service; 5 if only one side knows an account as live.

    Nothing is changed. What is made or closed meanwhile is looked at once more before it is listed.

    Args:
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    count = 0

    def counted(items: Iterator[bytes]) -> Iterator[bytes]:
        nonlocal count
        for item in items:
            count += 1
            yield item

    def cut() -> None:
        world.say("There are more; these are the first 10,000 of each kind.")

    with server.open(world) as api:
        found = list_orphans(api, cut)
        write_list(world, output, counted(found), Orphan, _lines, noun="orphan", block=BLOCK)
    return Exit.WITH_FAILURES if count else Exit.ALL_DONE


def _lines(found: list[Orphan]) -> list[str]:
    cells = [
        (_WHERE.get(one.where, one.where), one.username, one.email, one.scope, one.account_uuid)
        for one in found
    ]
    return table(("WHERE", "USER NAME", "E-MAIL", "COURSE", "ACCOUNT HERE"), cells)
