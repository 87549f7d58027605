"""From a real Kafka to a folder and back, byte for byte."""

import json
import stat
from pathlib import Path

import pytest

from deploy.archive.checking import check
from deploy.archive.errors import ArchiveError
from deploy.archive.exporting import Bounds, export
from deploy.archive.manifest import COMPLETE, UNFINISHED, Manifest
from deploy.archive.planning import Wanted
from deploy.archive.restoring import plan, restore
from deploy.archive.telling import Silent, Telling
from tests.integration.archive.support import (
    MIB,
    ODD,
    BreaksOff,
    Broken,
    plain,
    read,
    write,
    write_with_gaps,
)
from tests.support.topics import Topics

SMALL = Bounds(records=7)
LASTING = {"retention.ms": "-1", "cleanup.policy": "delete"}


async def _export(
    bootstrap: str,
    folder: Path,
    *topics: str,
    sparse: str | None = None,
    tell: Telling | None = None,
    bounds: Bounds = SMALL,
) -> Manifest:
    wanted = [Wanted(name, dense=name != sparse) for name in topics]
    return await export(bootstrap, folder, wanted, made_by="test", tell=tell or Silent(), bounds=bounds)


async def _restore(
    bootstrap: str, folder: Path, names: dict[str, str], *, tell: Telling | None = None
) -> list[int]:
    """Restore under other names; how many records were there before, by topic."""
    manifest = check(folder, tell=Silent())
    targets = await plan(bootstrap, folder, manifest, names=names, tell=Silent())
    await restore(bootstrap, folder, targets, tell=tell or Silent())
    return [target.present for target in targets]


async def test_whatever_a_record_may_be_it_comes_back(
    kafka_bootstrap: str, topic_factory: Topics, tmp_path: Path
) -> None:
    """Odd records, gaps, 1 MiB: same partitions, order, bytes, timestamps; of a dense topic the same offsets."""
    log, sparse = (
        await topic_factory(3, config=LASTING),
        await topic_factory(1, config={"cleanup.policy": "compact"}),
    )
    await write(kafka_bootstrap, log, 0, [*ODD, *plain(20, 1)])
    await write(kafka_bootstrap, log, 2, [(5, b"k", (), b"a" * MIB), *ODD], compression_type="gzip")
    await write_with_gaps(kafka_bootstrap, sparse, [record for record in ODD if record[1]])

    folder = tmp_path / "archive"
    made = await _export(kafka_bootstrap, folder, log, sparse, sparse=sparse)
    assert check(folder, tell=Silent()) == made
    again = await topic_factory(3, name="again", config=LASTING)
    other = f"{again}.sparse"
    assert await _restore(kafka_bootstrap, folder, {log: again, sparse: other}) == [0, 0]

    assert await read(kafka_bootstrap, again, 3) == await read(kafka_bootstrap, log, 3)
    [before], [after] = await read(kafka_bootstrap, sparse, 1), await read(kafka_bootstrap, other, 1)
    assert [record for _, record in after] == [record for _, record in before]
    assert [offset for offset, _ in after] == list(range(len(before)))
    assert [offset for offset, _ in before] == list(range(0, 2 * len(before), 2))


async def test_an_archive_tells_of_itself_and_is_private(
    kafka_bootstrap: str, topic_factory: Topics, tmp_path: Path
) -> None:
    """Bounds, settings, counts; every file for its owner only; nothing unfinished is left."""
    log = await topic_factory(2, config=LASTING)
    await write(kafka_bootstrap, log, 1, plain(20, 1))
    folder = tmp_path / "archive"
    await _export(kafka_bootstrap, folder, log)
    said = json.loads((folder / COMPLETE).read_bytes())
    assert (said["format"], said["format_version"], said["made_by"]) == ("course-accounts-archive", 1, "test")
    [topic] = said["topics"]
    assert topic["config"] == LASTING
    assert [(p["begin"], p["end"], p["records"]) for p in topic["partitions"]] == [(0, 0, 0), (0, 20, 20)]
    assert [f["first_offset"] for f in topic["partitions"][1]["files"]] == [0, 7, 14]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert sorted(path.name for path in files) == sorted(
        [COMPLETE, *(f"{first:020}.jsonl.gz" for first in (0, 7, 14))]
    )
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


