"""The fixtures of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded.reaper import Reaper
from tests.support.embedded import throwaway_folder


@pytest.fixture
def home(warden: Reaper) -> Iterator[Path]:
    """A folder for servers of one test's own."""
    with throwaway_folder(warden) as folder:
        yield folder
