"""Recording outcomes: state, fact and remaining work in one transaction, before anything is said on the log."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog

from schemas.facts import AccountFact
from services.common.database import Connection, Pool, transaction
from services.common.loops import patiently
from services.provisioner.account import Account, Change, Pending, Stored, evolve, record_outcome
from services.provisioner.account.outcome import Outcome
from services.provisioner.facts import encode_all, event_id
from services.provisioner.retry import RetryPolicy
from services.provisioner.store import accounts, outbox, work
from services.provisioner.store.work import Chunk
from services.provisioner.work.desk import Desk, Item

logger = structlog.get_logger(__name__)

_MOST = 1000
_LINGER_S = 0.01
_FEW = 100


@dataclass(frozen=True, slots=True)
class _Decided:
    """An outcome as a fact, with the account before and after it."""

    stored: Stored
    fact: AccountFact
    after: Account


class Recorder:
    """Collects outcomes and commits them in batches."""

    def __init__(
        self,
        *,
        pool: Pool,
        desk: Desk,
        policy: RetryPolicy,
        recorded: set[bytes],
        now: Callable[[], datetime],
        jitter: Callable[[], float],
        decided: Callable[[], None],
    ) -> None:
        """Prepare the recorder.

        Args:
            pool: the provisioner's tables.
            desk: told what is done.
            policy: how often and when to try again.
            recorded: ids of committed facts that the intake need not read again.
            now: the clock.
            jitter: a number in [0, 1) that spreads retries.
            decided: told after a commit that put facts into the outbox.
        """
        self._pool = pool
        self._desk = desk
        self._policy = policy
        self._recorded = recorded
        self._now = now
        self._jitter = jitter
        self._decided = decided
        self._outcomes: asyncio.Queue[tuple[Item, Outcome | None]] = asyncio.Queue()

    def put(self, item: Item, outcome: Outcome | None) -> None:
        """Hand in an outcome; None: nothing was tried, the account is put back as it was."""
        self._outcomes.put_nowait((item, outcome))

    async def run(self) -> None:
        """Record what is handed in, for ever. The database may be away for a while; outcomes wait."""
        while True:
            batch = await self._next_batch()
            await patiently("record_outcomes", lambda batch=batch: self._record(batch))  # type: ignore[misc]

    async def _next_batch(self) -> list[tuple[Item, Outcome | None]]:
        batch = [await self._outcomes.get()]
        if self._outcomes.qsize() < _FEW:
            await asyncio.sleep(_LINGER_S)
        while len(batch) < _MOST and not self._outcomes.empty():
            batch.append(self._outcomes.get_nowait())
        return batch

    async def _record(self, batch: Sequence[tuple[Item, Outcome | None]]) -> None:
        items = [item for item, _ in batch]
        now = self._now()
        async with transaction(self._pool) as connection:
            decided = await self._write(connection, batch, now)
            encoded = encode_all([(d.stored.partition, d.fact) for d in decided], time=now)
            await outbox.add(connection, encoded)
            await self._queue_retries(connection, decided, now)
            await work.finish(connection, self._desk.finished(items), self._desk.owner)
            # Before the commit: the relay may publish at once, and the intake may meet the fact on the log.
            self._recorded.update(event_id(record) for _, record in encoded)
        self._desk.done(items)
        if encoded:
            self._decided()

    async def _write(
        self, connection: Connection, batch: Sequence[tuple[Item, Outcome | None]], now: datetime
    ) -> list[_Decided]:
        """Store outcomes; where an account changed meanwhile, decide again on what is stored."""
        outcomes = {
            item.stored.account.account_id: (item.stored, outcome)
            for item, outcome in batch
            if outcome is not None
        }
        decided = self._decide(list(outcomes.values()), now)
        won = await accounts.record(connection, [Change(d.stored.account, d.after) for d in decided])
        lost = [d.stored for d in decided if d.after.account_id not in won]
        if not lost:
            return decided
        fresh = await accounts.load(connection, [stored.account.account_id for stored in lost])
        again = self._decide(
            [
                (fresh[stored.account.account_id], outcomes[stored.account.account_id][1])
                for stored in lost
                if stored.account.account_id in fresh
                and _same_attempt(stored.account, fresh[stored.account.account_id].account)
            ],
            now,
        )
        await accounts.record(connection, [Change(d.stored.account, d.after) for d in again])
        logger.info("outcomes_decided_again", lost=len(lost), again=len(again))
        return [d for d in decided if d.after.account_id in won] + again

    def _decide(self, outcomes: Sequence[tuple[Stored, Outcome | None]], now: datetime) -> list[_Decided]:
        decided = []
        for stored, outcome in outcomes:
            if outcome is None:
                continue
            account = stored.account
            fact = record_outcome(account, outcome, now=now, policy=self._policy, jitter=self._jitter())
            if fact is not None:
                decided.append(_Decided(stored, fact, evolve(account, fact) or account))
        return decided

    async def _queue_retries(
        self, connection: Connection, decided: Sequence[_Decided], now: datetime
    ) -> None:
        """Queue the accounts that will be tried again, in chunks that fall due within the same second."""
        chunks: dict[tuple[int, UUID, datetime], list[UUID]] = {}
        for d in decided:
            if isinstance(d.after.standing, Pending):
                due = _whole_second(d.after.standing.next_attempt_at or now)
                key = (d.stored.partition, d.after.creator.import_id, due)
                chunks.setdefault(key, []).append(d.after.account_id)
        for (partition, import_id, due), ids in chunks.items():
            await work.add(connection, [Chunk(uuid4(), partition, import_id, ids)], due_at=due)


def _same_attempt(ours: Account, stored: Account) -> bool:
    """Whether the stored account still waits for the very attempt we made."""
    return (
        isinstance(ours.standing, Pending)
        and isinstance(stored.standing, Pending)
        and ours.standing.attempt == stored.standing.attempt
        and (ours.life, ours.series) == (stored.life, stored.series)
    )


def _whole_second(moment: datetime) -> datetime:
    """The next whole second: retries are spread already, and fewer chunks are cheaper."""
    whole = moment.replace(microsecond=0)
    return whole if whole == moment else whole + timedelta(seconds=1)
