"""Waiting for accounts to come to rest, patiently, until the deadline or Ctrl-C."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import msgspec

from cli.client import jobs
from cli.client.api import Api
from cli.client.errors import ClientError
from cli.client.unclosed import Unclosed, list_unclosed
from cli.exits import Exit
from cli.parameters import OutputOptions
from cli.text.jobs import account_line
from cli.text.numbers import counted
from cli.watch.loop import LONGEST_SILENCE, USUAL_PAUSE, may_pass, pause_after
from cli.world import World

_T = TypeVar("_T")


class Expired(Exception):
    """The time for waiting is over."""


def settle(
    world: World, api: Api, uuids: Sequence[str], output: OutputOptions, deadline: float | None, *, goal: str
) -> Exit:
    """Wait until nothing more happens by itself to these accounts; whether all have come to the state `goal`.

    Raises:
        Expired: the deadline passed.
        ClientError: an error that time does not mend.
    """
    left = list(uuids)
    missed = False
    while True:
        for uuid in tuple(left):
            found, raw = patiently(world, partial(jobs.read_account, api, uuid))
            if found.state != "Pending" and found.phase != "closing":
                left.remove(uuid)
                missed |= found.state != goal
                world.out(raw.decode() if output.json else account_line(found))
        if not left:
            return Exit.WITH_FAILURES if missed else Exit.ALL_DONE
        pause(world, USUAL_PAUSE, deadline)


def until_closed(world: World, api: Api, project: str, output: OutputOptions, deadline: float | None) -> Exit:
    """Wait until no account of a project is being closed any more; whether all that should be are closed.

    Raises:
        Expired: the deadline passed.
        ClientError: an error that time does not mend.
    """
    said = -1
    while True:
        found = patiently(world, partial(_unclosed, api, project))
        left = sum(one.state != "given_up" for one in found)
        if not left:
            return Exit.WITH_FAILURES if found else Exit.ALL_DONE
        if left != said and not (output.json or output.quiet):
            world.say(f"{counted(left, 'account')} to be closed still")
        said = left
        pause(world, USUAL_PAUSE, deadline)


def waiting(world: World, goes_on: str, wait: Callable[[], Exit]) -> Exit:
    """What waiting came to, also when it ends early; `goes_on` says how to look again."""
    try:
        return wait()
    except Expired:
        world.say(f"Still going on. {goes_on}")
        return Exit.STILL_RUNNING
    except KeyboardInterrupt:
        world.say(f"\nInterrupted. {goes_on}")
        return Exit.INTERRUPTED


def patiently(world: World, ask: Callable[[], _T]) -> _T:
    """Ask again while no answer comes that only time keeps away."""
    heard, misses = world.clock.now(), 0
    while True:
        try:
            return ask()
        except ClientError as error:
            if not may_pass(error, unseen=False) or world.clock.now() - heard > LONGEST_SILENCE:
                raise
            misses += 1
            world.clock.sleep(pause_after(misses, error))


def pause(world: World, wish: float | None, deadline: float | None) -> None:
    """Wait before the next question.

    Raises:
        Expired: the deadline comes first.
    """
    seconds = USUAL_PAUSE if wish is None else min(max(wish, 0.1), 60)
    if deadline is not None and world.clock.now() + seconds >= deadline:
        world.clock.sleep(max(deadline - world.clock.now(), 0))
        raise Expired
    world.clock.sleep(seconds)


def _unclosed(api: Api, project: str) -> list[Unclosed]:
    return [msgspec.json.decode(one, type=Unclosed) for one in list_unclosed(api, project=project)]
