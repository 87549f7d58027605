"""Which records are taken for news of a newer version, and how much of them is kept in memory."""

import pytest

from services.common.records import Record
from services.common.unknown_types import Passed, TypeLabels, by_type, newer_type

NEWER = "org.course-accounts.account-renamed.v1"


def record(name: bytes | None, offset: int = 0, partition: int = 0) -> Record:
    """A record whose envelope names a type."""
    return Record("log", partition, offset, 1, b"k", (("ce_id", b"1"), ("ce_type", name)), b"{}")


@pytest.mark.parametrize(
    "name", [NEWER, "org.course-accounts.account-retried.v3", "org.course-accounts.x.v10"]
)
def test_ours(name: str) -> None:
    """A type of our making, whatever its version."""
    assert newer_type(record(name.encode())) == name


@pytest.mark.parametrize(
    "name",
    [
        None,
        b"",
        b"\xff",
        b"com.example.order-placed.v1",
        b"org.course-accounts.Anna Smith.v1",
        b"org.course-accounts.x.v1\x00",
        b"org.course-accounts.x.v1\n",
        b"org.course-accounts.x",
        b"org.course-accounts." + b"x" * 61 + b".v1",
    ],
)
def test_not_ours(name: bytes | None) -> None:
    """Anything else is no newer version: it is parked with its bytes, and its name goes nowhere."""
    assert newer_type(record(name)) is None


def test_only_the_places_are_kept() -> None:
    """First, last and how many, by partition and type."""
    other = b"org.course-accounts.import-paused.v1"
    records = [record(NEWER.encode(), at) for at in (3, 4, 9)]
    records += [record(other, 5), record(NEWER.encode(), 7, partition=1)]
    assert by_type(records) == {
        ("log", 0, NEWER): Passed(3, 9, 3),
        ("log", 0, other.decode()): Passed(5, 5, 1),
        ("log", 1, NEWER): Passed(7, 7, 1),
    }


def test_places_add_up_over_batches() -> None:
    """A million of them are as small as one; made-up types are one, beyond a number."""
    found = by_type([record(NEWER.encode(), at) for at in (3, 4)])
    by_type([record(NEWER.encode(), at) for at in (5, 9)], found)
    assert found == {("log", 0, NEWER): Passed(3, 9, 4)}
    made_up = [record(b"org.course-accounts.made-up-%d.v1" % n, n) for n in range(10_100)]
    by_type(made_up, found)
    assert len(found) == 10_001
    assert found["log", 0, "others"].records == 101


def test_labels_are_bounded() -> None:
    """A writer that makes up types does not make up time series: beyond twenty all are one, and none is lost."""
    labels = TypeLabels()
    names = [f"org.course-accounts.made-up-{n}.v1".encode() for n in range(30)]
    counts = labels.count([record(name) for name in names for _ in range(2)])
    assert len(counts) == 21
    assert counts["others"] == 20
    assert counts["org.course-accounts.made-up-0.v1"] == 2
    assert labels.count([record(names[0]), record(names[29])]) == {names[0].decode(): 1, "others": 1}
