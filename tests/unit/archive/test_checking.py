"""Whatever is wrong with an archive is named."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.archive.checking import check, entries_of
from deploy.archive.errors import ArchiveError
from deploy.archive.manifest import COMPLETE, Manifest
from deploy.archive.segments import LONGEST_LINE
from deploy.archive.telling import Silent
from tests.unit.archive.folders import TOPIC, archive, entries, forge

SECOND = f"{TOPIC}/00/{5:020}.jsonl.gz"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive of three files of five records."""
    every = entries(15)
    archive(tmp_path, [every[:5], every[5:10], every[10:]])
    return tmp_path


def _refused(folder: Path) -> ArchiveError:
    with pytest.raises(ArchiveError) as refused:
        check(folder, tell=Silent())
    return refused.value


def test_a_whole_archive_says_what_it_holds(folder: Path) -> None:
    """Everything that was written can be read again."""
    found: Manifest = check(folder, tell=Silent())
    assert found.records == 15
    [(_, part)] = found.parts()
    assert [entry for page in entries_of(folder, part) for entry, _ in page] == entries(15)


def _cut(content: bytes) -> bytes:
    return content[:-3]


def _flipped(content: bytes) -> bytes:
    return content[:30] + bytes([content[30] ^ 1]) + content[31:]


@pytest.mark.parametrize(("damage", "code"), [(_cut, "FILE_CUT"), (_flipped, "FILE_CHANGED")])
def test_a_damaged_file_is_named(folder: Path, damage: Callable[[bytes], bytes], code: str) -> None:
    """Cut short, or another bit."""
    file = folder / SECOND
    file.write_bytes(damage(file.read_bytes()))
    error = _refused(folder)
    assert error.code == code
    assert str(file) in error.sentence


def test_a_missing_file_is_named(folder: Path) -> None:
    """By its path."""
    (folder / SECOND).unlink()
    error = _refused(folder)
    assert (error.code, str(folder / SECOND) in error.sentence) == ("FILE_MISSING", True)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda lines: lines[:-1], "COUNTS_DIFFER"),
        (lambda lines: [lines[0], *lines[2:]], "OFFSETS_BROKEN"),
        (lambda lines: [lines[1], lines[0], *lines[2:]], "OFFSETS_BROKEN"),
        (lambda lines: [*lines, lines[-1]], "OFFSETS_BROKEN"),
        (lambda lines: [*lines[:2], b"{}", *lines[3:]], "LINE_BROKEN"),
        (lambda lines: [lines[0].replace(b'n\\":5', b'n\\":6'), *lines[1:]], "DIGESTS_DIFFER"),
    ],
    ids=["last line gone", "line gone", "lines swapped", "line twice", "no record", "value changed"],
)
def test_lines_are_judged_by_themselves(
    folder: Path, change: Callable[[list[bytes]], list[bytes]], code: str
) -> None:
    """Also where somebody has put the hash of the file right."""
    forge(folder, change)
    error = _refused(folder)
    assert error.code == code
    assert (SECOND in error.sentence) == (code != "DIGESTS_DIFFER")


def test_records_must_reach_the_end(tmp_path: Path) -> None:
    """A dense topic whose last records are in no file."""
    archive(tmp_path, [entries(5)], end=7)
    assert _refused(tmp_path).code == "OFFSETS_BROKEN"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda said: said | {"format_version": 2}, "ARCHIVE_NEWER"),
        (lambda said: said | {"format": "something else"}, "MANIFEST_BROKEN"),
        (lambda said: said | {"more": 1}, "MANIFEST_BROKEN"),
        (lambda said: said | {"topics": said["topics"] * 2}, "MANIFEST_BROKEN"),
        (lambda said: said | {"topics": [said["topics"][0] | {"name": ".."}]}, "MANIFEST_BROKEN"),
        (lambda said: said | {"topics": [said["topics"][0] | {"name": "a/b"}]}, "MANIFEST_BROKEN"),
        (lambda said: said | {"topics": [said["topics"][0] | {"name": "other"}]}, "MANIFEST_BROKEN"),
    ],
)
def test_a_manifest_of_something_else_is_refused(
    folder: Path, change: Callable[[dict[str, object]], object], code: str
) -> None:
    """Newer, not ours, changed, or with names that lead out of the folder; no file is opened for it."""
    file = folder / COMPLETE
    file.write_text(json.dumps(change(json.loads(file.read_bytes()))))
    assert _refused(folder).code == code


@pytest.mark.parametrize("content", [b"", b"[", b"\xff", b"null", b"[]"])
def test_a_manifest_that_is_none_is_refused(folder: Path, content: bytes) -> None:
    """Without a stack trace."""
    (folder / COMPLETE).write_bytes(content)
    assert _refused(folder).code == "MANIFEST_BROKEN"


def test_a_folder_without_an_archive(tmp_path: Path) -> None:
    """Also one that is not there."""
    assert _refused(tmp_path).code == _refused(tmp_path / "none").code == "NO_ARCHIVE"


def test_a_file_that_unpacks_to_more_than_it_should_is_not_unpacked(folder: Path) -> None:
    """What is read is bounded by what the manifest says, whatever a file unpacks to."""
    file = folder / COMPLETE
    said = json.loads(file.read_bytes())
    said["topics"][0]["partitions"][0]["files"][1]["bytes"] = 10
    file.write_text(json.dumps(said))
    assert _refused(folder).code == "FILE_CHANGED"
    assert LONGEST_LINE < 2**30
