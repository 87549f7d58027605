"""The stack behind the tests, started when the first test asks for it; see ``tests/support/stack.py``."""

import os
from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from deploy.embedded.postgres_place import discard
from deploy.embedded.reaper import Reaper
from tests.support import chromium, shares, stack
from tests.support.databases import Databases
from tests.support.embedded import throwaway_folder
from tests.support.topics import Topics

if TYPE_CHECKING:
    from deploy.provisioning.database import Provisioned
    from tests.e2e.site import Site

# A broker that lives for minutes is not worth Java's second, slow compiler: a third of the processor time.
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")

_SHARED = "shared_site"
_IDLE_COSTS = (_SHARED, "browser")
"""Session fixtures; if a later test wants one again it is started again."""


def pytest_report_header() -> list[str]:
    """Say which Kafka, PostgreSQL and browser the run uses."""
    return [f"test stack: {stack.mode()}", f"browser: {chromium.executable() or chromium.MISSING}"]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share out a whole run only; `-n` with a number says otherwise."""
    return shares.workers(config)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "shares.Shares | None":
    """Share out the tests as `tests/support/shares.py` says, unless another way is asked for."""
    if config.getvalue("dist") != "load":
        return None
    config.option.loadscopereorder = False
    return shares.Shares(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Among workers, the longest shares come first, and in each share those that use the shared installation."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: (shares.turn(item.nodeid), _SHARED not in _fixtures(item)))


def _fixtures(item: pytest.Item) -> Sequence[str]:
    return item.fixturenames if isinstance(item, pytest.Function) else ()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    """End what takes processor time while nobody asks it anything, as soon as the next test does without it."""
    yield
    following = () if nextitem is None else _fixtures(nextitem)
    if isinstance(item, pytest.Function):
        for name in _IDLE_COSTS:
            if name in item.fixturenames and name not in following:
                for fixture in item._fixtureinfo.name2fixturedefs[name]:
                    fixture.finish(item._request)


@pytest.fixture(scope="session")
def warden() -> Iterator[Reaper]:
    """Ends every server of this run, even when the run itself is killed."""
    warden = Reaper()
    yield warden
    warden.close()


@pytest.fixture(scope="session")
async def kafka_bootstrap(warden: Reaper) -> AsyncIterator[str]:
    """``host:port`` of the run's broker."""
    async with stack.kafka(warden) as bootstrap:
        yield bootstrap


@pytest.fixture(scope="session")
async def postgres_admin_dsn(warden: Reaper) -> AsyncIterator[str]:
    """A superuser's DSN of the run's PostgreSQL, in the database ``postgres``."""
    async with stack.postgres(warden) as dsn:
        yield dsn


@pytest.fixture(scope="session")
async def databases(postgres_admin_dsn: str) -> AsyncIterator[Databases]:
    """Makes databases, from templates of a test folder's own if it wants: see ``Databases.template``."""
    databases = Databases(postgres_admin_dsn)
    yield databases
    await databases.close()


@pytest.fixture
async def fresh_database(databases: Databases) -> AsyncIterator[str]:
    """A superuser's DSN of an empty database that only this test uses."""
    async with databases.copy() as name:
        yield databases.dsn(name)


@pytest.fixture
async def service_database(databases: Databases) -> "AsyncIterator[Provisioned]":
    """A database that only this test uses, with the services' roles, schemas and the tables of ``access``."""
    from deploy.provisioning.database import ROLES, Provisioned, provision_database
    from deploy.provisioning.dsn import with_user

    passwords = {role: f"test-{role}" for role in ROLES}

    async def prepare(dsn: str) -> None:
        await provision_database(dsn, dsn.rpartition("/")[2], passwords)

    template = await databases.template("services", prepare)
    async with databases.copy(template) as name:
        admin = databases.dsn(name)
        yield Provisioned(
            admin, {role: with_user(admin, role, passwords[role]) for role in ROLES}, created=True
        )


@pytest.fixture(scope="session")
async def shared_site(warden: Reaper) -> "AsyncIterator[Site]":
    """One installation, as `course-accounts up` starts it, for all tests that leave it well."""
    from tests.e2e.site import running

    with throwaway_folder(warden) as folder:
        async with running(folder, warden) as site:
            yield site
        discard(folder / "course-accounts" / "postgres")


@pytest.fixture(scope="session")
async def kafka_admin(kafka_bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    """A started admin client of the run's broker."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    yield admin
    await admin.close()


@pytest.fixture
async def topic_factory(kafka_admin: AIOKafkaAdminClient) -> AsyncIterator[Topics]:
    """Creates topics only this test uses: await it with the number of partitions."""
    topics = Topics(kafka_admin)
    yield topics
    await topics.close()


@pytest.fixture
async def fresh_topic(topic_factory: Topics) -> str:
    """A topic of one partition only this test uses."""
    return await topic_factory()
