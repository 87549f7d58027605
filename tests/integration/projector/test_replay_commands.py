"""Commands on replays: all of one or nothing of it, what is refused, and what they say of sets that others left."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from services.common.database import Pool, transaction
from services.common.http import Problem
from services.projector.core.sets import ensure_set
from services.projector.registry import EDITIONS
from services.projector.replay import store
from services.projector.replay.commands import Replays, Wish
from services.projector.replay.handover import EditionUnknown, compare_and_hand_over, sweep
from services.projector.replay.model import Kind, Replay, State
from services.projector.replay.task import Task
from services.projector.replay.worker import work
from services.projector.sets import catalog
from services.projector.sets.model import SLOTS, SetState
from services.projector.sets.opening import open_sets
from services.projector.settings import ProjectorSettings
from tests.integration.projector.support import INTERNAL, NOW

if TYPE_CHECKING:
    from deploy.provisioning.database import Provisioned

EDITION = next(iter(EDITIONS))
EQUAL: dict[str, Any] = {"equal": True, "invariants": []}
WISH = Wish(
    kind=Kind.BUILD,
    edition=None,
    project_id=None,
    import_id=None,
    until_time=None,
    until_offsets=None,
    reason="",
)


class Sets:
    """Empty sets in one database, and replays as their processes leave them."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.replays = Replays(pool, EDITIONS, clock=lambda: NOW)

    async def comparing(self, *, kind: Kind = Kind.BUILD, edition: str = EDITION) -> tuple[UUID, str]:
        """A replay that has read its set and is about to hand it over, and the slot of the set."""
        replay, worker = (await self.replays.ask(WISH, author="mari")).replay_id, uuid4()
        await self.pool.execute(
            "UPDATE projector_control.replays SET kind = $2 WHERE replay_id = $1", replay, kind
        )
        claimed = await store.claim(self.pool, worker, now=NOW)
        assert claimed is not None
        assert claimed.replay_id == replay
        async with transaction(self.pool) as connection:
            slot = await catalog.take_slot(connection, edition=edition, replay_id=replay, now=NOW)
            await store.advance(connection, replay, worker, State.COMPARING, slot=slot)
        await ensure_set(self.pool, EDITIONS[EDITION], schema=slot)
        return replay, slot

    async def hand_over(self, replay: UUID, slot: str) -> None:
        """What its process does at the end."""

        async def nothing_to_read(_: Any) -> None:
            pass

        found = await self.replays.one(replay)
        await compare_and_hand_over(self.pool, EDITIONS, found, slot, nothing_to_read, now=lambda: NOW)

    async def warm(self, comparison: dict[str, Any] | None = None) -> tuple[UUID, str]:
        """A replay whose set is fed, and the slot of the set."""
        replay, slot = await self.comparing()
        await self.hand_over(replay, slot)
        if comparison is not None:
            await store.note_comparison(self.pool, replay, comparison)
        return replay, slot

    async def swap(self, replay: UUID, *, accept_differences: bool = False) -> Replay:
        """Let its set answer."""
        return await self.replays.swap(replay, author="mari", accept_differences=accept_differences)

    async def answering(self) -> str:
        """The slot that the pointer names."""
        return (await catalog.active_slot(self.pool))[0]

    async def seen(self) -> list[Any]:
        """All that commands change."""
        tables = ("sets", "active_set", "replays", "actions")
        return [
            await self.pool.fetch(f"SELECT t::text FROM projector_control.{table} AS t ORDER BY 1")  # noqa: S608
            for table in tables
        ]


@pytest.fixture
async def sets(pool: Pool, service_database: "Provisioned") -> Sets:
    """The set that answers, and nothing else."""
    dsn = service_database.services["projector"]
    await open_sets(pool, dsn, EDITIONS, first_slot="projector", rebuild_outdated=False, clock=lambda: NOW)
    return Sets(pool)


async def refused(command: Awaitable[Any]) -> tuple[int, str, str]:
    """Status, code and sentence of the refusal."""
    with pytest.raises(Problem) as problem:
        await command
    return problem.value.status, problem.value.code, problem.value.detail


