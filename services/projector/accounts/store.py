"""Accounts in Postgres: one SELECT before a batch, one statement for new accounts and one for known ones after."""

from collections.abc import Iterable
from typing import Any

import msgspec

from schemas.row_class import Standing
from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.accounts.fold import AccountsInMemory, wanted
from services.projector.accounts.view import AccountView, ClaimView, Phase
from services.projector.core.model import Batch, Change, Located

_SQL = load_queries("services.projector.accounts")
_claims_to_json = msgspec.json.Encoder(uuid_format="hex").encode
_claims_from_json = msgspec.json.Decoder(tuple[ClaimView, ...]).decode
_STANDINGS = {str(standing): standing for standing in Standing}
_PHASES: dict[str | None, Phase | None] = {None: None, **{str(phase): phase for phase in Phase}}


class AccountsFold:
    """`core.model.Fold` of accounts."""

    def __init__(self) -> None:
        self._memory = AccountsInMemory({})

    async def load(self, connection: Connection, batch: Batch) -> None:
        """Read the accounts that the events are about."""
        views = batch.views
        if ids := wanted(batch.events):
            for row in await connection.fetch(_SQL["load_accounts"], list(ids)):
                view = from_row(row)
                views[view.account_id] = view
        self._memory = AccountsInMemory(views)

    async def store(self, connection: Connection) -> None:
        """Write the changed accounts."""
        views = [self._memory.views[account_id] for account_id in self._memory.changed]
        new = [view for view in views if view.origin is not None]
        known = [view for view in views if view.origin is None]
        if new:
            await connection.execute(_SQL["write_new_accounts"], *_columns(map(_whole_row, new)))
        if known:
            await connection.execute(_SQL["write_known_accounts"], *_columns(map(to_row, known)))

    def apply(self, event: Located, change: Change | None) -> Change | None:
        """Fold one event."""
        return self._memory.apply(event, change)


def from_row(row: Any) -> AccountView:
    """The view that `load_accounts` selected."""
    (account_id, modified, version, standing, phase, username, code, message, can_retry, attempts,
     next_attempt_at, expires_at, life, claims, requested) = row  # fmt: skip
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
        requested,
    )


def to_row(view: AccountView) -> tuple[Any, ...]:
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
