"""How what goes on for a while is shown: as lines of JSON, not at all, as a bar, or as lines now and then."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from cli.parameters import OutputOptions
from cli.world import World

_T = TypeVar("_T")
Far = tuple[int, int]
"""So many of so many."""


@contextmanager
def shown(
    world: World, output: OutputOptions, *, line: Callable[[_T], str], far: Callable[[_T], Far]
) -> Iterator[Callable[[_T, bytes], None]]:
    """A callable that shows what is given to it, beside the bytes of its answer.

    Args:
        world: where it is shown.
        output: how.
        line: how far it is, in words.
        far: how far it is, in numbers.
    """
    last: list[str] = []

    def as_json(_: _T, raw: bytes) -> None:
        if last != [said := raw.decode()]:
            last[:] = [said]
            world.out(said)

    def as_line(found: _T, _: bytes) -> None:
        if last != [said := line(found)]:
            last[:] = [said]
            world.say(said)

    def as_nothing(_: _T, __: bytes) -> None:
        """Nothing is shown."""

    if output.json:
        yield as_json
    elif output.quiet:
        yield as_nothing
    elif world.animated:
        from cli.watch.bar import JobBar

        with JobBar(world) as bar:

            def as_bar(found: _T, _: bytes) -> None:
                bar.show(*far(found), line(found))

            yield as_bar
    else:
        yield as_line