@pytest.mark.parametrize("command", ["cancel", "swap", "roll_back", "clean_up"])
async def test_a_command_that_breaks_on_the_way_changes_nothing(sets: Sets, command: str) -> None:
    """Its last statement fails: pointer, sets and replay are as before, and the same command can be given again."""
    replay, _ = await (sets.comparing() if command == "cancel" else sets.warm())
    if command in ("roll_back", "clean_up"):
        await sets.swap(replay)
    give: dict[str, Callable[[], Awaitable[Replay]]] = {
        "cancel": lambda: sets.replays.cancel(replay, author="mari"),
        "swap": lambda: sets.swap(replay),
        "roll_back": lambda: sets.replays.roll_back(replay, author="mari"),
        "clean_up": lambda: sets.replays.clean_up(replay, author="mari"),
    }
    before = await sets.seen()
    actions = "ALTER TABLE projector_control.actions"
    await sets.pool.execute(f"{actions} ADD CONSTRAINT broken CHECK (false) NOT VALID")
    with pytest.raises(asyncpg.CheckViolationError):
        await give[command]()
    assert await sets.seen() == before
    await sets.pool.execute(f"{actions} DROP CONSTRAINT broken")
    states = {"cancel": "cancelled", "swap": "swapped", "roll_back": "warm", "clean_up": "done"}
    assert (await give[command]()).state == states[command]
    assert await sets.seen() != before


@pytest.mark.parametrize(
    ("kind", "over", "becomes"), [("build", "warm", "fed"), ("verify", "done", "retired")]
)
async def test_a_handover_that_breaks_on_the_way_is_none(
    sets: Sets, kind: Kind, over: str, becomes: str
) -> None:
    """A set is not fed, or dropped, while its replay does not say so; another process does all of it."""
    replay, slot = await sets.comparing(kind=kind)
    table = "ALTER TABLE projector_control.sets"
    await sets.pool.execute(f"{table} ADD CONSTRAINT broken CHECK (state = 'building') NOT VALID")
    with pytest.raises(asyncpg.CheckViolationError):
        await sets.hand_over(replay, slot)
    states = {known.slot: known.state for known in await catalog.known_sets(sets.pool)}
    assert (states[slot], (await sets.replays.one(replay)).state) == ("building", "comparing")
    await sets.pool.execute(f"{table} DROP CONSTRAINT broken")
    await sets.hand_over(replay, slot)
    states = {known.slot: known.state for known in await catalog.known_sets(sets.pool)}
    assert (states[slot], (await sets.replays.one(replay)).state) == (becomes, over)


async def test_a_cancelled_replay_is_not_handed_over(sets: Sets) -> None:
    """Cancelled while it was compared: its set is not fed."""
    replay, slot = await sets.comparing()
    found = await sets.replays.one(replay)

    async def cancelled(_: Any) -> None:
        await sets.replays.cancel(replay, author="mari")

    with pytest.raises(store.WorkLost):
        await compare_and_hand_over(sets.pool, EDITIONS, found, slot, cancelled, now=lambda: NOW)
    assert await catalog.fed_slots(sets.pool) == ("projector",)


async def test_a_set_that_breaks_its_own_rules_does_not_answer(sets: Sets) -> None:
    """Also if differences are accepted; what differs and keeps the rules may answer, if that is wanted."""
    rule = {"model": "import_progress", "name": "equation_holds", "broken": 0}
    differing, slot = await sets.warm({"equal": False, "invariants": [rule]})
    assert (await refused(sets.swap(differing)))[:2] == (409, "SETS_DIFFER")
    for equal in (True, False):
        broken, _ = await sets.warm(
            {"equal": equal, "invariants": [rule, {**rule, "name": "r", "broken": 2}]}
        )
        status, code, sentence = await refused(sets.swap(broken, accept_differences=True))
        assert (status, code) == (409, "RULES_BROKEN")
        assert "import_progress.r." in sentence
        assert "equation_holds" not in sentence
    await sets.swap(differing, accept_differences=True)
    assert await sets.answering() == slot


