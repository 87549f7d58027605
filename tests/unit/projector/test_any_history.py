"""Random histories: the same views and counts however they are cut, repeated and interleaved."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import AccountFact, AccountRequested, Fact
from schemas.row_class import RowClass, Standing
from services.projector.accounts.view import Ending, class_of, ending_of
from services.projector.import_rows.fold import Key, Stand
from tests.support.facts import facts as any_fact
from tests.unit.projector.memory import Tables, partition_of
from tests.unit.projector.stories import START, Story, claim, import_of

PEOPLE = ("ann", "ben", "cleo")
IMPORTS = ("a", "b", "c")
REASONS = ("other_claim", "not_creator", "not_created")
FOUND = ("ok", "pending", "erred", "closed")

History = Sequence[tuple[datetime, Fact]]


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Any mixture of facts about three people and three imports; senseless ones too."""
    story = Story()
    for _ in range(draw(st.integers(1, 30))):
        name, person = draw(st.sampled_from(IMPORTS)), draw(st.sampled_from(PEOPLE))
        of = claim(name, PEOPLE.index(person) + 1)
        tellings: list[Any] = [
            lambda s, n=name: s.accepted(n, 5),
            lambda s, n=name: s.skipped(n, _4="invalid", _5="duplicate"),
            lambda s, n=name, p=person, c=of: s.requested(n, c.row, p),
            lambda s, n=name, p=person, c=of: s.requested(n, c.row, p),
            lambda s, p=person, c=of: s.met(p, c, draw(st.sampled_from(FOUND))),
            lambda s, p=person, c=of: s.stopped(p, c),
            lambda s, p=person, c=of: s.created(p, c),
            lambda s, p=person, c=of: s.retried(p, c, draw(st.sampled_from(["policy", "claim", "person"]))),
            lambda s, p=person, c=of: s.retried(p, c, "claim", life=2),
            lambda s, n=name, p=person, c=of: s.requested(n, c.row, p, revision=1),
            lambda s, n=name: s.requested(n, 4, "dan", revision=1),
            lambda s, p=person, c=of: s.failed(p, c),
            lambda s, p=person, c=of: s.failed(p, c, "OUTCOME_UNKNOWN", "unknown"),
            lambda s, p=person, c=of: s.closing(p, c),
            lambda s, p=person, c=of: s.closed(p, c),
            lambda s, p=person, c=of: s.close_failed(p, c, again=draw(st.booleans())),
            lambda s, p=person, c=of: s.kept(p, c, draw(st.sampled_from(REASONS))),
            lambda s, n=name: s.cancelled(n, 3),
            lambda s, n=name: s.undo_started(n),
        ]
        draw(st.sampled_from(tellings))(story)
    return story.facts


def assert_exact(tables: Tables) -> None:
    """The counts are those of the rows, one by one; what is stored with a row is what its account says.

    So are the accounts that wait.
    """
    for name in IMPORTS:
        assert tables.counts(import_of(name)) == tables.recounted(import_of(name))
        assert tables.endings(import_of(name)) == tables.recounted_endings(import_of(name))
    for view in tables.views.values():
        for one in view.claims:
            _, stand = tables.rows[Key(one.import_id, one.row, one.revision)]
            ending = ending_of(one, view)
            assert stand == Stand(
                one.claim,
                one.pinned,
                one.kept,
                ending if ending in (Ending.KEPT, Ending.FAILED) else None,
                class_of(one, view.standing) is RowClass.FAILED or None,
            )
    listed = Counter(
        (view.claims[0].import_id, view.account_id.int % 3, view.standing)
        for view in tables.views.values()
        if view.requested
    )
    assert {key: number for key, number in tables.numbers.items() if number} == dict(listed)
    assert tables.addresses.keys() == {v.account_id for v in tables.views.values() if v.requested}
    waiting = [view for view in tables.views.values() if view.standing is Standing.WAITING]
    assert {(v.account_id, v.code, v.attempts, v.next_attempt_at) for v in waiting} == {
        (w.account_id, w.code, w.attempts, w.next_attempt_at) for w in tables.waits.values()
    }


@given(histories(), st.lists(st.integers(0, 60), max_size=6))
def test_batches_do_not_matter(history: History, cuts: list[int]) -> None:
    """Any cut into batches leaves the same tables, to the last field."""
    whole, cut = Tables().fold(history), Tables().fold(history, cuts=cuts)
    assert_exact(whole)
    assert vars(cut) == vars(whole)


@given(histories(), st.randoms(use_true_random=False), st.lists(st.integers(0, 60), max_size=4))
def test_repetitions_do_not_matter(history: History, random: Random, cuts: list[int]) -> None:
    """Any fact may come again at any later time, and counts once."""
    repeated = list(history)
    for telling in history:
        if random.random() < 0.5:
            repeated.insert(random.randint(repeated.index(telling) + 1, len(repeated)), telling)
    assert vars(Tables().fold(repeated, cuts=cuts)) == vars(Tables().fold(history))


@given(histories(), st.randoms(use_true_random=False))
def test_interleaving_does_not_matter(history: History, random: Random) -> None:
    """Only the order within a key counts: views, rows, counts and versions are the same in any other."""
    queues: dict[Any, list[tuple[datetime, Fact]]] = {}
    for telling in history:
        queues.setdefault(telling[1].subject, []).append(telling)
    mixed = []
    while queues:
        key = random.choice(list(queues))
        mixed.append(queues[key].pop(0))
        if not queues[key]:
            del queues[key]
    one, other = Tables().fold(history), Tables().fold(mixed)
    assert_exact(other)
    assert (other.views, other.rows) == (one.views, one.rows)
    assert (other.stories, other.waits) == (one.stories, one.waits)
    assert (other.numbers, other.addresses) == (one.numbers, one.addresses)
    for name in IMPORTS:
        assert other.counts(import_of(name)) == one.counts(import_of(name))
        assert other.version(import_of(name)) == one.version(import_of(name))


@given(histories())
def test_a_story_tells_each_fact_of_an_account_once_and_in_order(history: History) -> None:
    """Whatever came, and however often: the first telling of each, as the log has them."""
    tables = Tables().fold(history)
    expected: dict[Any, dict[Any, datetime]] = {}
    for time, fact in history:
        if isinstance(fact, AccountRequested | AccountFact):
            expected.setdefault(fact.account_id, {}).setdefault(fact.event_id, time)
    for account_id, facts in expected.items():
        assert [entry.time for entry in tables.story(account_id)] == list(facts.values())


@given(histories())
def test_versions_only_rise(history: History) -> None:
    """Every event that is news to an import raises its version, and nothing lowers it."""
    tables = Tables()
    before = dict.fromkeys(IMPORTS, 0)
    for telling in history:
        classes = {name: tables.counts(import_of(name)) for name in IMPORTS}
        tables.fold([telling])
        for name in IMPORTS:
            version = tables.version(import_of(name))
            assert version >= before[name]
            if tables.counts(import_of(name)) != classes[name]:
                assert version > before[name]
            before[name] = version


@given(st.lists(any_fact(), max_size=30))
def test_any_facts_at_all_fold_without_raising(facts: list[Fact]) -> None:
    """The fold is total over everything the contract lets pass."""
    history = [(START, fact) for fact in facts]
    tables = Tables().fold(history)
    assert {progress.partition for progress in tables.progress.values()} <= {
        partition_of(fact) for fact in facts
    }
