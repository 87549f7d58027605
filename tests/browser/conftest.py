"""One Chromium and the one running installation for all tests here; each test has windows of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

import pytest

from tests.support import chromium

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.browser.visitor import Visit
    from tests.e2e.site import Course, Site


Slowly = Callable[[float | None], Awaitable[None]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say of each test here why it is skipped where there is no browser."""
    if chromium.executable() or chromium.needed():
        return
    here = [item for item in items if "/tests/browser/" in item.path.as_posix()]
    for item in here:
        item.add_marker(pytest.mark.skip(reason=chromium.MISSING))


@pytest.fixture(scope="session")
async def browser() -> "AsyncIterator[Browser]":
    """The machine's Chromium."""
    from playwright.async_api import async_playwright, expect

    from tests.browser.visitor import WAIT_MS

    executable = chromium.executable()
    assert executable, chromium.MISSING
    expect.set_options(timeout=WAIT_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable)
        yield browser
        await browser.close()


@pytest.fixture
async def site(shared_site: "Site") -> "AsyncIterator[Site]":
    """The shared installation, with an account service that behaves again afterwards."""
    yield shared_site
    await shared_site.faults()


@pytest.fixture
async def course(site: "Site") -> "Course":
    """A course that only this test uses; mari and toomas manage it."""
    return await site.course(managers=["mari", "toomas"])


@pytest.fixture
async def slowly(site: "Site") -> "AsyncIterator[Slowly]":
    """Lets the account service be called so many times a second, for one account each."""
    from tests.e2e.site import UNGUARDED

    async def slowly(calls_per_second: float | None) -> None:
        await site.faults(**UNGUARDED)
        await site.pace(calls_per_second)

    yield slowly
    await slowly(None)


@pytest.fixture
async def visit(site: "Site", browser: "Browser") -> "AsyncIterator[Visit]":
    """Lets people in, each with a window of their own; afterwards nothing may have gone wrong in any of them."""
    from tests.browser.visitor import Visitor, let_in

    visitors: list[Visitor] = []
    base = site.installation.ready["url"]

    async def visit(user: str, *, staff: bool = False, to: str = "/", **window: object) -> Visitor:
        answer = await site.http.post("/api/sign-ins/", json={"user_id": user, "staff": staff})
        assert answer.status_code == 201, answer.text
        visitor = await let_in(browser, base, answer.json()["url"], user, to, **window)
        visitors.append(visitor)
        return visitor

    yield visit
    for visitor in visitors:
        await visitor.page.context.close()
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    assert not troubles, "\n".join(troubles)
