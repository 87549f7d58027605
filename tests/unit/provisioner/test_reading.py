"""Records of the log as facts per account; what nobody can read is set aside; our own facts are read once."""

from collections.abc import Sequence

from schemas import codec
from schemas.facts import Fact, ImportCancelled
from services.common.records import Record, TopicPartition
from services.provisioner.facts import encode_all, event_id
from services.provisioner.intake.reading import Reader
from tests.unit.provisioner.accounts import NOW, A, account_id_of, claim, made, met, requested, retried

CANCELLED = ImportCancelled(import_id=claim(1).import_id, author="manager", last_row=1)


def records(facts: Sequence[Fact], *, partition: int = 0, first: int = 0) -> list[Record]:
    """As they lie in the log."""
    found = []
    for offset, fact in enumerate(facts, first):
        key, value, headers = codec.encode(fact, source="test", time=NOW)
        found.append(Record("log", partition, offset, 0, key, tuple(headers), value))
    return found


async def test_facts_are_grouped_by_account_in_their_order() -> None:
    """With the partition they came from; facts about imports as a whole are passed over."""
    facts = [requested(1), requested(1, person=2), CANCELLED, retried(1), made(2)]
    reading = await Reader().read([*records(facts, first=7), *records([requested(2, 3)], partition=4)])
    assert reading.facts == {
        A: [facts[0], facts[3], facts[4]],
        account_id_of(2): [facts[1]],
        account_id_of(3): [requested(2, 3)],
    }
    assert reading.partitions == {A: 0, account_id_of(2): 0, account_id_of(3): 4}
    assert reading.moves == {TopicPartition("log", 0): (7, 12), TopicPartition("log", 4): (0, 1)}
    assert reading.unread == []


async def test_what_cannot_be_read_is_set_aside_and_passed() -> None:
    """The position moves over it, and the facts on both sides count."""
    good = records([requested(1), made(1)])
    broken = [
        good[0]._replace(offset=1, value=b"{"),
        good[0]._replace(offset=2, headers=()),
        good[0]._replace(offset=3, value=None),
        good[0]._replace(offset=4, headers=(("ce_id", None), ("ce_type", b"\xff"))),
    ]
    reading = await Reader().read([good[0], *broken, good[1]._replace(offset=5)])
    assert [record.offset for record, _ in reading.unread] == [1, 2, 3, 4]
    assert len(reading.facts[A]) == 2
    assert reading.moves == {TopicPartition("log", 0): (0, 6)}


async def test_a_fact_of_ours_is_known_once() -> None:
    """It is in the tables already; said a second time, by a twin, it is folded like any other."""
    reader = Reader()
    ours = [made(1), met(2)]
    reader.recorded = {event_id(encoded) for _, encoded in encode_all([(0, f) for f in ours], time=NOW)}
    reading = await reader.read(records([requested(1), *ours]))
    assert reading.facts == {A: [requested(1)]}
    assert reading.own == 2
    assert reader.recorded == set()
    assert (await reader.read(records(ours))).facts == {A: ours}


async def test_a_long_batch_is_read_whole() -> None:
    """In slices, so that others may run; none is lost at their edges."""
    facts = [requested(1, person) for person in range(1, 602)]
    reading = await Reader().read(records(facts))
    assert len(reading.facts) == 601
    assert reading.moves == {TopicPartition("log", 0): (0, 601)}
