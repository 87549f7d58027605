"""Whether an archive is whole: every file, every line, every offset, every sum."""

from collections.abc import Iterator
from pathlib import Path

from deploy.archive import manifest as manifests
from deploy.archive.digests import EMPTY, extended
from deploy.archive.errors import ArchiveError
from deploy.archive.lines import Entry, LineBroken, body_of, decode
from deploy.archive.manifest import COMPLETE, UNFINISHED, ArchivedTopic, Manifest, Partition, Segment
from deploy.archive.segments import check_bytes, read_lines
from deploy.archive.telling import Telling

_AT_ONCE = 1_000


def opened(folder: Path) -> Manifest:
    """The manifest of a complete archive.

    Raises:
        ArchiveError: NO_ARCHIVE, ARCHIVE_UNFINISHED, MANIFEST_BROKEN or ARCHIVE_NEWER.
    """
    found = manifests.read(folder / COMPLETE)
    if found is not None:
        return found
    if (folder / UNFINISHED).exists():
        raise ArchiveError(
            "ARCHIVE_UNFINISHED",
            f"The export into {folder} was interrupted.",
            f"Run it again, it goes on where it stopped: course-accounts export log {folder}",
        )
    raise ArchiveError(
        "NO_ARCHIVE", f"{folder} holds no archive.", "Name the folder with manifest.json in it."
    )


def check(folder: Path, *, tell: Telling) -> Manifest:
    """Read an archive from end to end and compare it with its manifest, which is returned.

    Raises:
        ArchiveError: the first thing that is wrong.
    """
    found = opened(folder)
    for topic in found.topics:
        tell.stage(f"Checking {topic.name}", topic.records)
        for part in topic.partitions:
            _check_partition(folder, topic, part, tell)
    return found


def entries_of(folder: Path, part: Partition) -> Iterator[list[tuple[Entry, bytes]]]:
    """All records of a partition with their bodies, some at a time.

    Raises:
        ArchiveError: a file cannot be read, or a line is no record.
    """
    for segment in part.files:
        yield from _entries(folder, segment)


def _entries(folder: Path, segment: Segment) -> Iterator[list[tuple[Entry, bytes]]]:
    some: list[tuple[Entry, bytes]] = []
    number = 0
    for number, line in enumerate(read_lines(folder, segment), 1):
        try:
            some.append((decode(line), body_of(line)))
        except LineBroken as error:
            raise _wrong(
                "LINE_BROKEN", f"Line {number} of {folder / segment.name}", f"is no record: {error}"
            ) from None
        if len(some) == _AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _check_partition(folder: Path, topic: ArchivedTopic, part: Partition, tell: Telling) -> None:
    expected, digest = part.begin, EMPTY
    for segment in part.files:
        check_bytes(folder, segment)
        first, records = None, 0
        for some in _entries(folder, segment):
            for entry, _ in some:
                if entry.offset < expected or (topic.dense and entry.offset != expected):
                    raise _wrong(
                        "OFFSETS_BROKEN",
                        str(folder / segment.name),
                        f"goes on with offset {entry.offset} where {expected} is due",
                    )
                first = entry.offset if first is None else first
                expected = entry.offset + 1
            digest = extended(digest, (body for _, body in some))
            records += len(some)
            tell.done(len(some))
        if (first, expected - 1, records) != (segment.first_offset, segment.last_offset, segment.records):
            raise _wrong(
                "COUNTS_DIFFER",
                str(folder / segment.name),
                f"holds {records} records from offset {first} to {expected - 1}; the manifest says "
                f"{segment.records} from {segment.first_offset} to {segment.last_offset}",
            )
    _check_sums(topic, part, expected, digest == part.digest)


def _check_sums(topic: ArchivedTopic, part: Partition, reached: int, same: bool) -> None:
    name = f"{topic.name}/{part.partition}"
    if reached > part.end or (topic.dense and reached != part.end):
        raise _wrong("OFFSETS_BROKEN", name, f"ends before offset {reached}; the manifest says {part.end}")
    if not same or part.bytes != sum(segment.bytes for segment in part.files):
        raise _wrong("DIGESTS_DIFFER", name, "has other digests than the manifest says")


def _wrong(code: str, what: str, how: str) -> ArchiveError:
    return ArchiveError(code, f"{what} {how}.", "Take another copy of the archive.")
