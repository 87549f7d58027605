"""Choices of a person, and what is said about those that do not fit."""

from pathlib import Path

import pytest

from deploy.embedded.errors import StackError
from deploy.embedded.options import UpOptions, parse_copies


def test_copies_are_read_word_by_word() -> None:
    """The last word about a service counts."""
    assert parse_copies(["provisioner=2", "projector=3", "provisioner=4"]) == {
        "provisioner": 4,
        "projector": 3,
    }


@pytest.mark.parametrize(
    "word", ["provisioner", "provisioner=", "provisioner=x", "kafka=2", "importer=0", "importer=13"]
)
def test_impossible_copies_are_refused(word: str) -> None:
    """With the code of a usage error and a hint that says what is possible."""
    with pytest.raises(StackError) as refused:
        parse_copies([word])
    assert refused.value.code == "USAGE"
    assert refused.value.hint


@pytest.mark.parametrize(
    "options",
    [
        UpOptions(port=0),
        UpOptions(port=65536),
        UpOptions(account_service="http://accounts.example.org/"),
        UpOptions(account_service_token_url="http://accounts.example.org/token"),
        UpOptions(account_service="accounts.example.org", account_service_token_url="http://x/token"),
        UpOptions(copies={"front": 2}),
    ],
)
def test_options_that_do_not_fit_are_refused(options: UpOptions) -> None:
    """Nothing is started for them."""
    with pytest.raises(StackError) as refused:
        options.checked()
    assert refused.value.code == "USAGE"


def test_data_has_a_place_by_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The user's data folder, as the desktop conventions say; a given folder wins."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert UpOptions().home() == tmp_path / "course-accounts"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert UpOptions().home() == tmp_path / ".local/share/course-accounts"
    assert UpOptions(data_dir=Path("~/mine")).home() == tmp_path / "mine"
