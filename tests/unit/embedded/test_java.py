"""Which Java runs Kafka."""

from pathlib import Path

import pytest

from deploy.embedded import java
from deploy.embedded.errors import StackError


def fake_java(folder: Path, says: str) -> None:
    """Put a program called java into a folder."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho '{says}' >&2\n")
    program.chmod(0o755)


def none() -> None:
    """There is no packaged Java for this platform."""


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on its path; the folder JAVA_HOME names."""
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    return tmp_path


def test_an_installed_java_is_taken_where_the_packaged_one_does_not_run(bare: Path) -> None:
    """JAVA_HOME of a new enough Java is enough."""
    fake_java(bare, 'openjdk version "21.0.4" 2024-07-16')
    assert java.find_java(none).major == 21


@pytest.mark.parametrize("says", ['openjdk version "11.0.2"', 'java version "1.8.0_292"', "no idea"])
def test_without_a_new_enough_java_a_sentence_says_what_to_do(bare: Path, says: str) -> None:
    """An old Java, or something else of that name, is no Java for Kafka 4."""
    fake_java(bare, says)
    with pytest.raises(StackError, match="Java 17 or newer") as refused:
        java.find_java(none)
    assert refused.value.code == "NO_JAVA"
    assert "JAVA_HOME" in refused.value.hint
