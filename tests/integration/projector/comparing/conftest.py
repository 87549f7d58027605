"""Two sets in one database."""

from typing import TYPE_CHECKING

import pytest

from services.common.database import Pool, open_pool
from services.projector.core.sets import ensure_set
from services.projector.registry import READ_MODELS
from tests.integration.projector.comparing.support import OTHER, TwoSets

if TYPE_CHECKING:
    from deploy.provisioning.database import Provisioned


@pytest.fixture
async def two(pool: Pool, admin: Pool, service_database: "Provisioned") -> TwoSets:
    """The set that `pool` reads, and an empty one beside it."""
    await admin.execute(f"CREATE SCHEMA IF NOT EXISTS {OTHER} AUTHORIZATION projector")
    dsn = service_database.services["projector"]
    async with await open_pool(dsn, name="other", size=1, schema=OTHER) as other:
        await ensure_set(other, READ_MODELS, schema=OTHER)
    return await TwoSets.of(pool)
