"""Settings of the projector."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from schemas import topics
from services.common.settings import ServiceSettings

SERVICE = "projector"
DEFAULT_GROUP = "course-accounts.projector"
"""A deployed identifier: it shares partitions out among copies. Positions live with the tables."""


class ProjectorSettings(ServiceSettings):
    """What the projector needs to know; every name is `COURSE_ACCOUNTS_PROJECTOR_…` in the environment."""

    model_config = SettingsConfigDict(env_prefix="COURSE_ACCOUNTS_PROJECTOR_", extra="forbid", frozen=True)

    projects_topic: str = topics.PROJECTS
    tables: str = Field(
        default=SERVICE, pattern=r"^[a-z_][a-z0-9_]{0,62}$", description="Postgres schema of the set in use"
    )
    batch_records: int = Field(default=4000, ge=1, le=50_000, description="most records in one transaction")
    fold_connections: int = Field(default=4, ge=1, le=10, description="connections that write")
    rebuild_outdated: bool = Field(
        default=False,
        description="drop tables made by another version and read the log again, instead of refusing to start; "
        "for installations whose copies are all of one version",
    )
