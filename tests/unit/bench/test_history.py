"""The log that the projector is measured on."""

from uuid import UUID

from bench.works.history import ROWS_OF_AN_IMPORT, messages
from schemas.codec import decode
from schemas.facts import AccountCreated, AccountRequested, ImportAccepted, ProjectSnapshot
from schemas.topics import LOG_PARTITIONS
from services.common.partitioner import partitions_for

PROJECT = ProjectSnapshot(project_id=UUID(int=7), name="A course", slug="a-course")


def test_every_account_is_asked_for_before_it_is_there() -> None:
    """In each partition the outcome comes after its request, and there is one of each for every account."""
    made = messages(9_000, PROJECT, LOG_PARTITIONS)
    facts = [decode(message.headers, message.value).fact for message in made]
    [accepted] = [fact for fact in facts if isinstance(fact, ImportAccepted)]
    requested = {f.account_id: place for place, f in enumerate(facts) if isinstance(f, AccountRequested)}
    created = {f.account_id: place for place, f in enumerate(facts) if isinstance(f, AccountCreated)}
    assert len(requested) == accepted.rows == 4_500
    assert created.keys() == requested.keys()
    assert all(created[account] > requested[account] for account in created)
    assert len(facts) == 9_001


def test_records_lie_where_their_keys_belong() -> None:
    """As the importer's would: the partition follows from the account."""
    made = messages(100, PROJECT, LOG_PARTITIONS)
    assert [m.partition for m in made] == list(partitions_for([m.key for m in made], LOG_PARTITIONS))
    assert len({m.partition for m in made}) > 6


def test_the_same_size_gives_the_same_bytes() -> None:
    """Nothing in it depends on the time or on chance."""
    assert messages(200, PROJECT, 12) == messages(200, PROJECT, 12)


def test_a_long_history_is_of_several_imports() -> None:
    """They share no account: one of each is asked for, and made, once."""
    made = messages(2 * ROWS_OF_AN_IMPORT + 1_000, PROJECT, LOG_PARTITIONS)
    facts = [decode(message.headers, message.value).fact for message in made]
    assert sum(isinstance(fact, ImportAccepted) for fact in facts) == 2
    assert len({f.account_id for f in facts if isinstance(f, AccountCreated)}) == ROWS_OF_AN_IMPORT + 500
