"""Accounts in Postgres: one SELECT before a batch, one statement for each kind of news after it."""

from collections.abc import Iterable
from typing import Any

import msgspec

from schemas.row_class import Standing
from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.accounts.fold import AccountsInMemory, wanted
from services.projector.accounts.view import AccountView, ClaimView, Phase
from services.projector.core.model import Apply, Batch

_SQL = load_queries("services.projector.accounts")
_claims_to_json = msgspec.json.Encoder(uuid_format="hex").encode
_claims_from_json = msgspec.json.Decoder(tuple[ClaimView, ...]).decode
_STANDINGS = {str(standing): standing for standing in Standing}
_PHASES: dict[str | None, Phase | None] = {None: None, **{str(phase): phase for phase in Phase}}


class AccountsFold:
    """`core.model.Fold` of accounts."""

    def __init__(self) -> None:
        self._memory = AccountsInMemory({})
        self._loaded: dict[int, AccountView] = {}

    async def load(self, connection: Connection, batch: Batch) -> None:
        """Read the accounts that the events are about."""
        views = batch.views
        if ids := wanted(batch.events):
            for row in await connection.fetch(_SQL["load_accounts"], ids):
                view = from_row(row)
                views[view.account_id.int] = view
        self._loaded = dict(views)
        self._memory = AccountsInMemory(views)

    async def store(self, connection: Connection) -> None:
        """Write the changed accounts."""
        views = [self._memory.views[key] for key in self._memory.changed]
        known, created, fresh, new = self._by_news(views)
        if fresh:
            await connection.execute(_SQL["write_fresh_accounts"], *_columns(map(_fresh_row, fresh)))
        if new:
            await connection.execute(_SQL["write_new_accounts"], *_columns(map(_whole_row, new)))
        if created:
            await connection.execute(_SQL["write_created_accounts"], *_columns(map(_created_row, created)))
        if known:
            await connection.execute(_SQL["write_known_accounts"], *_columns(map(to_row, known)))

    def _by_news(self, views: Iterable[AccountView]) -> tuple[list[AccountView], ...]:
        """Views by the statement that writes them: known, known and just created, fresh, otherwise new."""
        known: list[AccountView] = []
        created: list[AccountView] = []
        fresh: list[AccountView] = []
        new: list[AccountView] = []
        for view in views:
            if view.origin is not None:
                (fresh if view.version == 0 and len(view.claims) == 1 else new).append(view)
            elif _just_created(view, self._loaded.get(view.account_id.int)):
                created.append(view)
            else:
                known.append(view)
        return known, created, fresh, new

    @property
    def apply(self) -> Apply:
        """Folds one event."""
        return self._memory.apply


def from_row(row: Any) -> AccountView:
    """The view that `load_accounts` selected."""
    (account_id, modified, version, standing, phase, username, code, message, can_retry, attempts,
     next_attempt_at, expires_at, life, uncertain, close_code, claims, requested) = row  # fmt: skip
    return AccountView(
        account_id,
        modified,
        version,
        _STANDINGS[standing],
        _PHASES[phase],
        username,
        code,
        message,
        can_retry,
        attempts,
        next_attempt_at,
        expires_at,
        life,
        _claims_from_json(claims),
        uncertain,
        close_code,
        requested,
    )


def to_row(view: AccountView) -> tuple[Any, ...]:
    """The view as `write_known_accounts` takes it."""
    return (
        view.account_id,
        view.modified,
        view.version,
        view.standing,
        view.phase,
        view.username,
        view.code,
        view.message,
        view.can_retry,
        view.attempts,
        view.next_attempt_at,
        view.expires_at,
        view.life,
        view.uncertain,
        view.close_code,
        _claims_to_json(view.claims).decode(),
    )


def _just_created(view: AccountView, loaded: AccountView | None) -> bool:
    """Whether nothing is news but that the account was made: the usual second and last event."""
    return (
        view.standing is Standing.OK
        and view.phase is None
        and loaded is not None
        and view.claims is loaded.claims
        and view.life == loaded.life
    )


def _created_row(view: AccountView) -> tuple[Any, ...]:
    """All that can have changed; trouble is over (`evolve`), so its columns are emptied."""
    return (
        view.account_id,
        view.modified,
        view.version,
        view.username,
        view.attempts,
        view.expires_at,
    )


def _fresh_row(view: AccountView) -> tuple[Any, ...]:
    """Only what the defaults of a view do not say: every value that is sent costs."""
    origin = view.origin
    assert origin is not None  # noqa: S101 - only such views are fresh
    return (
        view.account_id,
        origin.project_id,
        origin.email,
        origin.description,
        origin.requested_by,
        origin.created,
        _claims_to_json(view.claims).decode(),
    )


def _whole_row(view: AccountView) -> tuple[Any, ...]:
    origin = view.origin
    assert origin is not None  # noqa: S101 - only such views are written whole
    return (
        *to_row(view),
        origin.project_id,
        origin.email,
        origin.description,
        origin.requested_by,
        origin.created,
    )


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True))
