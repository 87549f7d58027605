"""A list of any length: a table written block by block, or JSON."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeVar

import msgspec

from cli.exits import Exit
from cli.jsonlist import write_json_list
from cli.parameters import OutputOptions
from cli.text.numbers import counted
from cli.world import World

_T = TypeVar("_T")


def write_list(
    world: World,
    output: OutputOptions,
    items: Iterator[bytes],
    of: type[_T],
    lines: Callable[[list[_T]], list[str]],
    *,
    noun: str,
    block: int,
) -> Exit:
    """Write items (JSON each) as they come; each block of a table has widths of its own.

    Args:
        world: the surroundings.
        output: a table or JSON.
        items: what the server gave.
        of: what an item is.
        lines: the table of some items, its heading first.
        noun: what is counted at the end.
        block: how many items are shown at once.
    """
    if output.json:
        write_json_list(world, items)
        return Exit.ALL_DONE
    number = 0
    while some := [msgspec.json.decode(item, type=of) for item in islice(items, block)]:
        world.out("\n".join(lines(some)[1 if number else 0 :]))
        number += len(some)
    if not output.quiet:
        world.say(counted(number, noun))
    return Exit.ALL_DONE
