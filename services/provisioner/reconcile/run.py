"""One comparison from beginning to end: list the target, compare, look once more at what differs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace

import structlog

from services.common.database import Pool
from services.provisioner.backends.outcomes import (
    Absent,
    CannotList,
    Found,
    Listed,
    ListResult,
    NotSent,
    Unknown,
)
from services.provisioner.backends.protocol import Backend
from services.provisioner.reconcile.comparing import Comparison, Orphan, Where, comparison
from services.provisioner.work.attempt import why_not_sent

logger = structlog.get_logger(__name__)

MOST_ORPHANS = 10_000
_SIGN_EVERY = 200
"""Candidates looked at, after which a sign of life is given."""
_TRIES = 5
_LONGEST_WAIT_S = 30.0


@dataclass(frozen=True, slots=True)
class Progress:
    """So many accounts of the target are listed."""

    listed: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The end: how many accounts the target has, how many orphans each way, and whether that is all of them."""

    listed: int
    at_target: int
    ours: int
    complete: bool


class CannotCompare(Exception):
    """The target was not listed to its end; `code` says why."""

    def __init__(self, code: str) -> None:
        """`code` is a key of `schemas.codes.COMMAND_CODES` or `WAITING_CODES`."""
        super().__init__(code)
        self.code = code


async def reconcile(
    pool: Pool, backend: Backend, slot: Callable[[], Awaitable[None]]
) -> AsyncIterator[Progress | Orphan | Finished]:
    """Compare, and tell what is found as it is found.

    An account that is made or closed meanwhile may look like an orphan: each is looked at once more by its address,
    where the target can be asked, before it is told.

    Args:
        pool: the provisioner's tables; one connection is held until the end.
        backend: the target.
        slot: waits until another call may be made.

    Raises:
        CannotCompare: the target cannot list, or does not answer.
    """
    async with comparison(pool) as sides:
        listed = 0
        more: str | None = None
        while True:
            page = await _page(backend, more, slot)
            await sides.add(page.accounts)
            listed += len(page.accounts)
            yield Progress(listed)
            more = page.more
            if more is None:
                break
        counts: dict[Where, int] = {"target": 0, "ours": 0}
        complete = True
        for where in counts:
            candidates = await sides.orphans(where, most=MOST_ORPHANS + 1)
            complete = complete and len(candidates) <= MOST_ORPHANS
            for number, candidate in enumerate(candidates[:MOST_ORPHANS], 1):
                if number % _SIGN_EVERY == 0:
                    yield Progress(listed)
                orphan = await _once_more(candidate, sides, backend, slot)
                if orphan is not None:
                    counts[where] += 1
                    yield orphan
        logger.info("target_compared", listed=listed, at_target=counts["target"], ours=counts["ours"])
        yield Finished(listed, counts["target"], counts["ours"], complete)


async def _page(backend: Backend, more: str | None, slot: Callable[[], Awaitable[None]]) -> Listed:
    for number in range(1, _TRIES + 1):
        await slot()
        found: ListResult = await backend.list_accounts(more)
        match found:
            case Listed():
                return found
            case CannotList():
                raise CannotCompare("TARGET_CANNOT_LIST")
            case NotSent() as unsent if number == _TRIES:
                raise CannotCompare(f"TARGET_{why_not_sent(unsent)}")
            case NotSent(_, retry_after) | Unknown(_, retry_after) if number < _TRIES:
                await asyncio.sleep(min(_LONGEST_WAIT_S, retry_after or float(number)))
    raise CannotCompare("TARGET_UNREACHABLE")


async def _once_more(
    orphan: Orphan, sides: Comparison, backend: Backend, slot: Callable[[], Awaitable[None]]
) -> Orphan | None:
    """The orphan, if it still is one."""
    if orphan.email is None or orphan.scope is None or not backend.capabilities.look_up:
        return orphan
    await slot()
    match await backend.look_up(orphan.email, orphan.scope):
        case Found(account):
            there = account.username == orphan.username
        case Absent():
            there = False
        case _:
            return orphan
    ours = orphan.account_id is not None and await sides.stands_for(orphan.account_id, orphan.username)
    if there == ours:
        return None  # both know it, or neither does any more
    return replace(orphan, where="target" if there else "ours", checked=True)
