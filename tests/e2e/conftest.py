"""Every test has a course of its own in the one installation that they share."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from deploy.embedded.postgres_place import discard
from deploy.embedded.reaper import Reaper
from tests.e2e.site import Course, Site
from tests.support.embedded import throwaway_folder


@pytest.fixture
async def site(shared_site: Site) -> AsyncIterator[Site]:
    """The shared installation, with an account service that behaves again afterwards."""
    yield shared_site
    await shared_site.faults()


@pytest.fixture
async def course(site: Site) -> Course:
    """A course that only this test uses."""
    return await site.course()


@pytest.fixture
def own_folder(warden: Reaper) -> Iterator[Path]:
    """For an installation that only this test uses."""
    with throwaway_folder(warden) as folder:
        yield folder
        discard(folder / "course-accounts" / "postgres")
