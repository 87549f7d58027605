"""An archive made without a Kafka, and ways to damage it."""

import gzip
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from deploy.archive import manifest as manifests
from deploy.archive.digests import extended
from deploy.archive.lines import CREATE_TIME, Entry, encode
from deploy.archive.manifest import COMPLETE, ArchivedTopic, Manifest, Partition, Segment, segment_name
from deploy.archive.segments import SegmentWriter

TOPIC = "test.log.v1"


def entries(count: int, first: int = 0) -> list[Entry]:
    """Records of a partition, in order."""
    return [
        Entry(first + n, 1764547200000 + n, CREATE_TIME, b"%d" % n, (("ce_id", b"\xff"),), b'{"n":%d}' % n)
        for n in range(count)
    ]


def archive(
    folder: Path,
    files: Sequence[Sequence[Entry]],
    *,
    begin: int = 0,
    end: int | None = None,
    topic: str = TOPIC,
) -> Manifest:
    """An archive of one partition with these files."""
    part = Partition(0, begin, files[-1][-1].offset + 1 if end is None else end)
    digest = part.digest
    for some in files:
        name = segment_name(topic, 0, some[0].offset)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        pieces = [encode(entry) for entry in some]
        with SegmentWriter(folder, name) as writer:
            lines = [head + body for head, body in pieces]
            writer.write(lines, first=some[0].offset, last=some[-1].offset)
            digest = extended(digest, (body for _, body in pieces))
            part.add(writer.finished(), digest)
    topics = [ArchivedTopic(topic, True, {}, [part])]
    made = Manifest(made_at="2026-03-02T08:00:00Z", made_by="test 1", cluster="c", topics=topics)
    manifests.write(made, folder / COMPLETE)
    return made


def forge(folder: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    """Change the lines of the second file, and size and hash in the manifest with them."""
    manifest = manifests.read(folder / COMPLETE)
    assert manifest is not None
    part = manifest.topics[0].partitions[0]
    old = part.files[1]
    lines = change(gzip.decompress((folder / old.name).read_bytes()).splitlines())
    content = b"\n".join(lines) + b"\n"
    packed = gzip.compress(content)
    (folder / old.name).write_bytes(packed)
    part.files[1] = Segment(
        old.name,
        old.first_offset,
        old.last_offset,
        old.records,
        len(content),
        len(packed),
        sha256(packed).hexdigest(),
    )
    part.bytes += len(content) - old.bytes
    manifests.write(manifest, folder / COMPLETE)
