"""A rebuild is what the log says, whatever the batches were and whichever partition came first."""

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.common.records import Record
from services.projector.comparing.answers import answer
from tests.integration.projector.comparing.support import (
    TwoSets,
    described,
    feed_batches,
    fill,
    in_batches,
    interleaved,
)
from tests.integration.projector.support import records
from tests.unit.projector.test_any_history import History, histories


def a_log(history: History, random: Random) -> list[Record]:
    """The history, descriptions of its course, and now and then a record that nobody can read."""
    log = [*records(history), *described(random)]
    if random.random() < 0.5:
        place = random.randrange(len(log))
        log[place] = log[place]._replace(value=b"{")
    return log


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories(), random=st.randoms(use_true_random=False), size=st.sampled_from([1, 3, 100]))
async def test_any_two_readings_of_a_log_are_equal(
    two: TwoSets, history: History, random: Random, size: int
) -> None:
    """To the last cell of every table, by the same comparison that a replay is judged by."""
    log = a_log(history, random)
    await two.empty()
    await feed_batches(two.pool, in_batches(log, random))
    await two.copy()
    await two.empty()
    await feed_batches(two.pool, in_batches(interleaved(log, random), random, most=size))
    found = await two.compare()
    assert found.equal, answer(found)["tables"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories(), random=st.randoms(use_true_random=False), most=st.sampled_from([2, 5, 100]))
async def test_a_replay_fills_a_set_as_live_batches_do(
    two: TwoSets, history: History, random: Random, most: int
) -> None:
    """Whole partitions at once, or their beginnings and then batches: to the last cell the same."""
    log = a_log(history, random)
    await two.empty()
    await feed_batches(two.pool, in_batches(log, random))
    await two.copy()
    await two.empty()
    await fill(two.pool, log, most=most)
    found = await two.compare()
    assert found.equal, answer(found)["tables"]
