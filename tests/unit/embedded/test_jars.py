"""The jars: only what the lock names, whole or not at all."""

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.embedded import jars
from deploy.embedded.errors import StackError


@dataclass
class Registry:
    """A registry of one folder, and a lock of the two jars in it."""

    shelf: Path
    lock: Path

    def fetch(self, coordinate: str, scratch: Path) -> Path:
        """Bring a jar."""
        _, artifact, version = coordinate.split(":")
        return Path(shutil.copy(self.shelf / f"{artifact}-{version}.jar", scratch))

    def install(self, said: list[str] | None = None) -> list[Path]:
        """Install from here."""
        progress = [] if said is None else said
        return jars.ensure_jars(progress.append, lock=self.lock, fetch=self.fetch)


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A small registry, and an empty cache."""
    monkeypatch.setenv("COURSE_ACCOUNTS_CACHE", str(tmp_path / "cache"))
    registry = Registry(tmp_path / "registry", tmp_path / "jars.lock")
    registry.shelf.mkdir()
    lines = ["# a comment"]
    for artifact in ("one", "two"):
        name = f"{artifact}-1.jar"
        (registry.shelf / name).write_text(name)
        lines.append(f"{name} org.example:{artifact}:1 {hashlib.sha256(name.encode()).hexdigest()}")
    registry.lock.write_text("\n".join(lines))
    return registry


def test_jars_are_fetched_once(registry: Registry) -> None:
    """The second time nothing is fetched: the registry may even be gone."""
    said: list[str] = []
    first = registry.install(said)
    assert [path.read_text() for path in first] == ["one-1.jar", "two-1.jar"]
    shutil.rmtree(registry.shelf)
    assert registry.install(said) == first
    assert len(said) == 1


def test_a_changed_jar_is_refused(registry: Registry, tmp_path: Path) -> None:
    """A file with another content than the lock's is named, and nothing is left that counts as installed."""
    (registry.shelf / "two-1.jar").write_text("something else")
    with pytest.raises(StackError, match=r"two-1\.jar") as refused:
        registry.install()
    assert refused.value.code == "CHECKSUM_MISMATCH"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["install.lock"]


def test_a_half_install_is_done_again(registry: Registry) -> None:
    """A folder that lacks a jar is not trusted."""
    registry.install()[0].unlink()
    assert jars.installed_jars(registry.lock) is None
    assert all(path.exists() for path in registry.install())


def test_the_committed_lock_is_complete_and_names_no_registry() -> None:
    """Every line is a file, a coordinate and a digest; the broker and its log's binding are among them."""
    found = jars.read_lock()
    assert set(jars.ROOTS) <= {jar.coordinate for jar in found}
    assert all(re.fullmatch(r"[0-9a-f]{64}", jar.sha256) for jar in found)
    assert all(len(jar.coordinate.split(":")) == 3 for jar in found)
    assert "//" not in jars.LOCK.read_text()
