"""The rules of creating and closing, without HTTP: uniqueness, keys, magic addresses, batches."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.account_service import journal
from deploy.account_service.answers import Answer
from deploy.account_service.book import Book
from deploy.account_service.faults import FaultPlan, Faults
from deploy.account_service.orders import Order
from deploy.account_service.registry import Registry, wanted
from deploy.account_service.writer import JournalWriter

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)


class Desk:
    """A registry over a journal in a folder, with short words for asking."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = Book()
        self.journal = JournalWriter(path, self.book.apply)
        self.journal.open()
        self.plan = FaultPlan(seed=1, monotonic=lambda: 0.0)
        self.registry = Registry(self.book, self.journal, self.plan, slow_seconds=0, now=lambda: NOW)

    async def create(self, email: str, key: str | None = None, *, scope: str = "python-101") -> Answer:
        """One create."""
        [answer] = await self.create_many((email, key, scope))
        return answer

    async def create_many(self, *wishes: tuple[str, str | None, str]) -> list[Answer]:
        """Several in one call."""
        honoured = self.plan.current.keys_honoured
        return await self.registry.create(
            [
                wanted(Order(email, scope, "manager"), key, keys_honoured=honoured)
                for email, key, scope in wishes
            ]
        )

    def effects(self) -> list[journal.Effect]:
        """What is on disk."""
        return journal.read(self.path)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A fresh registry."""
    made = Desk(tmp_path / "journal.jsonl")
    yield made
    await made.journal.close()


def code(answer: Answer) -> str:
    """The code of a refusal."""
    return str(answer.body["error"]["code"])


async def test_the_same_key_gives_the_same_answer_and_one_effect(desk: Desk) -> None:
    """A repetition is answered, not worked on."""
    first = await desk.create("a@x.org", "k1")
    assert first.status == 201
    assert await desk.create("a@x.org", "k1") == first
    assert len(desk.effects()) == 1


async def test_the_same_key_with_another_body_is_an_error(desk: Desk) -> None:
    """A key belongs to one body."""
    await desk.create("a@x.org", "k1")
    answer = await desk.create("b@x.org", "k1")
    assert (answer.status, code(answer)) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert len(desk.effects()) == 1


@pytest.mark.parametrize("key", [None, "k2"])
async def test_an_address_is_alive_once_per_scope(desk: Desk, key: str | None) -> None:
    """Without a known key a second create is refused; in another scope it is another account."""
    await desk.create("a@x.org", "k1")
    answer = await desk.create("A@X.org", key)
    assert (answer.status, code(answer)) == (409, "ACCOUNT_EXISTS")
    assert (await desk.create("a@x.org", "k3", scope="rust-7")).status == 201
    assert len(desk.effects()) == 2


async def test_at_the_same_moment_only_one_request_makes_the_account(desk: Desk) -> None:
    """The others wait for the disk and then find it."""
    answers = await asyncio.gather(*(desk.create("a@x.org", f"k{number}") for number in range(20)))
    assert sorted(answer.status for answer in answers) == [201] + [409] * 19
    assert len(desk.effects()) == 1


async def test_two_batches_that_cross_do_not_wait_for_each_other_for_ever(desk: Desk) -> None:
    """Each holds an address the other wants."""
    one = [("a@x.org", None, "s"), ("b@x.org", None, "s")]
    other = [("b@x.org", None, "s"), ("a@x.org", None, "s")]
    async with asyncio.timeout(10):
        first, second = await asyncio.gather(desk.create_many(*one), desk.create_many(*other))
    assert [answer.status for answer in [*first, *second]] == [201, 201, 409, 409]
    assert journal.created_twice(desk.effects()) == []


async def test_the_same_key_at_the_same_moment_is_in_progress(desk: Desk) -> None:
    """Nobody can say yet what its answer will be."""
    first, second = await asyncio.gather(desk.create("a@x.org", "k1"), desk.create("a@x.org", "k1"))
    assert first.status == 201
    assert (second.status, code(second)) == (409, "IDEMPOTENCY_KEY_IN_PROGRESS")
    assert await desk.create("a@x.org", "k1") == first


async def test_items_of_a_batch_are_answered_in_order_and_flushed_together(desk: Desk) -> None:
    """Each item has its own outcome; the batch costs one flush."""
    answers = await desk.create_many(
        ("a@x.org", "k1", "s"),
        ("refused+a@x.org", "k2", "s"),
        ("a@x.org", "k3", "s"),
        ("taken+a@x.org", "k4", "s"),
        ("b@x.org", "k5", "s"),
    )
    assert [answer.status for answer in answers] == [201, 422, 409, 409, 201]
    assert desk.journal.groups == 2, "one for the batch, one for the item that had to wait for another"


async def test_a_refusal_is_kept_under_its_key(desk: Desk) -> None:
    """Even when it would no longer be given."""
    desk.plan.set(Faults(refuse="a@*"))
    refused = await desk.create("a@x.org", "k1")
    desk.plan.set(Faults())
    assert refused.status == 422
    assert await desk.create("a@x.org", "k1") == refused
    assert (await desk.create("a@x.org", "k2")).status == 201


async def test_flaky_addresses_fail_twice_and_then_work(desk: Desk) -> None:
    """With the same key, as a failure for the moment is no answer to keep."""
    statuses = [(await desk.create("flaky+a@x.org", "k1")).status for _ in range(4)]
    assert statuses == [503, 503, 201, 201]


async def test_a_lost_reply_is_lost_once(desk: Desk) -> None:
    """The effect is there; the repetition is answered."""
    first, again = await desk.create("lost+a@x.org", "k1"), await desk.create("lost+a@x.org", "k1")
    assert (first.lost, again.lost) == (True, False)
    assert first.body == again.body


async def test_a_taken_address_is_shown_with_another_owner(desk: Desk) -> None:
    """So nobody can take it for their own."""
    assert (await desk.create("taken+a@x.org")).status == 409
    [shown] = desk.registry.find("taken+a@x.org")
    assert shown["ownerUsername"] != "manager"
    assert desk.effects() == []


async def test_keys_switched_off_mean_nothing(desk: Desk) -> None:
    """The repetition meets the account like a stranger."""
    desk.plan.set(Faults(keys_honoured=False))
    await desk.create("a@x.org", "k1")
    assert code(await desk.create("a@x.org", "k1")) == "ACCOUNT_EXISTS"


async def test_without_keys_and_uniqueness_a_repetition_doubles(desk: Desk) -> None:
    """The journal's check for doubles can see one: a client without care is found out."""
    desk.plan.set(Faults(keys_honoured=False, unique_addresses=False))
    await asyncio.gather(desk.create("a@x.org", "k1"), desk.create("a@x.org", "k1"))
    assert journal.created_twice(desk.effects()) == [("a@x.org", "python-101")]


