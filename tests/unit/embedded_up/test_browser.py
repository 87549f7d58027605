"""When `up` opens a window."""

import asyncio
import webbrowser
from pathlib import Path

import pytest

from deploy.embedded import browser
from deploy.embedded.browser import PageOpener, has_screen, open_page


@pytest.mark.parametrize(
    ("environ", "platform", "seen"),
    [
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({}, "darwin", True),
        ({"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, "linux", False),
        ({"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, "darwin", False),
        ({"DISPLAY": ":99", "CI": "true"}, "linux", False),
    ],
)
def test_a_window_opens_only_before_whoever_started_us(
    environ: dict[str, str], platform: str, seen: bool
) -> None:
    """On a server, over SSH and in CI nobody would see it."""
    assert has_screen(environ, platform) is seen


def test_a_browser_in_the_terminal_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take the place of what `up` says."""
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("w3m"))
    assert open_page("http://127.0.0.1:1/") is False


def test_without_a_browser_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address was printed; that is enough."""

    def none() -> webbrowser.BaseBrowser:
        raise webbrowser.Error("no browser")

    monkeypatch.setattr(webbrowser, "get", none)
    assert open_page("http://127.0.0.1:1/") is False


SECRET_URL = "http://127.0.0.1:1/#sign-in=hidden&x"


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return [file.name for file in folder.iterdir()]


async def test_no_program_is_given_the_address_that_signs_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Only a file that nobody else reads, which goes on to it, and is gone after a minute."""
    file = tmp_path / "sign-in.html"
    opened: list[str] = []
    paused: list[float] = []
    over = asyncio.Event()

    def open_page(url: str) -> bool:
        opened.append(url)
        return True

    async def pause(seconds: float) -> None:
        paused.append(seconds)
        await over.wait()

    monkeypatch.setattr(browser, "open_page", open_page)
    PageOpener(file, pause=pause).open(SECRET_URL)
    assert opened == [file.as_uri()]
    assert file.stat().st_mode & 0o777 == 0o600
    assert 'content="0; url=http://127.0.0.1:1/#sign-in=hidden&amp;x"' in file.read_text("utf-8")
    over.set()
    for _ in range(3):
        await asyncio.sleep(0)
    assert paused == [60.0]
    assert names(tmp_path) == []


@pytest.mark.parametrize("seen", [True, False])
async def test_nothing_is_left_where_no_window_opens_or_all_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seen: bool
) -> None:
    """Then there is nobody to read it any more."""
    monkeypatch.setattr(browser, "open_page", lambda _: seen)
    opener = PageOpener(tmp_path / "sign-in.html")
    opener.open(SECRET_URL)
    assert names(tmp_path) == ["sign-in.html"] * seen
    opener.close()
    assert names(tmp_path) == []
