"""A set of empty tables for each test."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from services.common.database import Pool, open_pool
from services.projector.core.sets import ensure_set
from services.projector.registry import READ_MODELS

if TYPE_CHECKING:
    from deploy.provisioning.database import Provisioned


@pytest.fixture
async def pool(service_database: "Provisioned") -> AsyncIterator[Pool]:
    """Connections of the projector's own role to a set of empty tables."""
    dsn = service_database.services["projector"]
    async with await open_pool(dsn, name="test", size=4, schema="projector") as found:
        await ensure_set(found, READ_MODELS, schema="projector")
        yield found


@pytest.fixture
async def admin(service_database: "Provisioned") -> AsyncIterator[Pool]:
    """Connections of a superuser."""
    async with await open_pool(service_database.admin, name="admin", size=1) as found:
        yield found
