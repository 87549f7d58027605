"""The topic of requests deleted and made anew: the importer stops loudly, and goes on after what the page says."""

from schemas.facts import ImportAccepted
from schemas.ids import requested_import_id
from services.common.database import open_pool
from services.common.records import LogDamaged
from tests.integration.importer.support import Site, until
from tests.integration.importer.test_cancel_and_undo import facts_of
from tests.integration.importer.test_requests import SOURCE, ask, message, reading, topics, wish
from tests.support.topics import Topics
from tests.support.way_out import way_out

__all__ = ["topics"]


async def test_another_topic_is_not_taken_for_the_old_one(
    site: Site, topics: dict[str, str], topic_factory: Topics
) -> None:
    """Given a request that was taken, when another topic holds others at its place, then none is passed over."""

    async def accepted(count: int) -> bool:
        return len(await facts_of(site, ImportAccepted)) == count

    async with reading(site, topics):
        await ask(site, topics["requests_topic"], [message(wish())])
        await until(lambda: accepted(1))
    await topic_factory.again(topics["requests_topic"], 3)
    others = [message(wish(idempotency_key=f"new {n}")) for n in range(3)]
    await ask(site, topics["requests_topic"], [*others, message(wish())])
    async with reading(site, topics) as importer:
        reason = await importer.service.tasks.fatal()
    assert isinstance(reason, LogDamaged)
    assert await accepted(1)

    async with await open_pool(site.admin_dsn, name="tests", size=1) as admin:
        await admin.execute(way_out("importer"))
    async with reading(site, topics):
        await until(lambda: accepted(4))
    assert {fact.import_id for fact in await facts_of(site, ImportAccepted)} == {
        requested_import_id(SOURCE, key) for key in ("k", "new 0", "new 1", "new 2")
    }
