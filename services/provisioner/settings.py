"""Settings of the provisioner."""

from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from schemas import topics
from services.common.settings import ServiceSettings
from services.common.time_zone import TimeZoneName


class ProvisionerSettings(ServiceSettings):
    """Environment: `COURSE_ACCOUNTS_PROVISIONER_…`. Times are seconds."""

    model_config = SettingsConfigDict(env_prefix="COURSE_ACCOUNTS_PROVISIONER_", extra="forbid", frozen=True)

    account_service_url: str = Field(description="where accounts are created, read and closed")
    account_service_token_url: str
    account_service_client_id: str = "course-accounts"
    account_service_client_secret: SecretStr
    account_service_timeout: float = Field(default=30.0, gt=0, le=120)
    concurrency: int = Field(default=64, ge=1, le=1000, description="calls under way at once, per process")
    lease_seconds: float = Field(
        default=10.0, ge=2, le=300, description="work of a dead process waits this long"
    )
    chunk_rows: int = Field(default=200, ge=1, le=1000, description="accounts in one chunk of work, at most")
    projects_topic: str = topics.PROJECTS
    time_zone: TimeZoneName = Field(default="UTC", description="the site's: it decides when a day ends")

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.time_zone)
