"""What the commands about archives say, without a Kafka."""

import io
import json
import stat
from pathlib import Path

import pytest

from cli.archiving import place_of
from cli.client.errors import Unreachable
from cli.errors import Failure
from cli.main import run
from cli.saving import save
from cli.text.archive import plan_lines, records_line
from cli.watch.records import records
from deploy.embedded.instance import only_here
from deploy.embedded.private_files import write_private_json
from schemas.topics import LOG
from tests.unit.archive.folders import TOPIC, archive, entries
from tests.unit.cli.surroundings import FakeClock, Surroundings, surroundings


def _call(*words: object, here: Surroundings | None = None) -> tuple[int, str, str]:
    here = here or surroundings()
    code = run([*map(str, words)], here.world)
    return code, here.stdout.text, here.stderr.text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive of ten records."""
    made = tmp_path / "archive"
    archive(made, [entries(5), entries(5, 5)])
    return made


def test_a_whole_archive(folder: Path) -> None:
    """One line for people, the offset vector and the manifest's hash for scripts."""
    code, out, err = _call("export", "check", folder)
    assert (code, err) == (0, "")
    assert out.startswith("The archive is whole: 10 records in 1 topic, made 2026-03-02 ")
    code, out, _ = _call("export", "check", folder, "--json")
    found = json.loads(out)
    assert found["topics"] == [{"name": TOPIC, "records": 10, "ends": {"0": 10}}]
    assert len(found["manifest_sha256"]) == 64


def test_a_damaged_archive_is_an_error_with_its_file(folder: Path) -> None:
    """The first thing that is wrong, and exit code 1."""
    file = next(folder.rglob("*.gz"))
    file.write_bytes(file.read_bytes() + b"x")
    code, out, err = _call("export", "check", folder)
    assert (code, out) == (1, "")
    assert err.startswith(f"Error: {file} has ")


def test_a_restore_that_only_looks_starts_nothing(folder: Path, tmp_path: Path) -> None:
    """Into a data directory that is not there yet: it is not made."""
    code, out, err = _call("restore", folder, "--data-dir", tmp_path / "new", "--dry-run")
    assert (code, out.splitlines()[1].split(maxsplit=1), err) == (
        0,
        [TOPIC, "10       is made and filled"],
        "",
    )
    code, out, _ = _call("restore", folder, "--data-dir", tmp_path / "new", "--dry-run", "--json")
    assert json.loads(out)["topics"][0]["records"] == 10
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("begin", "name", "what"),
    [(3, TOPIC, "begins with offset 3"), (0, LOG, "has 1 partitions, and this version wants 12")],
)
def test_what_cannot_be_restored(tmp_path: Path, begin: int, name: str, what: str) -> None:
    """A log without its beginning, or with other partitions than this version knows."""
    archive(tmp_path / "archive", [entries(5, begin)], begin=begin, topic=name)
    code, _, err = _call("restore", tmp_path / "archive", "--data-dir", tmp_path / "new", "--dry-run")
    assert code == 1
    assert what in err


def test_a_restore_into_an_installation_that_runs_is_refused(folder: Path, tmp_path: Path) -> None:
    """Its services write to the log; nothing is touched."""
    home = tmp_path / "home"
    home.mkdir()
    with only_here(home):
        write_private_json(home / "ready.json", {"kafka": "127.0.0.1:1"})
        code, _, err = _call("restore", folder, "--data-dir", home)
        assert (code, err.splitlines()[0]) == (
            1,
            "Error: The installation is running, and its services write to the log.",
        )
        assert place_of(None, home, {}) == "127.0.0.1:1"
    assert place_of(None, home, {}) == home


def test_a_kafka_that_does_not_answer(tmp_path: Path) -> None:
    """Exit code 7 and its address, without the library's own noise."""
    code, out, err = _call("export", "log", tmp_path / "a", "--kafka", "127.0.0.1:1")
    assert (code, out) == (7, "")
    assert err == "Error: No Kafka answers at 127.0.0.1:1.\n  Name it with --kafka HOST:PORT, or start it.\n"