async def test_an_interrupted_export_goes_on(
    kafka_bootstrap: str, topic_factory: Topics, tmp_path: Path
) -> None:
    """To the end it saw at its start, with the digests of one that was not interrupted; no file is written twice."""
    log = await topic_factory(2, config=LASTING)
    for partition in (0, 1):
        await write(kafka_bootstrap, log, partition, plain(30, partition))
    whole = await _export(kafka_bootstrap, tmp_path / "whole", log)
    folder = tmp_path / "archive"
    with pytest.raises(Broken):
        await _export(kafka_bootstrap, folder, log, tell=BreaksOff("Exporting", 30))
    assert (folder / UNFINISHED).exists()
    with pytest.raises(ArchiveError) as refused:
        check(folder, tell=Silent())
    assert refused.value.code == "ARCHIVE_UNFINISHED"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.gz")}
    assert 0 < len(before) < 10

    await write(kafka_bootstrap, log, 0, plain(5, 3))
    told = BreaksOff("Exporting", 1000)
    made = await _export(kafka_bootstrap, folder, log, tell=told)
    assert told.total < 60
    assert [part.digest for _, part in made.parts()] == [part.digest for _, part in whole.parts()]
    assert {path: path.stat().st_mtime_ns for path in before} == before
    check(folder, tell=Silent())
    with pytest.raises(ArchiveError) as refused:
        await _export(kafka_bootstrap, folder, log)
    assert refused.value.code == "ARCHIVE_COMPLETE"


async def test_an_export_of_something_else_does_not_go_on(
    kafka_bootstrap: str, topic_factory: Topics, tmp_path: Path
) -> None:
    """Other topics, a folder with other things, a topic that is not there, a log with a gap."""
    one, other = await topic_factory(1), await topic_factory(1)
    await write(kafka_bootstrap, one, 0, plain(20, 1))
    await write_with_gaps(kafka_bootstrap, other, plain(2, 1))
    folder = tmp_path / "archive"
    with pytest.raises(Broken):
        await _export(kafka_bootstrap, folder, one, tell=BreaksOff("Exporting", 1))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").touch()
    for where, topic, code in (
        (folder, other, "OTHER_EXPORT"),
        (tmp_path / "full", one, "FOLDER_NOT_EMPTY"),
        (tmp_path / "a", "no-such-topic", "TOPIC_MISSING"),
        (tmp_path / "b", other, "LOG_HAS_HOLES"),
    ):
        with pytest.raises(ArchiveError) as refused:
            await _export(kafka_bootstrap, where, topic)
        assert refused.value.code == code


async def test_an_interrupted_restore_goes_on(
    kafka_bootstrap: str, topic_factory: Topics, tmp_path: Path
) -> None:
    """From what the topic holds, which must be the beginning of the archive; done twice it changes nothing."""
    log = await topic_factory(2, config=LASTING)
    for partition in (0, 1):
        await write(kafka_bootstrap, log, partition, [*ODD, *plain(1500, partition)])
    folder = tmp_path / "archive"
    await _export(kafka_bootstrap, folder, log, bounds=Bounds(records=700))
    names = {log: f"{log}.again"}
    with pytest.raises(Broken):
        await _restore(kafka_bootstrap, folder, names, tell=BreaksOff("Restoring", 1600))
    [present] = await _restore(kafka_bootstrap, folder, names)
    assert 0 < present < 3014
    assert await read(kafka_bootstrap, names[log], 2) == await read(kafka_bootstrap, log, 2)
    assert await _restore(kafka_bootstrap, folder, names) == [3014]


async def test_a_topic_with_a_past_is_refused(
    kafka_bootstrap: str, topic_factory: Topics, tmp_path: Path
) -> None:
    """Other records, more records, deleted records, another number of partitions, timestamps of its own."""
    log = await topic_factory(1, config=LASTING)
    await write(kafka_bootstrap, log, 0, plain(20, 1))
    folder = tmp_path / "archive"
    await _export(kafka_bootstrap, folder, log)
    others, more = await topic_factory(1, config=LASTING), await topic_factory(1, config=LASTING)
    await write(kafka_bootstrap, others, 0, plain(3, 2))
    await write(kafka_bootstrap, more, 0, plain(21, 1))
    two = await topic_factory(2, config=LASTING)
    stamping = await topic_factory(1, config={**LASTING, "message.timestamp.type": "LogAppendTime"})
    for topic, code in (
        (others, "TOPIC_NOT_EMPTY"),
        (more, "TOPIC_NOT_EMPTY"),
        (two, "TOPIC_PARTITIONS"),
        (stamping, "TOPIC_STAMPS"),
    ):
        before = await read(kafka_bootstrap, topic, 1)
        with pytest.raises(ArchiveError) as refused:
            await _restore(kafka_bootstrap, folder, {log: topic})
        assert refused.value.code == code
        assert await read(kafka_bootstrap, topic, 1) == before


async def test_nobody_answers(tmp_path: Path) -> None:
    """A sentence with the address, and no trace of an archive."""
    with pytest.raises(ArchiveError) as refused:
        await _export("127.0.0.1:1", tmp_path / "archive", "log")
    assert refused.value.code == "KAFKA_UNREACHABLE"
    assert "127.0.0.1:1" in refused.value.sentence
