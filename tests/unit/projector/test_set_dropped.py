"""A set is cleaned up while somebody looks at it."""

import asyncio
from typing import Any

import asyncpg
import pytest

from services.projector.core import freshness, lag
from services.projector.core.freshness import Freshness
from services.projector.core.lag import Watching


@pytest.mark.parametrize(("module", "looker"), [(freshness, Freshness), (lag, Watching)])
async def test_who_only_looks_goes_on_when_a_set_was_dropped(
    module: Any, looker: type[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables were there a moment ago; the next look is at those that are left."""
    looks = 0
    again = asyncio.Event()

    async def look(_: object) -> None:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise asyncpg.UndefinedTableError("relation does not exist")
        again.set()

    monkeypatch.setattr(module, "EVERY_S", 0)
    monkeypatch.setattr(looker, "look", look)
    running = asyncio.create_task(looker.__new__(looker).run())
    async with asyncio.timeout(10):
        await again.wait()
    assert not running.done()
    running.cancel()
