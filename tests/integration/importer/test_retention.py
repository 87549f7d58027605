"""What names people goes some days after its project was deleted, and not before."""

from dataclasses import replace
from datetime import timedelta

from services.common.database import open_pool
from services.importer.submission.retention import Retention
from tests.integration.importer.commanding import Screen, Told
from tests.integration.importer.support import COURSE, Clock, Site, people, publish_projects, running, until
from tests.integration.importer.test_submissions import all_published


async def test_rows_of_a_deleted_project_go(site: Site) -> None:
    """Rows and file names go after their days; the import stays known, and can no longer be commanded."""
    clock = Clock()
    async with running(
        site, clock=clock, provisioner=Told(), read_model=Screen(state="finished")
    ) as importer:
        draft = await importer.preview(people(3))
        await importer.submit(draft)
        await all_published(site)
        pool = await open_pool(site.dsn, name="tests", size=2, schema="importer")
        async with pool:
            retention = Retention(pool, days=30, clock=clock)

            async def rows() -> int:
                await retention.step()
                return int(await pool.fetchval("SELECT count(*) FROM draft_rows"))

            await publish_projects(site, [replace(COURSE, revision=2, status="deleted")])

            async def deleted() -> bool:
                query = "SELECT count(*) FROM projects WHERE project ->> 'status' = 'deleted'"
                return bool(await pool.fetchval(query))

            await until(deleted)
            assert await rows() == 3
            clock.now += timedelta(days=29)
            assert await rows() == 3
            clock.now += timedelta(days=2)
            assert await rows() == 0
            assert await pool.fetchval("SELECT file_name IS NULL FROM imports")
            assert await pool.fetchval("SELECT file_name IS NULL FROM drafts")
        gone = await importer.client.post(f"/api/course-imports/{draft['uuid']}/undo/")
        assert (gone.status_code, gone.json()["code"]) == (410, "IMPORT_GONE")
