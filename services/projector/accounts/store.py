"""Accounts in Postgres: one SELECT before a batch, COPY after it: of new ones into the table, of news beside it."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from schemas.row_class import Standing
from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.accounts.fold import AccountsInMemory, wanted
from services.projector.accounts.view import AccountView, ClaimView, Phase
from services.projector.core import bulk
from services.projector.core.model import Apply, Batch

_SQL = load_queries("services.projector.accounts")
_claims_to_json = msgspec.json.Encoder(uuid_format="hex").encode
_claims_from_json = msgspec.json.Decoder(tuple[ClaimView, ...]).decode
_STANDINGS = {str(standing): standing for standing in Standing}
_PHASES: dict[str | None, Phase | None] = {None: None, **{str(phase): phase for phase in Phase}}

_CHANGING: Mapping[str, bulk.Encoder] = {
    "account_id": bulk.uuids,
    "modified": bulk.moments,
    "version": bulk.numbers,
    "standing": bulk.same_texts,
    "phase": bulk.same_texts,
    "username": bulk.texts,
    "code": bulk.same_texts,
    "message": bulk.same_texts,
    "can_retry": bulk.truths,
    "attempts": bulk.numbers,
    "next_attempt_at": bulk.moments,
    "expires_at": bulk.moments,
    "life": bulk.numbers,
    "uncertain": bulk.truths,
    "close_code": bulk.same_texts,
    "claims": bulk.raw_texts,
}
"""The columns of `to_row`."""
_LASTING: Mapping[str, bulk.Encoder] = {
    "project_id": bulk.same_uuids,
    "email": bulk.texts,
    "address": bulk.texts,
    "description": bulk.texts,
    "requested_by": bulk.same_texts,
    "created": bulk.moments,
}
_INTO_ACCOUNTS = bulk.CopyInto("accounts", {**_CHANGING, **_LASTING})
_INTO_NEWS = bulk.CopyInto("news_of_accounts", {**_CHANGING, **_LASTING})


class AccountsFold:
    """`core.model.Fold` of accounts."""

    def __init__(self) -> None:
        self._memory = AccountsInMemory({})
        self._loaded: frozenset[int] = frozenset()

    async def load(self, connection: Connection, batch: Batch) -> None:
        """Read the accounts that the events are about."""
        views = batch.views
        if ids := wanted(batch.events):
            for row in await connection.fetch(_SQL["load_accounts"], ids):
                view = from_row(row)
                views[view.account_id.int] = view
        self._loaded = frozenset(views)
        self._memory = AccountsInMemory(views)

    async def store(self, connection: Connection) -> None:
        """Write the changed accounts."""
        views = self._memory.views
        changed, loaded = self._memory.changed, self._loaded
        # The compare-and-set of the positions made sure that nobody else writes these accounts.
        if new := changed - loaded:
            await _INTO_ACCOUNTS.write(connection, (_whole_row(views[key]) for key in sorted(new)))
        if news := changed & loaded:
            await _write_news(connection, (_whole_row(views[key]) for key in sorted(news)))

    async def fill(self, connection: Connection) -> None:
        """Write all accounts into a table that holds none of them."""
        views = self._memory.views
        if not await _INTO_ACCOUNTS.write_new(connection, map(_whole_row, views.values())):
            await _write_news(connection, map(_whole_row, views.values()))

    @property
    def apply(self) -> Apply:
        """Folds one event."""
        return self._memory.apply


async def _write_news(connection: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    await connection.execute(_SQL["make_news"])
    await _INTO_NEWS.write(connection, rows)
    await connection.execute(_SQL["write_news"])


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
    """The view as `_CHANGING` says."""
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
        _claims_to_json(view.claims),
    )


def _whole_row(view: AccountView) -> tuple[Any, ...]:
    origin = view.origin
    if origin is None:
        return (*to_row(view), None, None, None, None, None, None)
    email = origin.email
    address = email.lower()
    return (
        *to_row(view),
        origin.project_id,
        email,
        None if address == email else address,
        origin.description,
        origin.requested_by,
        origin.created,
    )
