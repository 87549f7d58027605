"""Records of the log as facts, per account and in order; what nobody can read is set aside with its reason."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from schemas import codec
from schemas.codec import Unreadable
from schemas.facts import (
    AccountCloseRequested,
    AccountFact,
    AccountRequested,
    ImportCancelled,
    ImportUndoStarted,
    TargetPaused,
    TargetResumed,
)
from services.common.parked import Unread
from services.common.records import Record, TopicPartition
from services.common.unknown_types import newer_type

_RECORDS_PER_SLICE = 250

_OF_ACCOUNTS = (AccountRequested, AccountFact)
_OF_IMPORTS = (ImportCancelled, ImportUndoStarted)
_OF_TARGETS = (TargetPaused, TargetResumed)


@dataclass(slots=True)
class Reading:
    """What one batch of records says."""

    facts: dict[UUID, list[AccountRequested | AccountFact]] = field(default_factory=dict)
    partitions: dict[UUID, int] = field(default_factory=dict)
    moves: dict[TopicPartition, tuple[int, int]] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    unknown: list[Record] = field(default_factory=list)
    """Of types that only a newer version knows."""
    imports: list[tuple[int, ImportCancelled | ImportUndoStarted]] = field(default_factory=list)
    """What was decided about whole imports, with the partition it stands in."""
    projects: dict[UUID, UUID] = field(default_factory=dict)
    """The project of each import that asked for something."""
    targets: list[TargetPaused | TargetResumed] = field(default_factory=list)
    """What was told of account services."""
    asked: dict[UUID, datetime] = field(default_factory=dict)
    """Since when accounts are to be closed."""
    own: int = 0
    """Facts of ours that are in the tables already."""


class Reader:
    """Reads batches, and knows which of our own facts it need not read again.

    `recorded` holds the ids of facts this process committed and has not yet met on the log. Whoever resets
    the positions must empty it: then every fact counts again.
    """

    def __init__(self) -> None:
        self.recorded: set[bytes] = set()

    async def read(self, records: Sequence[Record]) -> Reading:
        """Decode `records`, giving the event loop back now and then."""
        reading = Reading()
        for start in range(0, len(records), _RECORDS_PER_SLICE):
            for record in records[start : start + _RECORDS_PER_SLICE]:
                self._read_one(record, reading)
            await asyncio.sleep(0)
        return reading

    def _read_one(self, record: Record, reading: Reading) -> None:
        here = TopicPartition(record.topic, record.partition)
        first, _ = reading.moves.get(here, (record.offset, 0))
        reading.moves[here] = (first, record.offset + 1)
        for name, value in record.headers:
            if name == "ce_id":
                if value is not None and value in self.recorded:
                    self.recorded.discard(value)
                    reading.own += 1
                    return
                break
        try:
            event = codec.decode(record.headers, record.value)
        except Unreadable as reason:
            if reason.code == "UNKNOWN_TYPE" and newer_type(record):
                reading.unknown.append(record)
            else:
                reading.unread.append(Unread(record, reason))
            return
        fact = event.fact
        if isinstance(fact, _OF_ACCOUNTS):
            reading.facts.setdefault(fact.subject, []).append(fact)
            reading.partitions[fact.subject] = record.partition
            if isinstance(fact, AccountRequested):
                reading.projects[fact.claim.import_id] = fact.project.project_id
            elif isinstance(fact, AccountCloseRequested):
                reading.asked[fact.account_id] = event.time
        elif isinstance(fact, _OF_IMPORTS):
            reading.imports.append((record.partition, fact))
        elif isinstance(fact, _OF_TARGETS):
            reading.targets.append(fact)