async def test_a_leftover_of_a_former_edition_is_in_nobodys_way(sets: Sets) -> None:
    """Others are built and compared beside it; only what has to do with it is refused, with a sentence."""
    leftover, former = await sets.comparing()
    await sets.pool.execute("UPDATE projector_control.sets SET edition = 'former' WHERE slot = $1", former)
    replay, slot = await sets.warm()
    assert (await sets.replays.compare(replay)).equal
    with pytest.raises(EditionUnknown, match="former"):
        await sets.hand_over(leftover, former)
    await sets.pool.execute("UPDATE projector_control.sets SET edition = 'former' WHERE slot = $1", slot)
    assert (await refused(sets.replays.compare(replay)))[:2] == (409, "NOT_COMPARABLE")


async def test_a_second_swap_waits_until_the_first_is_cleaned_up(sets: Sets) -> None:
    """Otherwise the set before the first would be fed for ever, and no command would reach it."""
    first, _ = await sets.warm()
    second, slot = await sets.warm()
    await sets.swap(first)
    status, code, sentence = await refused(sets.swap(second))
    assert (status, code) == (409, "CLEAN_UP_FIRST")
    assert first.hex in sentence
    await sets.replays.clean_up(first, author="mari")
    assert (await sets.swap(second)).state is State.SWAPPED
    await sets.replays.clean_up(second, author="mari")
    await sweep(sets.pool)
    assert [known.slot for known in await catalog.known_sets(sets.pool)] == [slot]


async def test_a_way_back_that_was_dropped_leads_nowhere(sets: Sets) -> None:
    """Cleaning up the set before by the replay that built it finishes the swap, too: the slot is soon another's."""
    first, before = await sets.warm()
    await sets.swap(first)
    await sets.replays.clean_up(first, author="mari")
    await sweep(sets.pool)
    second, slot = await sets.warm()
    await sets.swap(second)
    assert (await sets.replays.one(second)).replaced_slot == before
    await sets.replays.clean_up(first, author="mari")
    found = await sets.replays.one(second)
    assert (found.state, found.replaced_slot) == (State.DONE, None)
    await sweep(sets.pool)
    assert [known.slot for known in await catalog.known_sets(sets.pool)] == [slot]


async def test_what_answers_is_not_dropped(sets: Sets) -> None:
    """The set of a finished replay, while it answers."""
    replay, slot = await sets.warm()
    await sets.swap(replay)
    await sets.replays.clean_up(replay, author="mari")
    assert (await refused(sets.replays.clean_up(replay, author="mari")))[:2] == (409, "SET_IN_USE")
    assert await sets.answering() == slot


async def test_ten_replays_are_enough(sets: Sets) -> None:
    """One more is refused until one of them is over."""
    asked = [await sets.replays.ask(WISH, author="mari") for _ in range(10)]
    assert (await refused(sets.replays.ask(WISH, author="mari")))[:2] == (409, "TOO_MANY_REPLAYS")
    await sets.replays.cancel(asked[0].replay_id, author="mari")
    assert (await sets.replays.ask(WISH, author="mari")).state is State.QUEUED


async def test_without_room_a_replay_fails_with_what_to_do(
    sets: Sets, service_database: "Provisioned"
) -> None:
    """All slots are taken: it does not wait for one."""
    for slot in SLOTS[1:]:
        await sets.pool.execute(
            "INSERT INTO projector_control.sets (slot, edition, state, made_at) VALUES ($1, $2, $3, $4)",
            slot,
            EDITION,
            SetState.SCRATCH,
            NOW,
        )
    replay, worker = (await sets.replays.ask(WISH, author="mari")).replay_id, uuid4()
    assert await store.claim(sets.pool, worker, now=NOW)
    settings = ProjectorSettings(
        kafka="none:1", postgres=service_database.services["projector"], internal_token=INTERNAL
    )
    await work(Task(sets.pool, settings, EDITIONS, worker, lambda: NOW), replay)
    found = await sets.replays.one(replay)
    assert (found.state, found.code) == (State.FAILED, "NO_ROOM")
    assert "Clean up" in (found.message or "")
