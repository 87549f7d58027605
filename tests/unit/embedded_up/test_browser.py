"""When `up` opens a window."""

import webbrowser

import pytest

from deploy.embedded.browser import has_screen, open_page


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
