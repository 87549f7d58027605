"""Long tests, by `make soak` only: minutes each, with figures printed as they come."""

import os
from collections.abc import AsyncIterator

import pytest

from deploy.embedded.postgres_place import discard
from deploy.embedded.reaper import Reaper
from deploy.embedded.stack import UNLIMITED
from tests.e2e.site import Course, Site, running
from tests.support.embedded import throwaway_folder

collect_ignore_glob = [] if os.environ.get("SOAK") else ["test_*.py"]


@pytest.fixture(scope="session")
async def site(warden: Reaper) -> AsyncIterator[Site]:
    """An installation with two provisioners."""
    with throwaway_folder(warden) as folder:
        async with running(folder, warden, "--copies", "provisioner=2", env=UNLIMITED) as site:
            yield site
        discard(folder / "data" / "postgres")


@pytest.fixture
async def course(site: Site) -> Course:
    """A course that only this test uses."""
    return await site.course()
