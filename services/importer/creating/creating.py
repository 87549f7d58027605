"""Asking for accounts directly: judged, stored, published, waited for, and answered as they are listed."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

import structlog

from schemas.projects import CourseProject, refusal
from services.common.access import Principal
from services.common.database import Pool
from services.importer.creating import store
from services.importer.creating.answers import account_answers
from services.importer.domain.commands import GONE
from services.importer.domain.direct import (
    Unacceptable,
    Wanted,
    check,
    content_of,
    fingerprint,
    judged,
    keyed_import_id,
    settled,
)
from services.importer.domain.policy import AddressPolicy
from services.importer.domain.rows import StagedRow, Verdict
from services.importer.drafts.existing import ExistingAccounts, Unknown
from services.importer.metrics import SUBMISSIONS
from services.importer.projects.store import Projects
from services.importer.submission.read_model import ReadModel
from services.importer.submission.waiting import Waiting

logger = structlog.get_logger(__name__)

_KNOWN_WITHIN_S: Final = 1.0
_LISTED_WITHIN_S: Final = 10.0
_LISTED_LATE_WITHIN_S: Final = 1.0
"""Where the lists are behind anyway."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for, by whom. `single`: one account, whose fields have no places. `key`: Idempotency-Key."""

    project_id: UUID
    wanted: Sequence[Wanted]
    single: bool
    key: str | None


@dataclass(frozen=True, slots=True)
class Created:
    """The accounts, each once. `seen`: the lists have them; `again`: this very request was sent before."""

    import_id: UUID
    accounts: list[dict[str, Any]]
    seen: bool
    again: bool


class Creating:
    """Takes orders. The same order with the same key is done once, whatever crashes in between."""

    def __init__(
        self,
        pool: Pool,
        projects: Projects,
        existing: ExistingAccounts,
        waiting: Waiting,
        read_model: ReadModel,
        *,
        policy: AddressPolicy,
        clock: Callable[[], datetime],
        local_now: Callable[[], datetime],
    ) -> None:
        self._pool = pool
        self._projects = projects
        self._existing = existing
        self._waiting = waiting
        self._read_model = read_model
        self._policy = policy
        self._clock = clock
        self._local_now = local_now

    async def create(self, order: Order, principal: Principal, origin: str) -> Created:
        """Ask for the accounts, and answer when they can be read, or after two seconds.

        Raises:
            Unacceptable: nothing was created.
            NotAllowed: the project is seen, and may not be written.
        """
        project = await self._project(order.project_id, principal)
        content = await asyncio.to_thread(content_of, order.project_id, order.wanted, single=order.single)
        import_id = uuid4() if order.key is None else keyed_import_id(principal.user_id, order.key)
        again = order.key is not None and await self._was_asked(import_id, content)
        if not again:
            again = not await self._add(order, project, import_id, principal.user_id, content)
        seen = await self._waiting.all_seen(lambda: store.places(self._pool, import_id))
        rows = await store.staged(self._pool, import_id)
        listed = await self._listed([row["account_id"] for row in rows], seen=seen)
        SUBMISSIONS.labels("passed" if seen else "behind").inc()
        accounts = await asyncio.to_thread(account_answers, rows, listed, project, origin)
        return Created(import_id, accounts, seen and len(listed) == len(rows), again)

    async def _listed(self, account_ids: Sequence[UUID], *, seen: bool) -> dict[str, dict[str, Any]]:
        """The accounts as they are listed, as many as can be had in time."""
        try:
            async with asyncio.timeout(_LISTED_WITHIN_S if seen else _LISTED_LATE_WITHIN_S):
                return await self._read_model.accounts(account_ids)
        except TimeoutError:
            return {}

    async def _project(self, project_id: UUID, principal: Principal) -> CourseProject:
        """The project, if the person may write to it; one that is not seen does not exist."""
        project = await self._projects.find(project_id) if principal.sees(project_id) else None
        if project is None or project.status == "deleted":
            raise _refused(None, self._local_now())
        principal.check_manages(project_id)
        return project

    async def _was_asked(self, import_id: UUID, content: bytes) -> bool:
        """Whether this very request was sent before."""
        before = await store.earlier(self._pool, import_id)
        if before is None:
            return False
        if before.fingerprint != fingerprint(content):
            raise Unacceptable(
                "IDEMPOTENCY_KEY_REUSED",
                "This Idempotency-Key was used for another request. Send a new key.",
                status=422,
            )
        if before.gone:
            raise Unacceptable(GONE.code, GONE.detail, status=GONE.status)
        return True

    async def _add(
        self, order: Order, project: CourseProject, import_id: UUID, author: str, content: bytes
    ) -> bool:
        """Store the import; False if the same request was quicker."""
        now = self._local_now()
        if refusal(project, now) is not None:
            raise _refused(project, now)
        rows = await asyncio.to_thread(judged, order.wanted, order.project_id, self._policy)
        check(rows, single=order.single)
        rows = settled(rows, await self._states(rows))
        direct = store.Direct(
            import_id, project, author, order.key, self._clock(), rows, len(content), fingerprint(content)
        )
        copy = await asyncio.to_thread(store.copy_of, import_id, rows)
        if await store.add(self._pool, direct, copy):
            return True
        await self._was_asked(import_id, content)
        return False

    async def _states(self, rows: Sequence[StagedRow]) -> bytes:
        """How the accounts stand; as unknown ones if nobody can say soon. The log decides in any case."""
        accounts = [row.account_id or b"" for row in rows if row.verdict is Verdict.NEW]
        try:
            async with asyncio.timeout(_KNOWN_WITHIN_S):
                return await self._existing.states(b"".join(accounts))
        except (Unknown, TimeoutError) as error:
            logger.warning("existing_accounts_unknown", reason=str(error))
            return bytes(len(accounts))


def _refused(project: CourseProject | None, now: datetime) -> Unacceptable:
    code, sentence = refusal(project, now) or ("PROJECT_UNKNOWN", "There is no such project.")
    return Unacceptable(code, sentence, {"project": [sentence]})
