"""What an archive says of itself: `manifest.json`, written last, so that a folder with one is complete.

While an export is under way the same document, as far as it got, is in `unfinished.json`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec

from deploy.archive.digests import EMPTY, Digest
from deploy.archive.errors import ArchiveError
from deploy.archive.private import write_private

FORMAT: Final = "course-accounts-archive"
VERSION: Final = 1
COMPLETE, UNFINISHED = "manifest.json", "unfinished.json"
_MOST_BYTES: Final = 256 * 1024 * 1024

_TOPIC: Final = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}")


class Segment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file: which records, bytes of its lines, bytes on the disk, SHA-256 of what is on the disk."""

    name: str
    first_offset: int
    last_offset: int
    records: int
    bytes: int
    size: int
    sha256: str


class Partition(msgspec.Struct, forbid_unknown_fields=True):
    """One partition from `begin` until before `end`, as Kafka told them when the export began."""

    partition: int
    begin: int
    end: int
    records: int = 0
    bytes: int = 0
    ordered: str = EMPTY.ordered
    unordered: str = EMPTY.unordered
    files: list[Segment] = []

    @property
    def digest(self) -> Digest:
        """Of all its records."""
        return Digest(self.records, self.ordered, self.unordered)

    @property
    def reached(self) -> int:
        """The offset behind the last record in a file."""
        return self.files[-1].last_offset + 1 if self.files else self.begin

    def add(self, segment: Segment, digest: Digest) -> None:
        """Take in a finished file; `digest` is that of the whole partition so far."""
        self.files.append(segment)
        self.records, self.ordered, self.unordered = digest
        self.bytes += segment.bytes


class ArchivedTopic(msgspec.Struct, forbid_unknown_fields=True):
    """One topic. `dense`: its offsets have no gaps and begin with 0. `config`: what was set for this topic."""

    name: str
    dense: bool
    config: dict[str, str]
    partitions: list[Partition]

    @property
    def records(self) -> int:
        """Of all partitions."""
        return sum(partition.records for partition in self.partitions)

    @property
    def ends(self) -> str:
        """The offset vector the export goes to, as `partition:offset,…`."""
        return ",".join(f"{p.partition}:{p.end}" for p in self.partitions)


class Manifest(msgspec.Struct, forbid_unknown_fields=True):
    """The whole archive. `made_at`: RFC 3339, when the ends of all partitions were asked for."""

    made_at: str
    made_by: str
    cluster: str
    topics: list[ArchivedTopic]
    format: Literal["course-accounts-archive"] = FORMAT
    format_version: int = VERSION

    @property
    def records(self) -> int:
        """Of all topics."""
        return sum(topic.records for topic in self.topics)

    def parts(self) -> Iterator[tuple[ArchivedTopic, Partition]]:
        """Every partition with its topic."""
        return ((topic, partition) for topic in self.topics for partition in topic.partitions)


def segment_name(topic: str, partition: int, first_offset: int) -> str:
    """Where the file of a segment lies within the archive."""
    return f"{topic}/{partition:02}/{first_offset:020}.jsonl.gz"


def write(manifest: Manifest, file: Path) -> None:
    """Write or replace the document, complete at any moment.

    Raises:
        ArchiveError: NOT_WRITABLE or DISK_FULL.
    """
    encoded = msgspec.json.encode(manifest)
    write_private(file, msgspec.json.format(encoded, indent=1) + b"\n")


def read(file: Path) -> Manifest | None:
    """The document; None if there is none.

    Raises:
        ArchiveError: MANIFEST_BROKEN or ARCHIVE_NEWER.
    """
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise broken(file, "it is far too large")
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise broken(file, error.strerror or "it cannot be read") from error
    try:
        if msgspec.json.decode(content, type=_Version).format_version > VERSION:
            raise ArchiveError(
                "ARCHIVE_NEWER",
                f"{file} was written by a newer version of this program.",
                "Use that version, or a newer one.",
            )
        manifest = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise broken(file, str(error)) from None
    _check_names(manifest, file)
    return manifest


def broken(file: Path, why: str) -> ArchiveError:
    """The manifest itself is wrong."""
    return ArchiveError(
        "MANIFEST_BROKEN", f"{file} is not as an export wrote it: {why}.", "Take another copy of the archive."
    )


class _Version(msgspec.Struct):
    format_version: int


def _check_names(manifest: Manifest, file: Path) -> None:
    """Names are ours to choose: one that leads elsewhere is refused before any file is opened."""
    names = [topic.name for topic in manifest.topics]
    if len(set(names)) != len(names):
        raise broken(file, "a topic is listed twice")
    for topic in manifest.topics:
        if _TOPIC.fullmatch(topic.name) is None:
            raise broken(file, "a topic has an impossible name")
        if [p.partition for p in topic.partitions] != list(range(len(topic.partitions))):
            raise broken(file, f"{topic.name} does not list its partitions in order")
        for part in topic.partitions:
            if any(f.name != segment_name(topic.name, part.partition, f.first_offset) for f in part.files):
                raise broken(file, f"a file of {topic.name}/{part.partition} has another name than ours")
