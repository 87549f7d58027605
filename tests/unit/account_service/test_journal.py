"""The journal as a file: what survives, what is cut, what is refused."""

from pathlib import Path

import pytest

from deploy.account_service import journal
from deploy.account_service.journal import Closed, Created, Effect, Entry, Refused


def made(number: int, email: str, scope: str = "python-101") -> Created:
    """A creation."""
    return Created(
        at="2026-01-05T08:00:00.000Z",
        number=number,
        username=f"u{number}",
        email=email,
        scope=scope,
        owner="manager",
        expires_at=None,
        key=f"key-{number}",
        fingerprint="f",
    )


def write(path: Path, *entries: Entry, tail: bytes = b"") -> None:
    """A journal with these entries and whatever a crash left behind."""
    path.write_bytes(b"".join(map(journal.encode, entries)) + tail)


REFUSED = Refused(at="t", key="k", fingerprint="f", status=422, code="ADDRESS_REFUSED", message="No.")
CLOSED = Closed(at="t", username="u1")


def test_reads_effects_in_order_and_leaves_refusals_out(tmp_path: Path) -> None:
    """Refusals have no effect, so a reader of effects does not see them."""
    path = tmp_path / "j"
    write(path, made(1, "a@x.org"), REFUSED, CLOSED, made(2, "a@x.org"))
    assert journal.read(path) == [made(1, "a@x.org"), CLOSED, made(2, "a@x.org")]


def test_no_file_means_nothing_happened(tmp_path: Path) -> None:
    """A service that never started has had no effect."""
    assert journal.read(tmp_path / "none") == []


@pytest.mark.parametrize("cut", [1, 10, 60])
def test_a_torn_last_line_is_left_out(tmp_path: Path, cut: int) -> None:
    """A crash in the middle of a write costs only the entry that nobody was told of."""
    path = tmp_path / "j"
    write(path, made(1, "a@x.org"), tail=journal.encode(made(2, "b@x.org"))[:-cut])
    with path.open("rb") as file:
        entries, good = journal.scan(file)
    assert entries == [made(1, "a@x.org")]
    assert good == len(journal.encode(made(1, "a@x.org")))


def test_damage_before_the_end_is_an_error(tmp_path: Path) -> None:
    """A crash cannot damage the middle, so nobody may go on as if it had not happened."""
    path = tmp_path / "j"
    path.write_bytes(b'{"kind":"cre\n' + journal.encode(made(1, "a@x.org")))
    with pytest.raises(journal.JournalDamaged, match="Line 1"):
        journal.read(path)


def test_finds_an_address_created_twice_in_any_case() -> None:
    """Two living accounts for one address and scope are what must never be."""
    assert journal.created_twice([made(1, "a@x.org"), made(2, "A@X.org")]) == [("a@x.org", "python-101")]


def test_a_new_life_and_another_scope_are_not_twice() -> None:
    """After a close the address is free, and each scope has its own accounts."""
    effects: list[Effect] = [
        made(1, "a@x.org"),
        CLOSED,
        made(2, "a@x.org"),
        made(3, "a@x.org", scope="rust-7"),
    ]
    assert journal.created_twice(effects) == []
    assert [effect.number for effect in journal.created(effects)] == [1, 2, 3]
