"""Fixtures of this folder: a server that plays the API, a file, a way to call the program."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.main import run
from tests.integration.cli.course import CSV, usual
from tests.integration.cli.scripted import Script, playing
from tests.unit.cli.surroundings import Surroundings, surroundings

Call = Callable[..., tuple[int, Surroundings]]


@pytest.fixture
def script() -> Iterator[Script]:
    """A server with the usual import; tests change what they are about."""
    with playing(Script()) as script:
        usual(script)
        yield script


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of four rows."""
    path = tmp_path / "course.csv"
    path.write_text(CSV)
    return path


@pytest.fixture
def call(script: Script) -> Call:
    """Runs a command against the server; time passes without waiting."""

    def call(*arguments: object, here: Surroundings | None = None) -> tuple[int, Surroundings]:
        here = here or surroundings()
        words = [*map(str, arguments), "--server", script.url, "--token", "secret-token"]
        return run(words, here.world), here

    return call
