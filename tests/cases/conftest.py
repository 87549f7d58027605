"""Two importers for all cases: one as it comes, one with small limits and wishes about domains."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from deploy.provisioning.database import ROLES, provision_database
from deploy.provisioning.dsn import with_user
from schemas.projects import CourseProject
from tests.cases.model import all_cases
from tests.cases.playing import Player
from tests.integration.importer.support import (
    LOG_PARTITIONS,
    TODAY,
    KnownAccounts,
    Site,
    make_site,
    publish_projects,
    running,
)
from tests.support.databases import Databases
from tests.support.topics import Topics

_COURSES = 200


@pytest.fixture(scope="module")
def courses() -> list[CourseProject]:
    """More courses than there are uploads."""
    return [
        CourseProject(
            project_id=UUID(int=1_000 + number),
            name=f"Course {number}",
            slug=f"course-{number}",
            end_date=TODAY + timedelta(days=30),
        )
        for number in range(_COURSES)
    ]


@pytest.fixture(scope="module")
async def site(
    kafka_bootstrap: str,
    kafka_admin: AIOKafkaAdminClient,
    databases: Databases,
    courses: list[CourseProject],
) -> AsyncIterator[Site]:
    """Topics and a database for this folder."""
    passwords = {role: f"test-{role}" for role in ROLES}
    topics = Topics(kafka_admin)
    async with databases.copy() as name:
        admin = databases.dsn(name)
        await provision_database(admin, name, passwords)
        site = await make_site(
            kafka_bootstrap,
            with_user(admin, "importer", passwords["importer"]),
            admin,
            await topics(LOG_PARTITIONS, name="log"),
            await topics(1, name="projects", config={"cleanup.policy": "compact"}),
        )
        await publish_projects(site, courses)
        yield site
    await topics.close()


@asynccontextmanager
async def _playing(
    site: Site, courses: list[CourseProject], settings: Mapping[str, Any]
) -> AsyncIterator[Player]:
    existing = KnownAccounts()
    database = await asyncpg.connect(site.admin_dsn)
    try:
        async with running(site, existing=existing, changes=dict(settings)) as importer:
            yield Player(site, importer, existing, database, courses)
    finally:
        await database.close()


@pytest.fixture(scope="module")
async def player(site: Site, courses: list[CourseProject]) -> AsyncIterator[Player]:
    """The importer of most cases."""
    async with _playing(site, courses, {}) as player:
        yield player


@pytest.fixture(scope="module")
async def strict_player(site: Site, courses: list[CourseProject]) -> AsyncIterator[Player]:
    """The importer of the cases with settings: it has the settings of all of them."""
    settings = {name: value for case in all_cases() for name, value in case.settings.items()}
    async with _playing(site, courses, {**settings, "group": f"strict.{site.projects}"}) as player:
        yield player
