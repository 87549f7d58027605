"""Settings of the simulated account service, from the environment."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "COURSE_ACCOUNTS_ACCOUNT_SERVICE_"


class SettingsError(Exception):
    """The environment does not describe a service that can start; the message is one for people."""


class Settings(BaseSettings):
    """Everything the process can be told; secrets have no default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8720, ge=0, le=65535, description="0 takes a free port and logs it")
    journal: Path
    client_id: str = Field(min_length=1)
    client_secret: SecretStr = Field(min_length=1)
    control_token: SecretStr = Field(min_length=1)
    token_lifetime_seconds: float = Field(default=3600, gt=0, le=86_400)
    slow_seconds: float = Field(default=2.0, ge=0, le=300, description="how long slow+…@ addresses take")
    seed: int = Field(default=1, description="of the randomness in faults")
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings from `environ` (normally `os.environ`, which pydantic reads by itself too).

    Raises:
        SettingsError: a name with our prefix is unknown, or a value is missing or wrong. Values are
            never repeated in the message, as they may be secrets.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in sorted(environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise SettingsError(f"Unknown setting {name}.{hint}")
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"{PREFIX}{str(item['loc'][0]).upper()}: {item['msg']}"
            for item in error.errors(include_input=False)
        )
        raise SettingsError(f"The settings are not complete: {wrong}.") from None
