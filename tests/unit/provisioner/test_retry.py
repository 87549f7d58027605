"""The retry policy, by table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.provisioner.retry import GiveUp, Retry, RetryPolicy, Rule, policy_from

POLICY = RetryPolicy({"SLOW": Rule(first=1.0, cap=60.0, attempts=8), "AWAY": Rule(2.0, 30.0, None)})


@pytest.mark.parametrize(
    ("cause", "attempt", "least"),
    [
        ("SLOW", 1, 0.5),
        ("SLOW", 2, 1),
        ("SLOW", 3, 2),
        ("SLOW", 6, 16),
        ("SLOW", 7, 30),
        ("AWAY", 1, 1),
        ("AWAY", 4, 8),
        ("AWAY", 5, 15),
        ("AWAY", 6, 15),
        ("AWAY", 2**31 - 1, 15),
    ],
)
def test_delays_double_up_to_the_cap(cause: str, attempt: int, least: float) -> None:
    """Half the delay is certain, the other half is jitter; no attempt number is too large."""
    assert POLICY.decide(cause, attempt, 0.0) == Retry(least)
    assert POLICY.decide(cause, attempt, 0.5) == Retry(least * 1.5)


@pytest.mark.parametrize(
    ("cause", "attempt"), [("SLOW", 8), ("SLOW", 9), ("SLOW", 10**9), ("NEVER_HEARD_OF", 1)]
)
def test_gives_up(cause: str, attempt: int) -> None:
    """After the last attempt, and at once for a cause without a rule, whatever the target wishes."""
    assert isinstance(POLICY.decide(cause, attempt, 0.0), GiveUp)
    assert isinstance(POLICY.decide(cause, attempt, 0.0, retry_after=1.0), GiveUp)


def test_waiting_for_the_target_never_ends() -> None:
    """The default policy gives up only where something may have happened."""
    policy = RetryPolicy()
    for cause in ("TARGET_UNREACHABLE", "TARGET_BUSY"):
        assert isinstance(policy.decide(cause, 10**6, 0.0), Retry)
    assert isinstance(policy.decide("TARGET_UNCERTAIN", 11, 0.0), Retry)
    assert isinstance(policy.decide("TARGET_UNCERTAIN", 12, 0.0), GiveUp)
    assert policy.decide("TARGET_UNCERTAIN", 10**6, 0.0, limited=False) == Retry(30.0)
    assert isinstance(policy.decide("REFUSED", 1, 0.0, limited=False), GiveUp)


@given(
    st.sampled_from(["SLOW", "AWAY"]),
    st.integers(1, 7),
    st.floats(0, 1, exclude_max=True),
    st.none() | st.floats(0, 3600),
)
def test_bounds(cause: str, attempt: int, jitter: float, retry_after: float | None) -> None:
    """Never longer than the cap or the target's wish, never shorter than half the delay or the wish."""
    found = POLICY.decide(cause, attempt, jitter, retry_after=retry_after)
    rule = POLICY.rules[cause]
    assert isinstance(found, Retry)
    wish = retry_after or 0.0
    assert max(min(rule.cap, rule.first * 2 ** (attempt - 1)) / 2, wish) <= found.after <= max(rule.cap, wish)


def test_a_setting_changes_what_it_names_and_nothing_else() -> None:
    """First, cap and attempts of one cause, or some of them; all others stay."""
    default = RetryPolicy().rules
    changed = policy_from(
        '{"TARGET_UNCERTAIN": {"attempts": 3}, "TARGET_BUSY": {"first": 50}, "CLOSE_REFUSED": {"cap": 1}}'
    ).rules
    assert changed["TARGET_UNCERTAIN"] == Rule(1.0, 60.0, 3)
    assert changed["TARGET_BUSY"] == Rule(50.0, 50.0, None)
    assert changed["CLOSE_REFUSED"] == Rule(1.0, 1.0, 3)
    assert {
        **changed,
        **{c: default[c] for c in ("TARGET_UNCERTAIN", "TARGET_BUSY", "CLOSE_REFUSED")},
    } == default
    assert policy_from("{}") == RetryPolicy()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "JSON like"),
        ("12", "JSON like"),
        ('{"TARGET_UNCERTAIN": {"frist": 1}}', "unknown field `frist`"),
        ('{"TARGET_UNCERTAIN": {"first": "1"}}', "Expected `float"),
        ('{"TARGET_UNCERTAIN": {"attempts": 1.5}}', "Expected `int"),
        ('{"REFUSED": {"attempts": 3}}', "REFUSED is not retried by itself"),
        ('{"ADDRESS_TAKEN": {}}', "ADDRESS_TAKEN is not retried by itself"),
        ('{"target_busy": {"first": 3}}', "What is: TARGET_UNREACHABLE, "),
        ('{"TARGET_UNREACHABLE": {"attempts": 3}}', "waited for without end"),
        ('{"CLOSE_BUSY": {"attempts": 3}}', "waited for without end"),
        ('{"TARGET_UNCERTAIN": {"attempts": 0}}', "attempts must be between 1 and 1000"),
        ('{"TARGET_UNCERTAIN": {"first": 0}}', "first must be between 0.05 and 3600"),
        ('{"TARGET_UNCERTAIN": {"cap": 100000}}', "cap must be between 0.05 and 86400"),
        ('{"TARGET_UNCERTAIN": {"first": 5, "cap": 4}}', "cap must not be less than first"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(text: str, says: str) -> None:
    """A permanent cause, a name that is none, a number out of bounds: the sentence says what is wrong."""
    with pytest.raises(ValueError, match=says):
        policy_from(text)
