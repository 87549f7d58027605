"""Repeating what may safely be repeated while the server is away for a moment."""

from collections.abc import Callable
from typing import TypeVar

from cli.client.errors import ClientError, Refused, Unreachable
from cli.text.numbers import duration
from cli.watch.loop import pause_after
from cli.world import World

PATIENCE = 30.0
"""Seconds for which a request is repeated."""

_T = TypeVar("_T")


def patiently(world: World, send: Callable[[], _T], *, lost: bool, quiet: bool) -> _T:
    """The answer of `send`, asked again for a bounded time while the server says that it is away.

    Args:
        world: time, and where to say that something is repeated.
        send: makes the request; doing it twice does no harm.
        lost: repeat also when nobody answered at all.
        quiet: say nothing.

    Raises:
        ClientError: an error that does not pass, or did not within `PATIENCE` seconds.
    """
    started = world.clock.now()
    misses = 0
    while True:
        try:
            return send()
        except ClientError as error:
            passing = isinstance(error, Refused) and error.temporary
            misses += 1
            pause = pause_after(misses, error)
            late = world.clock.now() + pause - started > PATIENCE
            if late or not (passing or (lost and isinstance(error, Unreachable))):
                raise
            if misses == 1 and not quiet:
                world.say(f"{error.detail} Trying again in {duration(pause)}.")
            world.clock.sleep(pause)
