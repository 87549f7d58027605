"""Settings of the simulated account service, from the environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from services.common.settings import Settings as Base

PREFIX = "COURSE_ACCOUNTS_ACCOUNT_SERVICE_"


class Settings(Base):
    """Everything the process can be told; secrets have no default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)

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
