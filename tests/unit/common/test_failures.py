"""When to try again and when to give up."""

import asyncpg
import pytest
from aiokafka.errors import KafkaConnectionError

from services.common.failures import Failures, is_operational, named, trail
from services.common.records import LogDamaged, PositionLost


def counting(jitter: float = 1.0) -> Failures:
    """First delay 1 s, longest 8 s, three tries of a bug."""
    return Failures(first_s=1, longest_s=8, tries_of_a_bug=3, jitter=lambda: jitter)


def test_waits_longer_and_longer_without_end() -> None:
    """What is away is waited for, twice as long each time up to the limit, for ever; success begins anew."""
    failures = counting()
    assert [failures.delay_after(OSError()) for _ in range(6)] == [1, 2, 4, 8, 8, 8]
    assert all(failures.delay_after(TimeoutError()) == 8 for _ in range(100))
    failures.progressed()
    assert failures.delay_after(KafkaConnectionError()) == 1


def test_jitter_takes_up_to_half() -> None:
    """Copies that fail together do not come back together."""
    assert counting(0.0).delay_after(OSError()) == 0.5
    assert counting(0.5).delay_after(OSError()) == 0.75


def test_bugs_are_few() -> None:
    """The third bug without progress is the last, also with outages between."""
    failures = counting()
    assert failures.delay_after(KeyError()) is not None
    assert failures.delay_after(OSError()) is not None
    assert failures.delay_after(KeyError()) is not None
    assert failures.delay_after(KeyError()) is None


def test_lost_position_is_looked_up_at_once() -> None:
    """Once without a pause; two owners who rob each other slow down."""
    failures = counting()
    assert [failures.delay_after(PositionLost()) for _ in range(3)] == [0, 2, 4]


def test_damage_is_looked_at_three_times() -> None:
    """A new leader may name an end too low for a moment; a good look in between clears the suspicion."""
    failures = counting()
    assert [failures.delay_after(LogDamaged()) is None for _ in range(2)] == [False, False]
    failures.located()
    assert [failures.delay_after(LogDamaged()) is None for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize(
    ("error", "operational"),
    [
        (asyncpg.DeadlockDetectedError("x"), True),
        (asyncpg.AdminShutdownError("x"), True),
        (asyncpg.QueryCanceledError("x"), True),
        (asyncpg.InterfaceError("connection is closed"), True),
        (asyncpg.UniqueViolationError("x"), False),
        (asyncpg.exceptions._base.ClientConfigurationError("x"), False),
        (asyncpg.exceptions._base.DataError("x"), False),
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (KeyError(), False),
        (RuntimeError(), False),
    ],
)
def test_kinds(error: Exception, operational: bool) -> None:
    """The world being away is operational; a violated constraint, a wrong setting or a bug is not."""
    assert is_operational(error) is operational


def test_words_stay_out_of_the_log() -> None:
    """An error is named by its kind and its place, because its words may quote a row; damage keeps its sentence."""
    with pytest.raises(ValueError, match="somebody") as caught:
        int("somebody@example.org")
    assert named(caught.value) == "ValueError"
    assert trail(caught.value)[-1].startswith("test_failures.py:")
    assert "somebody" not in str(trail(caught.value))
    assert named(LogDamaged("offsets 1 to 2 are missing")) == "offsets 1 to 2 are missing"