async def test_closing_twice_is_one_effect_and_frees_the_address(desk: Desk) -> None:
    """Also when both come at once; a new life is a new account."""
    username = (await desk.create("a@x.org", "k1")).body["tempAccount"]["username"]
    answers = await asyncio.gather(desk.registry.close(username), desk.registry.close(username))
    assert [answer.body["tempAccount"]["status"] for answer in answers] == ["closed", "closed"]
    assert len(desk.effects()) == 2
    again = await desk.create("a@x.org", "k2")
    assert again.status == 201
    assert again.body["tempAccount"]["username"] != username


async def test_closing_what_is_not_there_says_so(desk: Desk) -> None:
    """Nothing is written down."""
    assert (await desk.registry.close("nobody")).status == 404
    assert desk.effects() == []


async def test_everything_is_rebuilt_from_the_journal(tmp_path: Path) -> None:
    """Accounts, closings, keys, refusals and the numbering."""
    before = Desk(tmp_path / "j")
    made = await before.create("a@x.org", "k1")
    refused = await before.create("refused+a@x.org", "k2")
    closed = await before.create("b@x.org", "k3")
    await before.registry.close(closed.body["tempAccount"]["username"])
    await before.journal.close()

    after = Desk(tmp_path / "j")
    assert vars(after.book) == vars(before.book)
    assert [await after.create("a@x.org", "k1"), await after.create("refused+a@x.org", "k2")] == [
        made,
        refused,
    ]
    fresh = await after.create("c@x.org", "k4")
    assert fresh.body["tempAccount"]["username"] == "python-101-00003"
    await after.journal.close()


async def test_an_account_that_cannot_be_closed_stays_open(desk: Desk) -> None:
    """It says why, nothing is written down, and the address stays taken."""
    username = (await desk.create("unclosable+a@x.org", "k1")).body["tempAccount"]["username"]
    refusal = await desk.registry.close(username)
    assert (refusal.status, refusal.body["error"]["code"]) == (409, "ACCOUNT_IN_USE")
    assert len(desk.effects()) == 1
    assert desk.registry.read(username).body["tempAccount"]["status"] == "active"
