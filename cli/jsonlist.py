"""A list of any length as one JSON document, written as it comes."""

from collections.abc import Iterable

from cli.world import World


def write_json_list(world: World, items: Iterable[bytes]) -> None:
    """Write the items (JSON each) as an array on stdout, one a line."""
    opened = False
    for item in items:
        # the bracket waits for the first item, so that a refused request leaves stdout empty
        world.stdout.write(",\n" if opened else "[")
        world.stdout.write(item.decode("utf-8"))
        opened = True
    world.out("]" if opened else "[]")
