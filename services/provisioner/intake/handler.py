"""The provisioner's side of the log consumer: one transaction for facts, work, decisions and the position."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

import structlog

from schemas.facts import ImportCancelled, ImportUndoStarted
from schemas.topics import LOG_PARTITIONS
from schemas.upcasting import READABLE_TYPES
from services.common.database import Connection, Pool, transaction
from services.common.parked import park
from services.common.positions import move_positions, read_positions
from services.common.records import Record, TopicPartition
from services.common.unknown_types import keep_unknown, read_again
from services.provisioner import metrics
from services.provisioner.account import Account, Stored
from services.provisioner.facts import encode_all
from services.provisioner.intake.fold import Folded, fold
from services.provisioner.intake.reading import Reader, Reading
from services.provisioner.steps import Reached, unheard
from services.provisioner.store import accounts, imports, outbox, releases, stops, targets, work
from services.provisioner.store.stops import Stop
from services.provisioner.store.work import Chunk, Lease
from services.provisioner.work.deciding import slices
from services.provisioner.work.desk import Desk
from services.provisioner.work.stops import Stops

logger = structlog.get_logger(__name__)

_SLICE = 200


class Intake:
    """A `RecordHandler`: folds the log into the tables, and hands what can be done at once to the desk."""

    def __init__(
        self,
        *,
        pool: Pool,
        reader: Reader,
        desk: Desk,
        stopped: Stops,
        now: Callable[[], datetime],
        chunk_rows: int,
        decided: Callable[[], None],
        let_go: Callable[[], None] = lambda: None,
        drain_s: float = 5.0,
        reached: Reached = unheard,
    ) -> None:
        """Prepare the intake.

        Args:
            pool: the provisioner's tables.
            reader: decodes; shares `recorded` with whoever commits outcomes.
            desk: where leased work goes.
            stopped: imports of which nothing more is begun.
            now: the clock.
            chunk_rows: most accounts in one chunk of work.
            decided: told after a commit that put facts into the outbox.
            let_go: told when work was forgotten: who waits with it waits no longer.
            drain_s: how long calls under way are waited for when partitions go.
            reached: told of each step.
        """
        self._let_go = let_go
        self._drain_s = drain_s
        self._reached = reached
        self._pool = pool
        self._reader = reader
        self._desk = desk
        self._stopped = stopped
        self._now = now
        self._chunk_rows = chunk_rows
        self._decided = decided
        self._told: set[UUID] = set()
        """Imports whose projects this process has stored."""
        self._older = False
        """Whether what is read now was worked on before: the tables are older than the log says we were."""

    async def positions(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """Where to read on; from here on every fact counts again."""
        self._reader.recorded.clear()
        self._told.clear()
        await self._put_back(partitions)
        await read_again(self._pool, partitions, known=READABLE_TYPES)
        return await read_positions(self._pool, partitions)

    async def assigned(self, partitions: Collection[TopicPartition]) -> None:
        """Partitions are ours: the desk may work on each once its log was read to the end."""
        logger.info("partitions_assigned", partitions=sorted(p.partition for p in partitions))
        self._desk.assign(partitions)
        self._older = False

    async def revoked(self, partitions: Collection[TopicPartition]) -> None:
        """Partitions go to another owner: wait for the calls under way, record them, put the rest back."""
        self._reached("revoked")
        await self._put_back(partitions, drain_s=self._drain_s)

    def hurry(self, drain_s: float) -> None:
        """From now on wait so long for calls under way, if that is less."""
        self._drain_s = min(self._drain_s, drain_s)

    async def handle(self, records: Sequence[Record]) -> None:
        """Fold one batch.

        Raises:
            PositionLost: somebody else moved the positions; nothing was stored.
        """
        self._reached("polled")
        reading = await self._reader.read(records)
        now = self._now()
        lease = self._desk.lease(now)
        live_before = self._desk.live
        live = self._desk.live_after(reading.moves)
        async with transaction(self._pool) as connection:
            await move_positions(connection, reading.moves, as_of=now, records=records)
            known = await accounts.load(connection, reading.facts) if reading.facts else {}
            folded = Folded()
            for part in slices(list(reading.facts.items()), _SLICE):
                folded.add(
                    fold(
                        known,
                        dict(part),
                        reading.partitions,
                        live=live,
                        now=now,
                        stopped=self._stopped,
                        live_before=live_before,
                    )
                )
                await asyncio.sleep(0)
            await self._store(connection, folded, reading)
            news = {i: p for i, p in reading.projects.items() if i not in self._told}
            await imports.add(connection, news)
            await self._ending(connection, reading, now=now)
            await targets.learn(connection, reading.targets)
            if folded.learned and not self._older:
                self._older = True
                await work.doubt(connection, self._desk.ours - live_before)
            in_hand, left = await self._queue(connection, folded, live=live, now=now, lease=lease)
            self._reached("intake_before_commit")
        self._reached("intake_committed")
        self._told |= news.keys()
        if folded.decided:
            self._decided()
        self._desk.now_live(live)
        self._older = self._older and not self._desk.settled
        self._desk.put(in_hand, lease)
        self._stopped.add(fact.import_id for _, fact in reading.imports if isinstance(fact, ImportCancelled))
        if left:
            self._desk.look()
        self._count(records, reading, folded)

    async def _put_back(self, partitions: Collection[TopicPartition], *, drain_s: float = 0.0) -> None:
        """Forget work; in the table too, where nobody else would find it before its lease has run out."""
        numbers = {p.partition for p in partitions}
        untouched = self._desk.forget(numbers)
        self._let_go()
        try:
            async with asyncio.timeout(drain_s):
                await self._desk.quiet(numbers)
        except TimeoutError:
            if drain_s:
                logger.warning("calls_outlive_assignment", waited_s=drain_s)
        async with transaction(self._pool) as connection:
            await work.release(connection, self._desk.owner, numbers, untouched)

    async def _store(self, connection: Connection, folded: Folded, reading: Reading) -> None:
        await accounts.insert_new(connection, folded.new)
        await accounts.rewrite(connection, folded.changed, asked=reading.asked)
        await outbox.add(connection, encode_all(folded.decided, time=self._now()))
        await park(connection, reading.unread, now=self._now())
        await keep_unknown(connection, reading.unknown, now=self._now())

    async def _ending(self, connection: Connection, reading: Reading, *, now: datetime) -> None:
        """Imports that are cancelled or undone.

        The importer names the claims of an undo itself, but does not know when our tables were lost: for what we
        read again we look ourselves.
        """
        cancelled = [fact for _, fact in reading.imports if isinstance(fact, ImportCancelled)]
        await stops.add(
            connection, [Stop(fact.import_id, fact.author, fact.reason) for fact in cancelled], now=now
        )
        for partition, fact in reading.imports:
            if isinstance(fact, ImportUndoStarted) and partition not in self._desk.live:
                await releases.queue_all(
                    connection, fact.import_id, range(LOG_PARTITIONS), author=fact.author, now=now
                )

    async def _queue(
        self, connection: Connection, folded: Folded, *, live: frozenset[int], now: datetime, lease: Lease
    ) -> tuple[list[tuple[Chunk, list[Stored]]], bool]:
        """Make chunks of what is due; as many as there is room for are born in our hands. Whether there are more."""
        in_hand: list[tuple[Chunk, list[Stored]]] = []
        queued: list[Chunk] = []
        room = self._desk.room().anybody if folded.due and self._desk.settled_with(live) else 0
        new = {stored.account.account_id for stored in folded.due if self._is_new(stored, folded)}
        for chunk, members in _chunks(folded.due, new, self._chunk_rows):
            if chunk.partition in live and len(members) <= room and all(map(self._at_once, members)):
                room -= len(members)
                in_hand.append((chunk, members))
            else:
                queued.append(chunk)
        await work.add(connection, [chunk for chunk, _ in in_hand], due_at=now, lease=lease)
        await work.add(connection, queued, due_at=now)
        return in_hand, bool(queued)

    def _is_new(self, stored: Stored, folded: Folded) -> bool:
        """Whether nobody can have worked on it: it had nothing to do before, and is not read again."""
        sure = not self._older or stored.partition in self._desk.live
        return sure and stored.account.account_id in folded.fresh

    def _at_once(self, stored: Stored) -> bool:
        account: Account = stored.account
        return (
            not account.open_claims
            and getattr(account.standing, "next_attempt_at", None) is None
            and not self._desk.holds(account.account_id)
        )

    def _count(self, records: Sequence[Record], reading: Reading, folded: Folded) -> None:
        metrics.RECORDS.inc(len(records))
        metrics.PARKED.inc(len(reading.unread))
        for name, count in metrics.UNKNOWN_TYPES.count(reading.unknown).items():
            metrics.UNKNOWN.labels(name).inc(count)
        for record, reason in reading.unread:
            logger.warning(
                "record_parked",
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                code=reason.code,
            )
        if folded.stray:
            logger.warning("outcomes_without_request", count=folded.stray)


def _chunks(due: Sequence[Stored], new: Collection[UUID], size: int) -> list[tuple[Chunk, list[Stored]]]:
    groups: dict[tuple[int, UUID, UUID, bool], list[Stored]] = {}
    for stored in due:
        account = stored.account
        key = (stored.partition, account.project_id, account.creator.import_id, account.account_id in new)
        groups.setdefault(key, []).append(stored)
    return [
        (Chunk(uuid4(), partition, project_id, import_id, [s.account.account_id for s in part], fresh), part)
        for (partition, project_id, import_id, fresh), members in groups.items()
        for part in (members[i : i + size] for i in range(0, len(members), size))
    ]
