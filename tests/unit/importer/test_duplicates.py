"""The first row with an account counts: exactly, in any pieces, in little memory."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from services.importer.domain.duplicates import Firsts
from services.importer.domain.rows import StagedRow, Verdict

HALVES = st.sampled_from([b"\0" * 8, b"\0" * 7 + b"\1", b"\1" + b"\0" * 7, b"\xff" * 8])
IDS = st.builds(bytes.__add__, HALVES, HALVES)


def staged(row: int, account: bytes | None, text: str = "") -> StagedRow:
    """A row as judging leaves it: invalid without an account."""
    verdict, code = (Verdict.NEW, None) if account else (Verdict.INVALID, "EMAIL_NO_AT")
    return StagedRow(row, row + 1, "x", None, text, verdict, code, "", None, account)


def expected(rows: list[StagedRow]) -> list[tuple[Verdict, int | None, list[str]]]:
    """The same, said slowly."""
    first: dict[bytes, StagedRow] = {}
    outcome: list[tuple[Verdict, int | None, list[str]]] = []
    for row in rows:
        counts = row if row.account_id is None else first.setdefault(row.account_id, row)
        if counts is row:
            outcome.append((row.verdict, None, []))
        else:
            differs = ["DESCRIPTION_DIFFERS"] if counts.description != row.description else []
            outcome.append((Verdict.DUPLICATE, counts.row, differs))
    return outcome


@given(
    st.lists(st.tuples(st.none() | IDS, st.sampled_from(["", "a", "b"])), max_size=60),
    st.lists(st.integers(1, 9), min_size=60, max_size=60),
    st.integers(1, 5),
    st.integers(2, 40),
)
def test_first_wins_however_the_rows_are_cut(
    cells: list[tuple[bytes | None, str]], sizes: list[int], recent: int, longest: int
) -> None:
    """Also where ids share a half, and where runs are packed and merged at any time."""
    rows = [staged(number, account, text) for number, (account, text) in enumerate(cells, 1)]
    firsts, source = Firsts(recent, longest), iter(rows)
    marked = [row for size in sizes for row in firsts.mark(list(itertools.islice(source, size)))]
    assert [(row.verdict, row.duplicate_of, [note.code for note in row.notes]) for row in marked] == expected(
        rows
    )


def test_a_duplicate_says_so() -> None:
    """By code, row, and a note if the descriptions differ; the first stays as it was."""
    account = b"1" * 16
    first, same, other = Firsts().mark(
        [staged(1, account, "a"), staged(2, account, "a"), staged(3, account, "b")]
    )
    assert first == staged(1, account, "a")
    assert (same.code, same.duplicate_of, same.notes) == ("DUPLICATE", 1, ())
    assert (other.duplicate_of, other.notes) == (1, (("DESCRIPTION_DIFFERS", "row 1"),))


def test_memory_is_24_bytes_a_row() -> None:
    """And no piece of it is copied whole when more rows come."""
    firsts = Firsts()
    for start in range(0, 80_000, 20_000):
        firsts.mark([staged(row, row.to_bytes(8, "little") * 2) for row in range(start + 1, start + 20_001)])
    assert firsts.nbytes == 80_000 * 24
    repeated = firsts.mark(
        [staged(n, row.to_bytes(8, "little") * 2) for n, row in enumerate((1, 77_777, 80_000), 300_000)]
    )
    assert [row.duplicate_of for row in repeated] == [1, 77_777, 80_000]
