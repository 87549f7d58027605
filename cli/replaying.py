"""Following a replay until nobody works on it any more, and saying what it came to."""

from functools import partial

from cli.awaiting import patiently, pause
from cli.client import replays
from cli.client.api import Api
from cli.client.replays import Replay
from cli.exits import Exit
from cli.parameters import OutputOptions
from cli.showing import shown
from cli.text.replays import outcome, progress_line
from cli.world import World


def follow(world: World, api: Api, uuid: str, output: OutputOptions, deadline: float | None) -> Replay:
    """Watch a replay until nobody works on it.

    Raises:
        Expired: the deadline passed.
        ClientError: an error that time does not mend.
    """
    with shown(world, output, line=progress_line, far=lambda found: (found.done, found.total)) as show:
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
