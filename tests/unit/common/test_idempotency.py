"""When a request is the same as another, and what becomes of one whose key is taken."""

from typing import Any

import orjson
import pytest

from services.common.access.idempotency import (
    MOST_ANSWER_BYTES,
    Body,
    BodyHash,
    Done,
    Kept,
    Reused,
    Runs,
    judge,
    line_hash,
    packed,
    same_body,
    unpacked,
)

LINE = line_hash("POST", "/api/things/", b"a=1")


def body(*pieces: bytes, whole: bool = True, limit: int | None = None) -> Body:
    """A body that came in these pieces."""
    taken = BodyHash(limit)
    for number, piece in enumerate(pieces, start=1):
        taken.take(piece, last=whole and number == len(pieces))
    return taken.body()


def row(**changes: Any) -> dict[str, Any]:
    """What is kept of a request that was done."""
    usual = {
        "line_hash": LINE,
        "finished": True,
        "lease_s": -5.0,
        "body_hash": body(b"abc").sha256,
        "body_bytes": 3,
        "body_whole": True,
        "status": 201,
        "headers": orjson.dumps([["location", "/x/"]]).decode(),
        "answer": packed(b"made"),
    }
    return {**usual, **changes}


def test_the_first_line_counts() -> None:
    """Method, path and query; no two of them look like one."""
    lines = {
        line_hash("POST", "/api/things/", b""),
        line_hash("POST", "/api/things/", b"a=1"),
        line_hash("PATCH", "/api/things/", b""),
        line_hash("POST", "/api/others/", b""),
        line_hash("POST", "/api/things/\na=1", b""),
    }
    assert len(lines) == 5


def test_how_a_body_is_cut_does_not_count() -> None:
    """Only its bytes."""
    assert body(b"abc") == body(b"a", b"bc") == body(b"", b"abc", b"")


@pytest.mark.parametrize(
    ("first", "again", "same"),
    [
        (body(b"abc"), (b"abc",), True),
        (body(b"abc"), (b"ab", b"c"), True),
        (body(b"abc"), (b"abd",), False),
        (body(b"abc"), (b"abcd",), False),
        (body(b"abc"), (b"ab",), False),
        (body(b"abc", whole=False), (b"abcdef",), True),
        (body(b"abc", whole=False), (b"abXdef",), False),
        (body(b"abc", whole=False), (b"ab",), False),
        (body(), (b"anything",), True),
        (body(b""), (b"",), True),
        (body(b""), (b"x",), False),
    ],
)
def test_a_repeated_body(first: Body, again: tuple[bytes, ...], same: bool) -> None:
    """It is compared as far as the first one was read: one refused early did not see the rest."""
    assert same_body(first, body(*again, limit=first.count)) is same


def test_no_more_is_read_than_can_matter() -> None:
    """Of 64 MiB after a first request of three bytes, only the first piece."""
    taken = BodyHash(3)
    taken.take(b"ab", last=False)
    assert not taken.enough
    taken.take(b"cd", last=False)
    assert taken.enough


def test_another_request() -> None:
    """Is refused, whether the first one still runs or not."""
    other = line_hash("POST", "/api/others/", b"")
    assert judge(row(), other) == judge(row(finished=False), other) == Reused()


@pytest.mark.parametrize(("lease_s", "left"), [(12.5, 12.5), (-1.0, 0.0)])
def test_the_same_request_while_it_runs(lease_s: float, left: float) -> None:
    """Has to wait."""
    assert judge(row(finished=False, lease_s=lease_s), LINE) == Runs(left)


def test_the_same_request_when_it_was_done() -> None:
    """Status, headers and body again; None where the answer was not kept."""
    assert judge(row(), LINE) == Done(body(b"abc"), Kept(201, [("location", "/x/")], b"made"))
    done = judge(row(answer=None), LINE)
    assert isinstance(done, Done)
    assert done.kept.content is None


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 5000, b"long and dull " * 300_000])
def test_answers_come_back_as_they_were(content: bytes) -> None:
    """Long ones are kept small."""
    kept = packed(content)
    assert kept is not None
    assert len(kept) <= min(len(content) + 1, MOST_ANSWER_BYTES)
    assert unpacked(kept) == content


def test_some_answers_are_too_long() -> None:
    """Even compressed."""
    import random

    assert packed(random.Random(7).randbytes(MOST_ANSWER_BYTES + 1000)) is None  # noqa: S311 - any bytes will do
