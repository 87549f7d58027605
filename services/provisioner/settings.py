"""Settings of the provisioner."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field, JsonValue, PlainValidator, SecretStr
from pydantic_settings import NoDecode, SettingsConfigDict

from schemas import topics
from services.common.settings import ServiceSettings
from services.common.time_zone import TimeZoneName
from services.provisioner.retry import RetryPolicy, policy_from


def _retry(given: object) -> RetryPolicy:
    return given if isinstance(given, RetryPolicy) else policy_from(str(given))


class ProvisionerSettings(ServiceSettings):
    """Environment: `COURSE_ACCOUNTS_PROVISIONER_…`. Times are seconds."""

    model_config = SettingsConfigDict(env_prefix="COURSE_ACCOUNTS_PROVISIONER_", extra="forbid", frozen=True)

    backend: str = Field(
        default="waldur", max_length=64, description="how accounts are made: `waldur`, `scim` …"
    )
    backend_options: dict[str, JsonValue] = Field(
        default={}, repr=False, description="what that backend needs to know, as JSON; may hold secrets"
    )
    account_service_url: str = Field(default="", description="where accounts are created, read and closed")
    account_service_token_url: str = Field(default="", description="of the backend `waldur`, as all three")
    account_service_client_id: str = "course-accounts"
    account_service_client_secret: SecretStr = SecretStr("")
    account_service_timeout: float = Field(default=30.0, gt=0, le=120)
    retry: Annotated[RetryPolicy, NoDecode, PlainValidator(_retry)] = Field(
        default_factory=RetryPolicy,
        description="how transient causes are retried, where not as usual: JSON by cause",
    )
    concurrency: int = Field(default=64, ge=1, le=1000, description="calls under way at once, per process")
    arrays_at_once: int = Field(
        default=4, ge=1, le=64, description="the same where one call asks for several accounts"
    )
    target: str = Field(
        default="account-service",
        min_length=1,
        max_length=64,
        description="the account service's name on the log",
    )
    calls_per_second: float | None = Field(
        default=None,
        gt=0,
        le=10_000,
        description="all copies together; none: no limit; changed while it runs",
    )
    lease_seconds: float = Field(
        default=10.0, ge=2, le=300, description="work of a dead process waits this long"
    )
    chunk_rows: int = Field(default=200, ge=1, le=1000, description="accounts in one chunk of work, at most")
    projector_url: str = Field(
        default="",
        description="where the projector answers internal calls; without it no answer waits for it",
    )
    projects_topic: str = Field(
        default=topics.PROJECTS,
        description="where projects are described; empty: courses end as requests say",
    )
    time_zone: TimeZoneName = Field(default="UTC", description="the site's: it decides when a day ends")

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def options(self) -> dict[str, Any]:
        """What the backend is told: its options, and the settings that only `waldur` has."""
        if self.backend != "waldur":
            return dict(self.backend_options)
        own: dict[str, Any] = {
            "account_service_url": self.account_service_url,
            "account_service_token_url": self.account_service_token_url,
            "account_service_client_id": self.account_service_client_id,
            "account_service_client_secret": self.account_service_client_secret,
        }
        return {**own, **self.backend_options}
