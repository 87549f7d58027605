"""What a batch of the topic of projects says, for every service that keeps projects in tables of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schemas.codec import Unreadable, decode_project
from schemas.projects import CourseProject
from services.common.parked import Unread
from services.common.records import Record, TopicPartition
from services.common.unknown_types import newer_type


@dataclass(frozen=True, slots=True)
class ProjectRecords:
    """The projects described, in the order of the records; what nobody can read; and how far that reaches."""

    projects: list[CourseProject] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    unknown: list[Record] = field(default_factory=list)
    """Of types that only a newer version knows."""
    reached: dict[TopicPartition, int] = field(default_factory=dict)

    def moves(self, stored: Mapping[TopicPartition, int]) -> dict[TopicPartition, tuple[int, int]]:
        """How the positions move from those that are stored."""
        return {here: (stored.get(here, 0), following) for here, following in self.reached.items()}


def read_project_records(records: Sequence[Record]) -> ProjectRecords:
    """Decode a batch; never raises."""
    read = ProjectRecords()
    for record in records:
        read.reached[TopicPartition(record.topic, record.partition)] = record.offset + 1
        try:
            read.projects.append(decode_project(record.headers, record.value))
        except Unreadable as reason:
            if reason.code == "UNKNOWN_TYPE" and newer_type(record):
                read.unknown.append(record)
            else:
                read.unread.append(Unread(record, reason))
    return read
