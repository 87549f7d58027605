"""The shape of a read model, and of what it folds."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

import msgspec
from fastapi import APIRouter

from schemas.facts import Fact
from schemas.projects import CourseProject
from schemas.row_class import RowClass
from services.common.database import Connection
from services.projector.accounts.view import AccountView, ClaimView, Ending


class Located(NamedTuple):
    """A fact, when it happened, and the partition whose order it belongs to."""

    partition: int
    time: datetime
    fact: Fact | CourseProject


class ClaimChange(msgspec.Struct, frozen=True, gc=False):
    """One row whose account had news: how it stood and stands; its class, and what an undo comes to for it."""

    was: ClaimView | None
    now: ClaimView
    before: RowClass | None
    after: RowClass
    ended: Ending | None
    ending: Ending | None


class Change(msgspec.Struct, frozen=True, gc=False):
    """News of an account, with every row that has a claim on it."""

    view: AccountView
    claims: tuple[ClaimChange, ...]


class Batch(NamedTuple):
    """The events of one batch, and the accounts they are about as `accounts` loaded them.

    `views` has `account_id.int` as its key: hashing a UUID is slow, and every event needs it several times.
    """

    events: Sequence[Located]
    views: dict[int, AccountView]


Apply = Callable[[Located, Change | None], Change | None]
"""Folds one event and never raises; is given what `accounts` made of it, and hands it on to the next model."""


class Fold(Protocol):
    """One read model during one batch: loads what the batch touches, folds in memory, stores once."""

    async def load(self, connection: Connection, batch: Batch) -> None:
        """Read what folding the events of `batch` needs."""
        ...

    @property
    def apply(self) -> Apply:
        """What folds one event; asked for after `load`."""
        ...

    async def store(self, connection: Connection) -> None:
        """Write what changed; runs in the transaction that moves the positions."""
        ...

    async def fill(self, connection: Connection) -> None:
        """Write all that was folded, instead of `store`, when nothing was loaded.

        For partitions that are folded from their beginning: the tables hold nothing of the keys of these events.
        """
        ...


@dataclass(frozen=True, slots=True)
class ReadModel:
    """One read model: a folder, named after the question it answers.

    `handles` is explicit, so that a new type of event is never taken or left out by accident. `version` rises
    with the logic: tables of another version are not touched, they are built anew. `invariants` are queries of
    the folder's `invariants.sql`, each of which finds what breaks a rule that holds at every place of the log.
    Tables of a `transient` model are no function of the log alone: sets are compared without them.
    """

    name: str
    package: str
    version: int
    handles: tuple[type[Fact] | type[CourseProject], ...]
    fold: Callable[[], Fold]
    router: Callable[[], APIRouter] | None = None
    seed: Callable[[Connection], Awaitable[None]] | None = None
    invariants: tuple[str, ...] = ()
    transient: bool = False


def fact_types(models: Sequence[ReadModel]) -> frozenset[type]:
    """Every type that some model handles."""
    return frozenset(kind for model in models for kind in model.handles)


def imports_of(change: Change) -> set[UUID]:
    """The imports with a claim on the account."""
    return {claim.now.import_id for claim in change.claims}
