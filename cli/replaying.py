"""Following a replay until nobody works on it any more, and saying what it came to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from cli.awaiting import patiently, pause
from cli.client import replays
from cli.client.api import Api
from cli.client.replays import Replay
from cli.exits import Exit
from cli.parameters import OutputOptions
from cli.text.replays import outcome, progress_line
from cli.world import World

Show = Callable[[Replay, bytes], None]


def follow(world: World, api: Api, uuid: str, output: OutputOptions, deadline: float | None) -> Replay:
    """Watch a replay until nobody works on it.

    Raises:
        Expired: the deadline passed.
        ClientError: an error that time does not mend.
    """
    with _shown(world, output) as show:
        while True:
            found, raw = patiently(world, partial(replays.one, api, uuid))
            show(found, raw)
            if not found.working:
                return found
            pause(world, replays.POLL_S, deadline)


def tell(world: World, found: Replay, output: OutputOptions) -> Exit:
    """Show what a replay came to, and say so with an exit code: 5 where two sets differ."""
    if not output.json:
        world.out("\n".join(outcome(found)))
    if found.state == "failed":
        return Exit.ERROR
    if found.state == "cancelled":
        return Exit.DECLINED
    return Exit.WITH_FAILURES if found.equal is False else Exit.ALL_DONE


@contextmanager
def _shown(world: World, output: OutputOptions) -> Iterator[Show]:
    last: list[str] = []

    def as_json(found: Replay, raw: bytes) -> None:  # noqa: ARG001 - the other ways need it
        line = raw.decode()
        if last != [line]:
            last[:] = [line]
            world.out(line)

    def as_line(found: Replay, raw: bytes) -> None:  # noqa: ARG001 - as above
        line = progress_line(found)
        if last != [line]:
            last[:] = [line]
            world.say(line)

    if output.json:
        yield as_json
    elif output.quiet:
        yield lambda found, raw: None  # noqa: ARG005 - nothing is shown
    elif world.animated:
        from cli.watch.bar import JobBar

        with JobBar(world) as bar:
            yield lambda found, raw: bar.show(found.done, found.total, progress_line(found))  # noqa: ARG005
    else:
        yield as_line
