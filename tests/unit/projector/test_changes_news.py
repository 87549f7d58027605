"""From the ring of changes to the rows that a reader is told of."""

from hypothesis import given
from hypothesis import strategies as st

from services.projector.accounts.fold import HANDLES as ABOUT_ACCOUNTS
from services.projector.accounts.fold import AccountsInMemory
from services.projector.core.model import Located
from services.projector.import_changes.fold import HANDLES, ChangesInMemory, Touched
from services.projector.import_changes.news import MOST_RANGES, Entry, News, Ring, known_at, news_since
from services.projector.import_progress.fold import place
from tests.unit.projector.memory import Tables, partition_of, stored
from tests.unit.projector.stories import Story, claim, import_of
from tests.unit.projector.test_any_history import IMPORTS, History, histories


def entry(partition: int, before: int, version: int, *rows: int, named: bool = True) -> Entry:
    """One entry about some rows."""
    return Entry(partition, before, version, min(rows), max(rows), rows if named else None)


RING = Ring({0: 5, 1: 3}, [entry(0, 2, 4, 7, 8), entry(0, 4, 5, 8), entry(1, 0, 3, 1, 2)])


def test_news_are_the_rows_of_the_entries_beyond_what_is_known() -> None:
    """Each once, in order, with how far that is."""
    assert news_since({0: 2, 1: 3}, RING, most=9) == News({0: 5, 1: 3}, (7, 8), None)
    assert news_since({0: 4}, RING, most=9) == News({0: 5, 1: 3}, (1, 2, 8), None)
    assert news_since({0: 5, 1: 3}, RING, most=9) == News({0: 5, 1: 3}, (), None)


def test_too_many_rows_are_told_as_ranges() -> None:
    """As few as they join to; also where an entry does not name its rows."""
    assert news_since({0: 2}, RING, most=3) == News({0: 5, 1: 3}, None, ((1, 2), (7, 8)))
    unnamed = Ring({0: 2}, [entry(0, 0, 2, 5, 900, named=False)])
    assert news_since({}, unnamed, most=3) == News({0: 2}, None, ((5, 900),))
    scattered = [entry(0, n, n + 1, n * 10 + 1) for n in range(MOST_RANGES + 1)]
    assert news_since({}, Ring({0: MOST_RANGES + 1}, scattered), most=3).ranges == (
        (1, MOST_RANGES * 10 + 1),
    )


def test_a_ring_that_does_not_reach_back_says_so() -> None:
    """Whether the gap lies before the entries, between them, after them, or where there are none."""
    for known, ring in (
        ({0: 1, 1: 3}, RING),
        ({0: 2, 1: 3}, Ring({0: 6, 1: 3}, [entry(0, 2, 4, 7), entry(0, 5, 6, 8)])),
        ({0: 2, 1: 3}, Ring({0: 6, 1: 3}, [entry(0, 2, 4, 7)])),
        ({0: 2}, Ring({0: 3}, [])),
    ):
        news = news_since(known, ring, most=9)
        assert not news.complete
        assert news.versions == ring.versions


def test_entries_beyond_the_versions_count() -> None:
    """They were written between the two reads; next time they are known."""
    ring = Ring({0: 4}, [entry(0, 3, 4, 1), entry(0, 4, 6, 2)])
    news = news_since({0: 3}, ring, most=9)
    assert (news.rows, news.versions) == ((1, 2), {0: 6})
    assert news_since(news.versions, ring, most=9).rows == ()


def test_who_was_told_a_version_may_lack_its_events_in_any_partition() -> None:
    """So all of them are assumed everywhere; nobody knows a version that is yet to come."""
    assert known_at(8, {0: 5, 1: 3}) == {0: 5, 1: 3}
    assert known_at(6, {0: 5, 1: 3}) == {0: 3, 1: 1}
    assert known_at(0, {0: 5, 1: 3}) == {0: 0, 1: 0}
    assert known_at(9, {0: 5, 1: 3}) is None


def test_an_event_counts_once_for_each_import_whose_rows_it_touches() -> None:
    """As `import_progress` counts its version; all rows with a claim on the account are told."""
    story = Story().requested("a", 1, "ann").requested("b", 5, "ann").requested("a", 3, "ann")
    story.created("ann", claim("a", 1)).accepted("b", 2)
    a, b = touched_by(story.facts, "a"), touched_by(story.facts, "b")
    assert [(t.events, t.rows, t.whole) for t in a] == [(4, {1, 3}, False)]
    assert sorted((t.events, *t.rows, t.whole) for t in b) in ([(1, True), (3, 5, False)], [(4, 5, True)])


@given(histories(), st.integers(0, 30))
def test_no_changed_row_is_left_out(history: History, cut: int) -> None:
    """Events are those of the version, and each row that stands otherwise is told, unless any may have changed."""
    before = Tables().fold(history[:cut])
    after = Tables().fold(history)
    for name in IMPORTS:
        import_id = import_of(name)
        entries = {t.partition: t for t in touched_by(history[cut:], name, before)}
        for partition in range(3):
            key = place(import_id, partition)
            grown = sum(p.version * sign for tables, sign in ((after, 1), (before, -1))
                        if (p := tables.progress.get(key)) is not None)  # fmt: skip
            touched = entries.get(partition)
            assert (touched.events if touched else 0) >= grown
            if touched and not touched.whole:
                assert touched.events == grown
        if not any(touched.whole for touched in entries.values()):
            changed = {
                key.row
                for key, (_, stand) in after.rows.items()
                if key.import_id == import_id and (key not in before.rows or before.rows[key][1] != stand)
            }
            assert changed <= set().union(*(touched.rows for touched in entries.values()))


def touched_by(history: History, name: str, before: Tables | None = None) -> list[Touched]:
    """What a history that follows on another does to an import, by partition."""
    views = {} if before is None else {key.int: stored(view) for key, view in before.views.items()}
    accounts, changes = AccountsInMemory(views), ChangesInMemory()
    for time, fact in history:
        event = Located(partition_of(fact), time, fact)
        if isinstance(fact, HANDLES):
            changes.apply(event, accounts.apply(event) if isinstance(fact, ABOUT_ACCOUNTS) else None)
    return [touched for touched in changes.touched.values() if touched.import_id == import_of(name)]
