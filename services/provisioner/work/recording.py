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
from services.provisioner.account import Account, Change, Closing, Pending, Stored, end_attempt, still_counts
from services.provisioner.account.outcome import Gone, Outcome, Withheld
from services.provisioner.facts import encode_all, event_id
from services.provisioner.retry import RetryPolicy
from services.provisioner.steps import Reached, unheard
from services.provisioner.store import accounts, mapping, outbox, work
from services.provisioner.store.work import Chunk
from services.provisioner.work.deciding import slices
from services.provisioner.work.desk import Desk, Item
from services.provisioner.work.handing_in import Handed, HandedIn
from services.provisioner.work.stops import Stops

logger = structlog.get_logger(__name__)

_SLICE = 100


@dataclass(frozen=True, slots=True)
class _Decided:
    """An outcome as facts, with the account before and after them.

    `fresh`: if it goes on, then certainly without a call that nobody recorded.
    """

    stored: Stored
    facts: Sequence[AccountFact]
    after: Account
    fresh: bool


class Recorder:
    """Collects outcomes and commits them in batches."""

    def __init__(
        self,
        *,
        pool: Pool,
        desk: Desk,
        stops: Stops,
        policy: RetryPolicy,
        recorded: set[bytes],
        now: Callable[[], datetime],
        jitter: Callable[[], float],
        decided: Callable[[], None],
        reached: Reached = unheard,
    ) -> None:
        """Prepare the recorder.

        Args:
            pool: the provisioner's tables.
            desk: told what is done.
            stops: imports whose claims are cancelled when that can be done without a doubt.
            policy: how often and when to try again.
            recorded: ids of committed facts that the intake need not read again.
            now: the clock.
            jitter: a number in [0, 1) that spreads retries.
            decided: told after a commit that put facts into the outbox.
            reached: told of each step.
        """
        self._reached = reached
        self._pool = pool
        self._desk = desk
        self._stops = stops
        self._policy = policy
        self._recorded = recorded
        self._now = now
        self._jitter = jitter
        self._decided = decided
        self._handed_in = HandedIn(healing=desk.healing)

    def put(self, item: Item, outcome: Outcome | None) -> None:
        """Hand in an outcome; None: nothing was tried, the account is put back as it was."""
        self._handed_in.put((item, outcome))

    @property
    def kept_back(self) -> int:
        """How many outcomes wait for their partition to be read to its end."""
        return len(self._handed_in.kept_back)

    async def run(self) -> None:
        """Record what is handed in, for ever. The database may be away for a while; outcomes wait."""
        while True:
            batch = await self._handed_in.batch()
            await patiently("record_outcomes", lambda batch=batch: self._record(batch))  # type: ignore[misc]

    async def _record(self, batch: Sequence[Handed]) -> None:
        items = [item for item, _ in batch]
        now = self._now()
        async with transaction(self._pool) as connection:
            decided = await self._write(connection, batch, now)
            encoded = []
            for part in slices(decided, _SLICE):
                encoded += encode_all(
                    [(d.stored.partition, fact) for d in part for fact in d.facts], time=now
                )
                await asyncio.sleep(0)
            await outbox.add(connection, encoded)
            await self._queue_retries(connection, decided, now)
            await work.finish(connection, self._desk.finished(items), self._desk.owner)
            # Before the commit: the relay may publish at once, and the intake may meet the fact on the log.
            self._recorded.update(event_id(record) for _, record in encoded)
        self._reached("outcomes_committed")
        self._desk.done(items)
        if items[-1].held.left:
            self._reached("half_done")
        if encoded:
            self._decided()

    async def _write(self, connection: Connection, batch: Sequence[Handed], now: datetime) -> list[_Decided]:
        """Store outcomes; where an account changed meanwhile, decide again on what is stored."""
        held = await self._still_held(connection, batch)
        outcomes = {
            item.stored.account.account_id: (item, outcome)
            for item, outcome in batch
            if outcome is not None
            and not (isinstance(outcome, Withheld) and item.held.chunk.chunk_id not in held)
        }
        decided = []
        for part in slices(list(outcomes.values()), _SLICE):
            decided += [self._decide(item.stored, item, outcome, now) for item, outcome in part]
            await asyncio.sleep(0)
        won = await accounts.record(
            connection, [Change(d.stored.account, d.after) for d in decided if d.facts and _needs_no_look(d)]
        )
        kept = [d for d in decided if not d.facts or d.after.account_id in won]
        lost = [d.stored for d in decided if d.facts and d.after.account_id not in won]
        if not lost:
            return kept
        fresh = await accounts.load(connection, [stored.account.account_id for stored in lost])
        again = []
        for stored in lost:
            now_stored = fresh.get(stored.account.account_id)
            item, outcome = outcomes[stored.account.account_id]
            if now_stored is not None and still_counts(stored.account, outcome, now_stored.account):
                again.append(self._decide(now_stored, item, outcome, now))
        await accounts.store(connection, [Change(d.stored.account, d.after) for d in again if d.facts])
        logger.debug("outcomes_decided_again", lost=len(lost), again=len(again))
        return kept + again

    async def _still_held(self, connection: Connection, batch: Sequence[Handed]) -> set[UUID]:
        """Chunks of withheld accounts that nobody else can have called for: the lease is ours."""
        chunks = {
            item.held.chunk.chunk_id
            for item, outcome in batch
            if isinstance(outcome, Withheld) and not item.held.forgotten
        }
        return await work.ours(connection, chunks, self._desk.owner) if chunks else set()

    def _decide(self, stored: Stored, item: Item, outcome: Outcome, now: datetime) -> _Decided:
        account = stored.account
        facts, after = end_attempt(
            account, outcome, now=now, policy=self._policy, jitter=self._jitter(), stopped=self._stops
        )
        settled = isinstance(outcome, Gone | Withheld)
        fresh = settled or item.held.chunk.fresh or after.life > account.life
        fresh = fresh and isinstance(after.standing, Pending) and not after.in_doubt
        return _Decided(stored, facts, after, fresh)

    async def _queue_retries(
        self, connection: Connection, decided: Sequence[_Decided], now: datetime
    ) -> None:
        """Queue the accounts that will be tried again, in chunks that fall due within the same second."""
        chunks: dict[tuple[int, UUID, UUID, datetime, bool], list[UUID]] = {}
        for d in decided:
            standing = d.after.standing
            if isinstance(standing, Pending | Closing) and d.after.needs_call:
                due = _whole_second(standing.next_attempt_at or now)
                key = (d.stored.partition, d.after.project_id, d.after.creator.import_id, due, d.fresh)
                chunks.setdefault(key, []).append(d.after.account_id)
        later = [
            (Chunk(uuid4(), partition, project_id, import_id, ids, fresh), due)
            for (partition, project_id, import_id, due, fresh), ids in chunks.items()
        ]
        await work.add_later(connection, later)


def _needs_no_look(decided: _Decided) -> bool:
    """Whether what was decided is right if only the version is still the same.

    A claim that waits for an answer makes no version: while an account is being closed it must be looked for, and
    it must not be written over with the others.
    """
    before = decided.stored.account
    return isinstance(before.standing, Pending) and mapping.only_stands_otherwise(before, decided.after)


def _whole_second(moment: datetime) -> datetime:
    """The next whole second: retries are spread already, and fewer chunks are cheaper."""
    whole = moment.replace(microsecond=0)
    return whole if whole == moment else whole + timedelta(seconds=1)
