"""Settings: one small class a process, read from the environment; a misspelt name is an error."""

import os
from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as SourceError

from schemas import topics
from services.common.protection import Protection


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
    rate_limit: float = Field(
        default=200.0, ge=0, description="requests a second of one token or session, lasting; 0: no limit"
    )
    rate_burst: int = Field(default=1000, ge=1, description="requests of one token or session at once")
    failed_sign_ins: float = Field(
        default=10.0, ge=0, description="wrong tokens a second from one address, lasting; 0: no limit"
    )
    uploads_at_once: int = Field(default=16, ge=0, description="bodies above 256 KiB; 0: no limit")
    body_seconds: float = Field(default=600.0, gt=0, description="for one whole body of a request")

    def protection(self, large_bodies: Mapping[str, int] | None = None) -> Protection:
        """What one caller may ask for; `large_bodies`: see `Protection`."""
        return Protection(
            rate=self.rate_limit,
            burst=self.rate_burst,
            failed_sign_ins=self.failed_sign_ins,
            uploads_at_once=self.uploads_at_once,
            body_total_s=self.body_seconds,
            large_bodies=large_bodies or {},
        )
