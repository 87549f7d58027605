"""The fixture of this folder."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.integration.front.support import Fronts


@pytest.fixture
async def fronts() -> AsyncIterator[Fronts]:
    """Starts fronts and services for one test."""
    async with AsyncExitStack() as stack:
        yield Fronts(stack)
