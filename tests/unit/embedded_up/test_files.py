"""The small files of a data directory: keys, ready file, lock, logs."""

import json
import os
from pathlib import Path

import pytest

from deploy.embedded.errors import StackError
from deploy.embedded.instance import RUNNING, AlreadyRunning, only_here, running
from deploy.embedded.keys import FILE, ensure_keys
from deploy.embedded.overview import Row, rows_of
from deploy.embedded.ready_file import Document, ProjectEntry, ReadyFiles
from deploy.embedded.service_logs import keep_below, last_line, open_to_append

DOCUMENT = Document(
    url="http://127.0.0.1:8090",
    token="t",
    web_url="http://127.0.0.1:8090/#sign-in=t",
    data_dir="/data",
    kafka="127.0.0.1:9092",
    postgres="postgresql://postgres:p@127.0.0.1:5432/course_accounts",
    account_service="http://127.0.0.1:8720/accounts",
    projects=[ProjectEntry("ab", "A course", "2026-11-23", None)],
    processes={"importer": [1], "provisioner": [2, 3]},
)
TABLE = [Row("Importer", "http://127.0.0.1:1", 1, "/data/logs/importer.log")]


def _mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


def test_keys_are_made_once(tmp_path: Path) -> None:
    """The same at every start, each another word, readable by their owner only."""
    first = ensure_keys(tmp_path)
    assert ensure_keys(tmp_path) == first
    assert len(set(first.passwords().values()) | {first.staff_token, first.control_token}) == 5
    assert _mode(tmp_path / FILE) == 0o600


def test_a_key_of_a_newer_release_is_added(tmp_path: Path) -> None:
    """Keys that are there stay; a missing one is made."""
    (tmp_path / FILE).write_text(json.dumps({"staff_token": "mine"}))
    keys = ensure_keys(tmp_path, make=lambda: "made")
    assert (keys.staff_token, keys.control_token) == ("mine", "made")
    assert ensure_keys(tmp_path, make=lambda: "another") == keys


def test_ready_file_says_what_was_agreed(tmp_path: Path) -> None:
    """Exactly the agreed fields; private; the stack's own note also holds the table."""
    asked, own = tmp_path / "r.json", tmp_path / RUNNING
    ReadyFiles(own=own, asked_for=asked).write(DOCUMENT, TABLE)
    said = json.loads(asked.read_text())
    assert list(said) == [
        "url", "token", "web_url", "data_dir", "kafka", "postgres", "account_service", "projects", "processes"
    ]  # fmt: skip
    assert said["projects"] == [
        {"uuid": "ab", "name": "A course", "start_date": "2026-11-23", "end_date": None}
    ]
    assert said["processes"] == {"importer": [1], "provisioner": [2, 3]}
    assert (_mode(asked), _mode(own)) == (0o600, 0o600)
    assert rows_of(json.loads(own.read_text())) == TABLE


def test_ready_file_is_replaced_whole_and_removed(tmp_path: Path) -> None:
    """A reader that has the old file open still reads the old one; nothing is left at the end."""
    asked = tmp_path / "r.json"
    files = ReadyFiles(own=tmp_path / RUNNING, asked_for=asked)
    files.write(DOCUMENT, TABLE)
    with asked.open() as before:
        files.write(DOCUMENT, [])
        assert json.loads(before.read()) == json.loads(asked.read_text())
    files.remove()
    files.remove()
    assert list(tmp_path.iterdir()) == []


def test_ready_file_in_a_missing_folder(tmp_path: Path) -> None:
    """A sentence, not a trace."""
    with pytest.raises(StackError) as trouble:
        ReadyFiles(own=tmp_path / RUNNING, asked_for=tmp_path / "no" / "r.json").write(DOCUMENT, TABLE)
    assert trouble.value.code == "NOT_WRITABLE"


def test_one_stack_a_data_directory(tmp_path: Path) -> None:
    """The second one learns where the first one listens; afterwards the directory is free again."""
    with only_here(tmp_path):
        assert running(tmp_path) is None
        ReadyFiles(own=tmp_path / RUNNING, asked_for=None).write(DOCUMENT, TABLE)
        with pytest.raises(AlreadyRunning) as other, only_here(tmp_path):
            pass
        assert other.value.document is not None
        assert other.value.document["url"] == DOCUMENT.url
        assert (running(tmp_path) or {})["url"] == DOCUMENT.url
    assert running(tmp_path) is None


def test_a_note_of_a_killed_stack_does_not_count(tmp_path: Path) -> None:
    """What a stack wrote down that was killed is not what is running."""
    ReadyFiles(own=tmp_path / RUNNING, asked_for=None).write(DOCUMENT, TABLE)
    assert running(tmp_path) is None
    with only_here(tmp_path):
        assert not (tmp_path / RUNNING).exists()


def test_logs_are_bounded_while_they_are_written(tmp_path: Path) -> None:
    """The writer keeps its file open; what it wrote moves aside and it goes on at the beginning."""
    log = tmp_path / "a.log"
    writer = open_to_append(log)
    try:
        os.write(writer, b"old\n" * 100)
        assert keep_below(log, most=100)
        os.write(writer, b"new\n")
    finally:
        os.close(writer)
    assert log.read_bytes() == b"new\n"
    assert (tmp_path / "a.log.1").read_bytes() == b"old\n" * 100
    assert not keep_below(log, most=100)


def test_the_last_words_of_a_process(tmp_path: Path) -> None:
    """Only what was said since it started; nothing if there was nothing."""
    log = tmp_path / "a.log"
    assert last_line(log) == ""
    log.write_text("earlier\n")
    assert last_line(log, since=8) == ""
    log.write_text("earlier\nfirst\nlast\n\n")
    assert last_line(log, since=8) == "last"
