"""Settings: one small class a process, read from the environment; a misspelt name is an error."""

import os
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as SourceError

from schemas import topics


class SettingsError(Exception):
    """The environment does not describe a runnable process; the text says what to change."""


class Settings(BaseSettings):
    """Base of every process's settings. Subclasses set `env_prefix`; nested values are not supported."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    @classmethod
    def load(cls) -> Self:
        """Read the environment.

        Raises:
            SettingsError: a value is missing or malformed, or a name with our prefix is unknown.
        """
        prefix = str(cls.model_config.get("env_prefix", "")).upper()
        known = {f"{prefix}{name}".upper() for name in cls.model_fields}
        unknown = sorted(
            name for name in os.environ if name.upper().startswith(prefix) and name.upper() not in known
        )
        if prefix and unknown:
            raise SettingsError(f"Unknown settings: {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")
        try:
            return cls()
        except ValidationError as error:
            # The error's own text would quote values, which may be secrets.
            problems = (
                f"{prefix}{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}"
                for e in error.errors(include_url=False, include_input=False)
            )
            raise SettingsError("Settings are not usable. " + "; ".join(problems)) from None
        except SourceError as error:
            raise SettingsError(f"Settings are not usable. {error}: it must be JSON.") from None


class ServiceSettings(Settings):
    """What importer, provisioner and projector all need."""

    kafka: str = Field(description="bootstrap servers, host:port[,host:port]")
    postgres: SecretStr = Field(description="DSN of the service's own role")
    internal_token: SecretStr = Field(
        description="shared secret of the services' internal calls", min_length=16
    )
    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535)
    log_topic: str = topics.LOG
    group: str | None = Field(default=None, description="Kafka consumer group; default: the service's own")
    log_format: Literal["console", "json"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    pool_size: int = Field(default=6, ge=2, le=100, description="Postgres connections of this process")
