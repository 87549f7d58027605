"""Each record gets one verdict, from the file first and then from what is known of its account."""

from collections.abc import Iterable
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import IfExists, SkippedPersonal, SkippedRow
from schemas.ids import account_id
from services.importer.domain.duplicates import Firsts
from services.importer.domain.judging import judge_all
from services.importer.domain.policy import AddressPolicy
from services.importer.domain.preview import requested, to_create
from services.importer.domain.rows import StagedRow, Verdict
from services.importer.domain.skipping import MAX_BYTES, MAX_ROWS, cut
from services.importer.drafts.model import preview_hash
from services.importer.reading import Record

PROJECT = UUID("0f5d3a4e-4f0c-4d0a-9d3d-3c3f0a1b2c3d")


def classify(records: Iterable[Record], project_id: UUID) -> list[StagedRow]:
    """Judge records and mark repetitions, as the reader of a file does."""
    return list(Firsts().mark(judge_all(list(records), project_id, AddressPolicy())))


def rows_of(*emails: str) -> list[StagedRow]:
    """Classify a file of addresses."""
    return list(classify([Record(n, n + 1, email, "", None) for n, email in enumerate(emails, 1)], PROJECT))


def test_the_first_row_with_an_address_counts() -> None:
    """Later rows repeat it, in whatever spelling; an invalid row claims no address."""
    first, repeated, other = rows_of("Ada@example.org", "ada@EXAMPLE.org", "bob@example.org")
    assert (first.verdict, first.account_id) == (Verdict.NEW, account_id(PROJECT, "ada@example.org").bytes)
    assert (repeated.verdict, repeated.duplicate_of, repeated.code) == (Verdict.DUPLICATE, 1, "DUPLICATE")
    assert other.verdict is Verdict.NEW
    long = list(
        classify(
            [Record(1, 2, "a@x.org", "z" * 2_001, None), Record(2, 3, "a@x.org", "z" * 2_000, None)], PROJECT
        )
    )
    assert [(row.verdict, row.code) for row in long] == [
        (Verdict.INVALID, "DESCRIPTION_TOO_LONG"),
        (Verdict.NEW, None),
    ]


def test_a_shape_that_reading_complains_of_makes_the_row_invalid() -> None:
    """The code of the record is the code of the row."""
    [row] = classify([Record(1, 2, "a@x.org", "", "EXTRA_CELLS")], PROJECT)
    assert (row.verdict, row.code) == (Verdict.INVALID, "EXTRA_CELLS")


def test_choices_decide_what_is_created_not_what_is_requested() -> None:
    """A row whose account exists is a claim all the same."""
    verdicts = {verdict.value: n for n, verdict in enumerate(Verdict, 1)}
    assert requested(verdicts) == 1 + 2 + 3 + 4 + 5
    assert to_create(verdicts, IfExists()) == 1 + 4 + 5
    assert to_create(verdicts, IfExists(erred="leave", closed="leave")) == 1


def test_the_hash_of_a_preview_changes_with_every_reading_and_correction() -> None:
    """Rows change only with one of the three, so the hash need not look at them."""
    hashes = {
        preview_hash(draft, reading, edition)
        for draft in (UUID(int=1), UUID(int=2))
        for reading in (1, 2, 11)
        for edition in (0, 1, 11)
    }
    assert len(hashes) == 2 * 3 * 3


@given(
    st.lists(st.tuples(st.sampled_from(["a@x.org", "A@x.org", "b@x.org", "", "bad", "ü@x.org"]), st.text()))
)
def test_counts_add_up(cells: list[tuple[str, str]]) -> None:
    """Every record gets exactly one verdict, and a duplicate points to an earlier new row with its address."""
    records = [Record(n, n + 1, email, text, None) for n, (email, text) in enumerate(cells, 1)]
    rows = list(classify(records, PROJECT))
    assert [row.row for row in rows] == [record.row for record in records]
    new = {row.row: row for row in rows if row.verdict is Verdict.NEW}
    assert len({row.canonical_email for row in new.values()}) == len(new)
    for row in rows:
        if row.verdict is Verdict.DUPLICATE:
            assert row.duplicate_of is not None
            assert new[row.duplicate_of].canonical_email == row.canonical_email
            assert row.duplicate_of < row.row


def skipped(row: int, size: int = 1) -> SkippedRow:
    """A skipped row with a cell of this size."""
    return SkippedRow(
        row=row, line=row, verdict="invalid", code="EMAIL_INVALID", personal=SkippedPersonal(email="x" * size)
    )


@given(
    st.lists(st.integers(1, 200_000), max_size=40),
    st.lists(st.integers(1, 30), max_size=10),
)
def test_groups_do_not_depend_on_how_the_rows_were_read(sizes: list[int], reads: list[int]) -> None:
    """Cut piece by piece from each group's end, or all at once: the same groups, none too large."""
    rows = [skipped(n, size) for n, size in enumerate(sizes, 1)]
    whole = cut(rows, complete=True)
    assert [row for group in whole for row in group] == rows
    assert all(len(group) == 1 or sum(len(r.personal.email) for r in group) <= MAX_BYTES for group in whole)
    pieces: list[tuple[SkippedRow, ...]] = []
    done = 0
    for read in reads:
        groups = cut(rows[done : done + read], complete=False)
        pieces += groups
        done += sum(map(len, groups))
    pieces += cut(rows[done:], complete=True)
    assert pieces == whole


def test_a_group_holds_at_most_500_rows() -> None:
    """The limit of the contract."""
    assert [len(group) for group in cut([skipped(n) for n in range(1, 1_202)], complete=True)] == [
        MAX_ROWS,
        MAX_ROWS,
        201,
    ]
