"""Backends are found by name among what installed packages bring; whatever is wrong is said in a sentence."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from services.common.settings import SettingsError
from services.provisioner.backends import BackendContext, BackendUnusable
from services.provisioner.backends.loading import backend_named, open_backend
from services.provisioner.settings import ProvisionerSettings

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a package with a backend where Python finds packages."""

    def make(package: str, name: str, value: str) -> None:
        folder = tmp_path / f"{package}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (folder / "entry_points.txt").write_text(f"[course_accounts.backends]\n{name} = {value}\n")
        monkeypatch.syspath_prepend(str(tmp_path))

    return make


def test_ours_are_there() -> None:
    """The package brings two."""
    assert backend_named("waldur") is not backend_named("scim")


async def test_one_of_another_package_is_started_and_stopped(install: Install, tmp_path: Path) -> None:
    """With the context it is given: the example of the documentation."""
    install("course-accounts-sqlite", "sqlite", "examples.backend_sqlite.course_accounts_sqlite:backend")
    options = {"file": str(tmp_path / "accounts.db")}
    async with open_backend("sqlite", BackendContext(options=options)) as backend:
        assert backend.capabilities.keys
        assert await backend.prepare() is None


async def test_an_unknown_name_lists_the_known_ones(install: Install) -> None:
    """Of all packages."""
    install("other", "other", "os:getcwd")
    with pytest.raises(
        BackendUnusable, match=r"no backend called `nosuch`\. There are: other, scim, waldur\."
    ):
        backend_named("nosuch")


def test_two_of_one_name_are_one_too_many(install: Install) -> None:
    """Nobody is to guess."""
    install("another", "waldur", "os:getcwd")
    with pytest.raises(BackendUnusable, match="the package another and the package course-accounts"):
        backend_named("waldur")


@asynccontextmanager
async def incomplete(_: BackendContext) -> AsyncIterator[Any]:
    """No backend at all."""
    yield object()


def failing(_: BackendContext) -> Any:
    """A plug-in with a bug."""
    raise TypeError("no idea")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("nowhere_to_be_found:backend", "of the package other cannot be loaded: ModuleNotFoundError"),
        ("os:nothing", "cannot be loaded: AttributeError"),
        ("os:sep", "os:sep is not a function"),
        (f"{__name__}:failing", "did not start: TypeError: no idea"),
        (f"{__name__}:incomplete", "lacks prepare, create, create_many"),
    ],
)
async def test_a_broken_plug_in_is_named(install: Install, value: str, said: str) -> None:
    """And what is wrong with it."""
    install("other", "broken", value)
    with pytest.raises(BackendUnusable) as stopped:
        async with open_backend("broken", BackendContext()):
            pass
    assert said in str(stopped.value)


def _settings(monkeypatch: pytest.MonkeyPatch, **values: str) -> ProvisionerSettings:
    needed = {"kafka": "k:1", "postgres": "dsn", "internal_token": "only-for-tests-internal"}
    for name, value in {**needed, **values}.items():
        monkeypatch.setenv(f"COURSE_ACCOUNTS_PROVISIONER_{name.upper()}", value)
    return ProvisionerSettings.load()


def test_options_come_from_the_environment_and_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """As JSON; whoever prints the settings sees no secret."""
    settings = _settings(monkeypatch, backend="scim", backend_options='{"token": "very-secret"}')
    assert settings.options == {"token": "very-secret"}
    assert "very-secret" not in repr(settings)
    assert "very-secret" not in repr(BackendContext(options=settings.options))


def test_options_that_are_no_json_are_an_error_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which names the setting, and not what it holds."""
    with pytest.raises(SettingsError) as stopped:
        _settings(monkeypatch, backend_options='{"token": "very-secret"')
    assert "backend_options" in str(stopped.value)
    assert "very-secret" not in str(stopped.value)


async def test_waldur_needs_its_three_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the names an operator knows; nothing else of the settings is needed by others."""
    settings = _settings(monkeypatch, account_service_url="http://127.0.0.1:1/accounts")
    assert isinstance(settings.options["account_service_client_secret"], SecretStr)
    with pytest.raises(BackendUnusable) as stopped:
        async with open_backend(settings.backend, BackendContext(options=settings.options)):
            pass
    assert "account_service_token_url: " in str(stopped.value)
    assert "account_service_client_secret: " in str(stopped.value)
    assert "account_service_url: " not in str(stopped.value)
