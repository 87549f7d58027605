"""Topics: deployed identifiers. Renaming one starts an empty history."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LOG = "course-accounts.log.v1"
REQUESTS = "course-accounts.requests.v1"
PROJECTS = "course-accounts.projects.v1"
DEAD_LETTERS = "course-accounts.dead-letters.v1"

LOG_PARTITIONS = 12
"""Chosen before the first start, never changed in place (D1): the key of an account fixes its partition."""

_DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as provisioning creates it; `config` holds Kafka's own setting names."""

    name: str
    partitions: int
    config: Mapping[str, str] = field(default_factory=dict)


TOPICS = (
    Topic(LOG, LOG_PARTITIONS, {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}),
    Topic(REQUESTS, LOG_PARTITIONS, {"retention.ms": str(30 * _DAY_MS)}),
    Topic(PROJECTS, 1, {"cleanup.policy": "compact"}),
    Topic(DEAD_LETTERS, 1, {"retention.ms": str(90 * _DAY_MS)}),
)
