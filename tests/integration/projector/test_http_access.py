"""What is not there, and what our own services ask, over real tables."""

import asyncio
from typing import Any

from services.common.database import Pool
from services.common.records import TopicPartition
from services.projector.core.board import Board
from tests.integration.projector.a_course import A, a_course
from tests.integration.projector.support import (
    INTERNAL,
    LOG,
    client,
    reader,
    records,
    take_over,
)


async def test_what_is_not_there_is_404(pool: Pool, admin: Pool) -> None:
    """Unknown ids and texts that are no ids, everywhere alike."""
    async with client(pool, admin) as http:
        for path in ("course-imports/nonsense/", f"course-imports/{A}/", f"course-imports/{A}/rows/",
                     f"course-imports/{A}/accounts.csv", f"course-imports/{A}/rows.csv",
                     "marketplace-course-accounts/nonsense/"):  # fmt: skip
            answer = await http.get(f"/api/{path}")
            assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_passed_answers_as_soon_as_the_tables_are_there(pool: Pool, admin: Pool) -> None:
    """At once, after the fold of this copy or of another one, or 408; and only for our own services."""
    log = records(a_course().facts)
    board = Board()
    ours = {"Authorization": f"Bearer {INTERNAL}"}
    partition = log[0].partition
    of_partition = [record for record in log if record.partition == partition]
    place: dict[str, Any] = {"topic": LOG, "partition": partition, "offset": of_partition[-1].offset}
    async with client(pool, admin, board=board) as http:
        late = await http.get("/internal/passed", params={**place, "wait": 0.05}, headers=ours)
        assert (late.status_code, late.json()["code"]) == (408, "NOT_PASSED_YET")
        waiting = asyncio.create_task(http.get("/internal/passed", params={**place, "wait": 5}, headers=ours))
        handler = reader(pool, board)
        await take_over(handler)
        await handler.handle(log)
        assert (await waiting).status_code == 200
        denied = await http.get("/internal/passed", params=place)
        assert denied.status_code == 401
        too_long = await http.get("/internal/passed", params={**place, "wait": 6}, headers=ours)
        assert too_long.status_code == 400
    async with client(pool, admin) as elsewhere:  # a copy whose own board knows nothing
        assert (await elsewhere.get("/internal/passed", params=place, headers=ours)).status_code == 200


async def test_waiters_wake_when_this_copy_moves() -> None:
    """Without asking the table."""
    board, here = Board(), TopicPartition(LOG, 0)
    board.reached({here: 3})
    assert await board.passed(None, here, 2, wait_s=0)  # type: ignore[arg-type]
