"""The pure parts of comparing two sets."""

from collections.abc import AsyncIterator, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.common.records import TopicPartition
from services.projector.comparing.answers import ComparisonAnswer, answer
from services.projector.comparing.catalog import Column, Table, owners_of, tables_in
from services.projector.comparing.cells import SHOWN, Value, excerpts, row_difference
from services.projector.comparing.checksums import Sum, differing_buckets
from services.projector.comparing.invariants import Invariant, rules_of
from services.projector.comparing.merging import Differs, Hashed, Key, Where, differing
from services.projector.comparing.pairs import EITHER, pair_up
from services.projector.comparing.result import ChangedModel, ComparedTable, Comparison
from services.projector.comparing.sides import PositionsDiffer, check_positions
from services.projector.registry import READ_MODELS

ID, NOTE, SIZE = Column("id", "integer"), Column("note", "text"), Column("size", "integer")
PLACE = TopicPartition("log", 3)


def table(name: str, *columns: Column, key: tuple[Column, ...] = (ID,)) -> Table:
    """A table of a model of the same name."""
    return Table(name, name, key, columns, 1)


async def rows(of: dict[Key, int]) -> AsyncIterator[Hashed]:
    """What a set would give, in the order of keys."""
    for key in sorted(of):
        yield Hashed(key, of[key])


KEYS = st.tuples(st.text(max_size=2), st.integers(0, 5))
LISTS = st.dictionaries(KEYS, st.integers(0, 3), max_size=12)


@given(LISTS, LISTS)
async def test_merge_finds_exactly_what_differs(here: dict[Key, int], there: dict[Key, int]) -> None:
    """Every key that is missing or has another hash is told once, in order, and no other."""
    found = [row async for row in differing(rows(here), rows(there))]
    expected = []
    for key in sorted(here.keys() | there.keys()):
        if key not in there:
            expected.append(Differs(key, Where.HERE))
        elif key not in here:
            expected.append(Differs(key, Where.THERE))
        elif here[key] != there[key]:
            expected.append(Differs(key, Where.BOTH))
    assert found == expected


