"""Settings: read from the environment, strict, and silent about values."""

import pytest
from pydantic_settings import SettingsConfigDict

from services.common.settings import ServiceSettings, SettingsError

PREFIX = "COURSE_ACCOUNTS_EXAMPLE_"


class Example(ServiceSettings):
    """A process with one setting of its own."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    copies: int = 1


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """What the process needs at least."""
    needed = {"KAFKA": "k:1", "POSTGRES": "postgresql://u:hidden-pass@h/d", "INTERNAL_TOKEN": "i" * 16}
    for name, value in needed.items():
        monkeypatch.setenv(PREFIX + name, value)
    return monkeypatch


def refusal() -> str:
    """The sentence that the environment is refused with."""
    with pytest.raises(SettingsError) as refused:
        Example.load()
    return str(refused.value)


def test_defaults_and_values(environment: pytest.MonkeyPatch) -> None:
    """What is not set has its default; secrets do not show when printed."""
    environment.setenv(PREFIX + "COPIES", "3")
    settings = Example.load()
    assert (settings.copies, settings.host, settings.log_topic) == (3, "127.0.0.1", "course-accounts.log.v1")
    assert settings.postgres.get_secret_value().endswith("hidden-pass@h/d")
    assert "hidden-pass" not in repr(settings)


def test_a_misspelt_name_is_named(environment: pytest.MonkeyPatch) -> None:
    """With the names there are; names of other programs are no concern of ours."""
    environment.setenv(PREFIX + "COPYES", "3")
    environment.setenv("COURSE_ACCOUNTS_OTHER_THING", "1")
    sentence = refusal()
    assert f"Unknown settings: {PREFIX}COPYES." in sentence
    assert f"{PREFIX}COPIES" in sentence
    assert "OTHER" not in sentence


def test_small_letters_do_not_hide_a_mistake(environment: pytest.MonkeyPatch) -> None:
    """Names count in either case, so mistakes do, too."""
    environment.setenv(PREFIX.lower() + "copyes", "3")
    assert "copyes" in refusal()
    environment.delenv(PREFIX.lower() + "copyes")
    environment.setenv(PREFIX.lower() + "copies", "4")
    assert Example.load().copies == 4


def test_what_is_missing_is_named(environment: pytest.MonkeyPatch) -> None:
    """By the name of the variable to set."""
    environment.delenv(PREFIX + "KAFKA")
    assert f"{PREFIX}KAFKA: Field required" in refusal()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "65536"),
        ("PORT", "secret-port"),
        ("INTERNAL_TOKEN", "secret-short"),
        ("LOG_LEVEL", "secret-loud"),
    ],
)
def test_a_refused_value_is_not_repeated(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    """It may be a secret, pasted into the wrong place: the name is enough."""
    environment.setenv(PREFIX + name, value)
    sentence = refusal()
    assert name in sentence
    assert value not in sentence