@pytest.mark.parametrize("said", ["kafka", "kafka:", ":9092", "a:1,b", "http://kafka:x"])
def test_what_is_no_address(said: str) -> None:
    """A usage error before anything is tried."""
    with pytest.raises(Failure) as refused:
        place_of(said, None, {})
    assert refused.value.shown.code == "BAD_KAFKA_ADDRESS"


def test_how_far_it_is() -> None:
    """Records, rate, time left; nothing is guessed before there is something to guess from."""
    assert records_line("Exporting x", 0, 5000, 0) == "Exporting x: 0 of 5,000 records"
    assert (
        records_line("Exporting x", 1000, 5000, 2)
        == "Exporting x: 1,000 of 5,000 records, 500 records/s, 8.0 s left"
    )
    assert records_line("Exporting x", 1, 1, 2) == "Exporting x: 1 of 1 record, 0 records/s"


def test_a_log_gets_a_line_now_and_then() -> None:
    """Every ten seconds, in each stage anew; nothing at all if it is quick or quiet."""
    here = surroundings()
    clock = here.clock
    assert isinstance(clock, FakeClock)
    with records(here.world, quiet=False) as tell:
        for name in ("Checking", "Restoring"):
            tell.stage(name, 100)
            for _ in range(4):
                clock.time += 4
                tell.done(20)
    assert here.stderr.text.splitlines() == [
        f"{name}: 60 of 100 records, 5 records/s, 8.0 s left" for name in ("Checking", "Restoring")
    ]
    silent = surroundings()
    with records(silent.world, quiet=True) as tell:
        tell.stage("Checking", 100)
        silent.clock.time += 100
        tell.done(100)
    assert silent.stderr.text == ""


def test_a_terminal_gets_a_bar() -> None:
    """And none while somebody is asked."""
    here = surroundings(terminal=True)
    with records(here.world, quiet=False) as tell:
        tell.stage("Checking", 100)
        tell.done(50)
        tell.still()
        before = here.stderr.text
        assert "Checking" in before
        here.world.say("A question?")
        assert here.stderr.text == before + "A question?\n"


def test_what_a_restore_would_do() -> None:
    """Topic by topic, and what cannot be kept."""
    target = {"name": "log", "records": 1234, "exists": False, "present": 0, "renumbered": False}
    lines = plan_lines(
        [
            target,
            {**target, "name": "projects", "exists": True, "renumbered": True},
            {**target, "name": "a", "exists": True, "present": 1000},
            {**target, "name": "b", "exists": True, "present": 1234},
        ]
    )
    assert [line.split(maxsplit=1) for line in lines] == [
        ["TOPIC", "RECORDS  WHAT"],
        ["log", "1,234    is made and filled"],
        ["projects", "1,234    is empty and will be filled"],
        ["a", "1,234    holds the first 1,000; the rest follows"],
        ["b", "1,234    is complete"],
        ["Records", "of projects get other offsets: Kafka had deleted some between them."],
    ]


def test_a_saved_file_is_private_whole_and_new(tmp_path: Path) -> None:
    """Nothing is there under its name before the end, and what is there is never replaced."""
    file = tmp_path / "accounts.csv"

    def pieces() -> "io.BytesIO":
        assert not file.exists()
        return io.BytesIO(b"a\nb\n")

    assert save(file, (piece for piece in pieces())) == 4
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(Failure) as refused:
        save(file, [b"other"])
    assert refused.value.shown.code == "FILE_EXISTS"

    def lost() -> "list[bytes]":
        raise Unreachable("CONNECTION_LOST", "It was lost.", "Try again.")

    with pytest.raises(Unreachable):
        save(tmp_path / "b.csv", (piece for _ in range(1) for piece in lost()))
    with pytest.raises(Failure) as refused:
        save(tmp_path / "none" / "c.csv", [b"x"])
    assert refused.value.shown.code == "NOT_WRITABLE"
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (b"a\nb\n", [file])
