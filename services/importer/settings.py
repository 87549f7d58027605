"""Settings of the importer, from `COURSE_ACCOUNTS_IMPORTER_…`."""

from functools import cached_property
from pathlib import Path
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from schemas import topics
from services.common.settings import ServiceSettings
from services.common.time_zone import TimeZoneName
from services.importer.domain.policy import AddressPolicy
from services.importer.limits import Limits

SERVICE = "course-accounts.importer"
"""Deployed identifier: client id and consumer group. Renaming it makes Kafka forget who shares the work."""


class ImporterSettings(ServiceSettings):
    """What the importer needs beside what all services need."""

    model_config = SettingsConfigDict(env_prefix="COURSE_ACCOUNTS_IMPORTER_", extra="forbid", frozen=True)

    provisioner_url: str = Field(description="where the provisioner answers internal calls")
    projector_url: str = Field(description="where the projector answers internal calls")
    projects_topic: str = topics.PROJECTS
    requests_topic: str = Field(
        default=topics.REQUESTS, description="where other services ask for imports; empty: nowhere"
    )
    dead_letters_topic: str = topics.DEAD_LETTERS
    request_sources: dict[str, frozenset[UUID] | Literal["*"]] = Field(
        default={},
        description='which source may ask for accounts in which projects, as JSON: {"records": ["…"], "*": "*"}',
    )
    rows_kept_days: int = Field(
        default=30, ge=0, description="of a deleted project's imports, since the deletion was seen"
    )
    time_zone: TimeZoneName = Field(default="UTC", description="the site's: it decides which day is today")
    max_rows: int = Field(default=200_000, ge=1, le=10_000_000)
    max_bytes: int = Field(default=64 * 1024 * 1024, ge=1)
    max_record: int = Field(default=65_536, ge=4_096, le=100_000, description="characters of one record")
    readers: int = Field(default=2, ge=1, le=16, description="files read at the same time")
    draft_days: int = Field(default=7, ge=1)
    publish_ahead: int = Field(
        default=4_000,
        ge=0,
        le=1_000_000,
        description="requests of an import on the log before the read model has passed them; 0: as many as there are",
    )
    expected_rate: float = Field(default=500.0, gt=0, description="accounts a second, for time estimates")
    blocked_domains: frozenset[str] = Field(
        default=frozenset(), description='addresses refused, with subdomains, as JSON: ["example.com"]'
    )
    disposable_domains: frozenset[str] | None = Field(
        default=None, description="addresses worth a warning, likewise; default: a short list of ours"
    )
    unicode_local: bool = Field(
        default=False, description="the account service takes letters beyond ASCII before the @"
    )
    token_days: int = Field(default=90, ge=1, description="an API token lasts so long, if nothing is said")
    token_days_most: int = Field(default=366, ge=1, description="and at most")
    session_hours: float = Field(default=12.0, gt=0, le=720, description="then one has to sign in again")
    sign_in_minutes: float = Field(default=15.0, gt=0, le=1440, description="an address that signs in, once")
    spool_dir: Path | None = Field(default=None, description="where uploads wait; default: the system's")

    @field_validator("blocked_domains", "disposable_domains")
    @classmethod
    def _known_domains(cls, names: frozenset[str] | None) -> frozenset[str] | None:
        AddressPolicy.of(blocked=names or ())
        return names

    @cached_property
    def policy(self) -> AddressPolicy:
        """What the site wants of addresses."""
        return AddressPolicy.of(
            blocked=self.blocked_domains,
            disposable=self.disposable_domains,
            unicode_local=self.unicode_local,
        )

    @cached_property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def limits(self) -> Limits:
        """What one upload may hold."""
        return Limits(max_rows=self.max_rows, max_bytes=self.max_bytes, max_record=self.max_record)