@given(st.dictionaries(st.integers(0, 4095), st.integers(1, 9), max_size=30), st.integers(0, 4095))
def test_buckets_that_differ_are_marked(rows_of: dict[int, int], other: int) -> None:
    """Equal sums mark nothing; one changed sum, or a bucket that only one side has, marks its bit alone."""
    sums = {bucket: Sum(number, number * 7) for bucket, number in rows_of.items()}
    assert differing_buckets(sums, dict(sums)) == b""
    bits = differing_buckets(sums, {**sums, other: Sum(1, -1)})
    assert [n for n in range(4096) if bits[n // 8] >> n % 8 & 1] == [other]


def test_short_values_are_shown_whole() -> None:
    """NULL and the empty text are two things."""
    assert excerpts(None, "") == (None, "")
    assert excerpts("a", "b") == ("a", "b")


@given(st.text(min_size=0, max_size=900), st.text(max_size=900), st.text(max_size=900))
def test_long_values_are_cut_to_where_they_differ(same: str, one: str, other: str) -> None:
    """Whatever the lengths, what is shown is short, and different if the beginnings are."""
    here, there = excerpts(same + one, same + other)
    assert here is not None
    assert there is not None
    assert max(len(here), len(there)) <= SHOWN
    if same + one != same + other:
        assert here != there


def test_only_cells_that_differ_are_told() -> None:
    """A text that is too long to be fetched whole differs by its hash."""
    columns = ("a", "b", "c")
    here = (Value("1", 1), Value(None, None), Value("x" * 9, 5))
    there = (Value("1", 1), Value("", 7), Value("x" * 9, 6))
    found = row_difference(("id",), (4,), Where.BOTH, columns, here, there)
    assert found.key == (("id", 4),)
    assert [(cell.column, cell.here, cell.there) for cell in found.cells] == [
        ("b", None, ""),
        ("c", "x" * 9, "x" * 9),
    ]


def test_values_stay_out_of_logs() -> None:
    """What may name a person is not in the text form of the object, which is what a log would get."""
    found = row_difference(("id",), (4,), Where.BOTH, ("email",), (Value("ann", 1),), (Value("ben", 2),))
    assert "ann" not in repr(found)
    assert "ben" not in repr(found)


def test_what_both_have_is_compared() -> None:
    """A column that one set lacks is named, one of another type is compared all the same, places do not matter."""
    here, there = table("t", NOTE, ID, SIZE), table("t", ID, Column("size", "bigint"), Column("more", "text"))
    (pair,) = pair_up([here], [there])
    assert pair.common == (ID, Column("size", EITHER))
    assert (pair.only_here, pair.only_there, pair.retyped) == (("note",), ("more",), ("size",))
    assert pair.by_row


@pytest.mark.parametrize("there", [[], [table("t", ID, NOTE, key=(NOTE,))], [table("t", ID, NOTE, key=())]])
def test_rows_are_paired_by_the_same_key_only(there: list[Table]) -> None:
    """No table, or another key: the rows cannot be paired."""
    (pair,) = pair_up([table("t", ID, NOTE)], there)
    assert not pair.by_row


def test_tables_belong_to_the_model_that_makes_them() -> None:
    """Read from the SQL that makes them; comments and indexes are no tables."""
    assert tables_in("-- CREATE TABLE no\nCREATE TABLE a (\n);\nCREATE INDEX b ON a (c);\n") == ["a"]
    owners = owners_of(READ_MODELS)
    assert owners["import_progress"] == owners["imports"] == "import_progress"
    assert owners["positions"] == "core"


def test_sets_at_other_positions_are_refused() -> None:
    """The first partition that differs is named; one that was never read is at 0."""
    check_positions({PLACE: 0}, {})
    with pytest.raises(PositionsDiffer, match="log/3 one is at 4 and the other at 5") as refused:
        check_positions({PLACE: 4, TopicPartition("log", 4): 1}, {PLACE: 5})
    assert refused.value.partition == PLACE


def test_every_rule_says_what_it_is_about() -> None:
    """The rules are found by name, with a sentence for people and a query without its end."""
    rules = [rule for model in READ_MODELS for rule in rules_of(model)]
    assert len({(model, name) for model, name, _, _ in rules}) == len(rules) > 10
    for _, _, says, query in rules:
        assert says.endswith(".")
        assert "--" not in query
        assert not query.endswith(";")


def compared(*, differing: int | None = 0, broken: int = 0, changed: Iterable[str] = ()) -> Comparison:
    """A comparison of one table."""
    one = ComparedTable("m", "t", 2, 2, differing, (row_difference(("id",), (1,), Where.HERE),))
    rule = Invariant("m", "rule", "It holds.", broken, ({"id": "1"},))
    versions = dict.fromkeys(changed, ChangedModel(1, 2))
    return Comparison("a", "b", {PLACE: 7}, versions, (one,), (rule,))


@pytest.mark.parametrize(
    ("found", "equal", "sound"),
    [
        (compared(), True, True),
        (compared(differing=1), False, False),
        (compared(differing=None), False, False),
        (compared(differing=1, changed=["m"]), False, True),
        (compared(differing=1, changed=["n"]), False, False),
        (compared(differing=1, changed=["m"], broken=1), False, False),
        (compared(broken=1), True, False),
    ],
)
def test_verdicts(found: Comparison, equal: bool, sound: bool) -> None:
    """Only tables of changed models may differ, and no rule may be broken."""
    assert (found.equal, found.sound) == (equal, sound)
    said = answer(found)
    assert (said["equal"], said["sound"]) == (equal, sound)
    TypeAdapter(ComparisonAnswer).validate_python(said, strict=True, extra="forbid")
