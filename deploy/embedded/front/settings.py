"""Settings of the front: `COURSE_ACCOUNTS_FRONT_…`."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode, SettingsConfigDict

from deploy.embedded.front.routes import Owner
from services.common.settings import Settings


def _listed(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


Urls = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed), Field(min_length=1)]


class FrontSettings(Settings):
    """Where to listen, and where the copies of each service are (comma separated)."""

    model_config = SettingsConfigDict(env_prefix="COURSE_ACCOUNTS_FRONT_")

    host: str = "127.0.0.1"
    port: int = Field(ge=0, le=65535)
    importer_url: Urls
    provisioner_url: Urls
    projector_url: Urls
    log_format: Literal["console", "json"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    def urls(self) -> dict[Owner, tuple[str, ...]]:
        """The copies by service."""
        return {
            Owner.IMPORTER: self.importer_url,
            Owner.PROVISIONER: self.provisioner_url,
            Owner.PROJECTOR: self.projector_url,
        }
