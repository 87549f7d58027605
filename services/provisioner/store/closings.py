"""Since when and why accounts are being closed: rows beside `accounts`, written only when that begins or ends.

An account is there as long as it stands as `Closing`. Nothing decides by these rows; the report reads them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.common.database import Connection
from services.common.sql import load_queries
from services.provisioner.account import Change, Closing

_SQL = load_queries("services.provisioner.store", "closings.sql")


async def follow(
    connection: Connection,
    changes: Sequence[Change],
    stored: Collection[UUID],
    *,
    asked: Mapping[UUID, datetime],
) -> None:
    """Keep up with those of `changes` that were `stored`; `asked`: since when, if not since now."""
    entered: list[tuple[UUID, UUID, str, datetime | None]] = []
    left: list[UUID] = []
    for change in changes:
        after = change.after
        is_closing = type(after.standing) is Closing
        if is_closing == (type(change.before.standing) is Closing) or after.account_id not in stored:
            continue
        if isinstance(after.standing, Closing):
            cause = after.standing.cause or "request"
            entered.append((after.account_id, after.project_id, cause, asked.get(after.account_id)))
        else:
            left.append(after.account_id)
    if entered:
        await connection.execute(_SQL["enter"], *map(list, zip(*entered, strict=True)))
    if left:
        await connection.execute(_SQL["leave"], left)
