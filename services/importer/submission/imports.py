"""The transaction that submits a draft."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import orjson

from schemas.facts import IfExists
from schemas.projects import refusal
from services.common.database import ACQUIRE_TIMEOUT_S, Connection, Pool, transaction
from services.common.sql import load_queries
from services.importer.domain.preview import requested
from services.importer.domain.submission import Again, Refused, Submit, Submitted, decide
from services.importer.drafts.repository import Drafts, lock_draft
from services.importer.projects.store import Projects

_SQL = load_queries("services.importer.submission")


class SubmissionRefused(Exception):
    """Nothing was submitted; `refused` says why."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.detail)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Import:
    """A submitted import. `answer`: what its submission was answered, if that is known."""

    import_id: UUID
    project_id: UUID
    author: str
    source: str
    submitted_at: datetime
    rows: int
    requested: int
    verdicts: dict[str, int]
    submitted: Submitted
    answer: dict[str, Any] | None


class Imports:
    """Submits drafts, and finds what was submitted."""

    def __init__(
        self,
        pool: Pool,
        drafts: Drafts,
        projects: Projects,
        *,
        clock: Callable[[], datetime],
        local_now: Callable[[], datetime],
    ) -> None:
        self._pool = pool
        self._drafts = drafts
        self._projects = projects
        self._clock = clock
        self._local_now = local_now

    async def submit(self, draft_id: UUID, command: Submit, author: str) -> Import:
        """Make the draft an import, or find that this very request did so before.

        Raises:
            SubmissionRefused: it may not be submitted (again).
        """
        draft = await self._drafts.find(draft_id)
        if draft is None:
            raise SubmissionRefused(Refused(404, "NOT_FOUND", "There is no such draft."))
        project = await self._projects.find(draft.project_id)
        async with transaction(self._pool) as connection:
            draft = await lock_draft(connection, draft_id)
            assert draft is not None  # noqa: S101 - drafts are never deleted
            before = await _find(connection, draft_id)
            decision = decide(
                command,
                state=draft.state,
                preview_hash=draft.preview_hash,
                invalid=(draft.verdicts or {}).get("invalid", 0),
                before=before.submitted if before is not None else None,
            )
            if isinstance(decision, Refused):
                raise SubmissionRefused(decision)
            if isinstance(decision, Again) and before is not None:
                return before
            if (why := refusal(project, self._local_now())) is not None or project is None:
                code, sentence = why or ("PROJECT_UNKNOWN", "There is no such project.")
                raise SubmissionRefused(Refused(400, code, sentence))
            await connection.execute(
                _SQL["add_import"],
                draft_id,
                msgspec.json.encode(project.snapshot()).decode(),
                author,
                self._clock(),
                command.key,
                command.choices.erred,
                command.choices.closed,
                requested(draft.verdicts or {}),
            )
            await connection.execute(_SQL["mark_submitted"], draft_id)
            submitted = await _find(connection, draft_id)
            assert submitted is not None  # noqa: S101 - just inserted
            return submitted

    async def find(self, import_id: UUID) -> Import | None:
        """What was submitted under this id."""
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            return await _find(connection, import_id)

    async def acceptance(self, import_id: UUID) -> tuple[int, int] | None:
        """Partition and offset of ImportAccepted, once confirmed."""
        row = await self._pool.fetchrow(_SQL["acceptance"], import_id)
        return None if row is None else (row["accepted_partition"], row["accepted_offset"])

    async def keep_answer(self, import_id: UUID, answer: dict[str, Any]) -> None:
        """Remember the first answer."""
        await self._pool.execute(_SQL["keep_answer"], import_id, orjson.dumps(answer).decode())


async def _find(connection: Connection, import_id: UUID) -> Import | None:
    row: asyncpg.Record | None = await connection.fetchrow(_SQL["find_import"], import_id)
    if row is None:
        return None
    return Import(
        import_id=row["import_id"],
        project_id=UUID(row["project_id"]),
        author=row["author"],
        source=row["source"],
        submitted_at=row["submitted_at"],
        rows=row["rows"],
        requested=row["requested"],
        verdicts=orjson.loads(row["verdicts"]),
        submitted=Submitted(row["idempotency_key"], IfExists(erred=row["if_erred"], closed=row["if_closed"])),
        answer=None if row["answer"] is None else orjson.loads(row["answer"]),
    )
