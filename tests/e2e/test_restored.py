"""Tables put back from an older copy while work is under way: they heal from the log, nobody gets a second account."""

import asyncpg
import pytest

from tests.e2e.site import UNGUARDED, Course, Site
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

_ROWS = 2000
_TABLES = """
SELECT table_name, coalesce(string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position), '')
FROM information_schema.columns
WHERE table_schema = 'provisioner' AND table_name <> 'migrations' AND is_generated = 'NEVER'
GROUP BY table_name"""


async def _copy_away(tables: asyncpg.Connection) -> None:
    """A snapshot of everything the provisioner holds."""
    async with tables.transaction(isolation="repeatable_read"):
        await tables.execute("DROP SCHEMA IF EXISTS older CASCADE; CREATE SCHEMA older")
        for name, _ in await tables.fetch(_TABLES):
            await tables.execute(f'CREATE TABLE older."{name}" AS TABLE provisioner."{name}"')


async def _put_back(tables: asyncpg.Connection) -> None:
    """As a restore of yesterday's dump would."""
    found = await tables.fetch(_TABLES)
    async with tables.transaction():
        await tables.execute(
            "SET LOCAL session_replication_role = replica"
        )  # in any order, as a dump is restored
        await tables.execute("TRUNCATE " + ", ".join(f'provisioner."{name}"' for name, _ in found))
        for name, columns in found:
            await tables.execute(
                f'INSERT INTO provisioner."{name}" ({columns}) OVERRIDING SYSTEM VALUE '  # noqa: S608 - our own names
                f'SELECT {columns} FROM older."{name}"'
            )


async def test_the_provisioners_put_back_in_the_middle(site: Site, course: Course) -> None:
    """A quarter done when they were copied, the half when they are put back: every account is made once."""
    await site.faults(**UNGUARDED, latency_ms=150)
    command, import_id = await site.begin_import(course, course.file(site.folder, _ROWS))
    await site.progress(import_id, _ROWS // 8)
    await _copy_away(site.tables)
    await site.progress(import_id, _ROWS // 3)

    async def restored() -> bool:
        try:
            await _put_back(site.tables)
        except asyncpg.DeadlockDetectedError:  # with the service at work, which locks in an order of its own
            return False
        return True

    await until(restored, "the tables to be put back")
    ended = await command.end()
    assert (ended.code, ended.last["counts"]["created"]) == (0, _ROWS), ended.err
    assert len((await site.check(course)).created) == _ROWS
    await site.tables.execute("DROP SCHEMA older CASCADE")
