"""Following an import: when to ask, when to go on, when to stop."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from cli.client.errors import ClientError, Refused, Unintelligible, Unreachable
from cli.client.models import Counts, ImportStatus, StatusAnswer
from cli.watch.loop import LONGEST_SILENCE, WaitExpired, pause_after, poll_pause, watch
from tests.unit.cli.surroundings import FakeClock


def answer(created: int, *, state: str = "running", poll_after: float | None = 3) -> StatusAnswer:
    """A status of a three-row import."""
    counts = Counts(rows=3, created=created, pending=3 - created)
    status = ImportStatus("1" * 32, state, counts, version=created, poll_after=poll_after)
    return StatusAnswer(status, b"{}", f'"{created}"')


LOST = Unreachable("CONNECTION_LOST", "Lost.")
Said = StatusAnswer | ClientError | None


@dataclass
class Server:
    """Answers in order, the last one for ever."""

    answers: Sequence[Said]
    asked_with: list[str | None] = field(default_factory=list)

    def read(self, etag: str | None) -> StatusAnswer | None:
        """The next answer."""
        said = self.answers[min(len(self.asked_with), len(self.answers) - 1)]
        self.asked_with.append(etag)
        if isinstance(said, ClientError):
            raise said
        return said


@dataclass
class Notes:
    """A view that remembers."""

    shown: list[int] = field(default_factory=list)
    troubles: list[float] = field(default_factory=list)

    def show(self, answer: StatusAnswer) -> None:
        """Remember the status."""
        self.shown.append(answer.status.version)

    def trouble(self, error: ClientError, retry_in: float) -> None:
        """Remember the trouble."""
        self.troubles.append(retry_in)


def test_until_finished_with_the_servers_pauses() -> None:
    """Asks as often as the server wishes, with the last validator; unchanged answers are not shown."""
    server = Server([answer(1), None, answer(2, poll_after=7), answer(3, state="finished")])
    notes, clock = Notes(), FakeClock()
    final = watch(server.read, notes, clock, deadline=None)
    assert final.status.state == "finished"
    assert notes.shown == [1, 2, 3]
    assert server.asked_with == [None, '"1"', '"1"', '"2"']
    assert clock.slept == [3, 3, 7]


def test_lost_connection_is_said_and_survived() -> None:
    """Losing the server in the middle costs pauses that grow, not the wait."""
    busy = Refused(503, "SERVICE_AWAY", "Away.", retry_after=2)
    server = Server([answer(1), LOST, LOST, busy, Refused(500, "BUG", "d"), answer(3, state="finished")])
    notes, clock = Notes(), FakeClock()
    watch(server.read, notes, clock, deadline=None)
    assert notes.shown == [1, 3]
    assert notes.troubles == [0.5, 1, 2, 4]


def test_deadline_ends_the_wait_exactly() -> None:
    """The wait ends at the deadline, not a pause later, and hands out what was last seen."""
    clock = FakeClock()
    start = clock.now()
    with pytest.raises(WaitExpired) as expired:
        watch(Server([answer(1)]).read, Notes(), clock, deadline=start + 10)
    assert clock.now() == start + 10
    assert expired.value.last == answer(1)


def test_deadline_while_nobody_answers() -> None:
    """Without any answer the deadline still ends the wait."""
    clock = FakeClock()
    with pytest.raises(WaitExpired) as expired:
        watch(Server([LOST]).read, Notes(), clock, deadline=clock.now() + 10)
    assert expired.value.last is None


def test_long_silence_ends_the_wait() -> None:
    """Nobody waits for ever for a server that is gone."""
    clock = FakeClock()
    start = clock.now()
    with pytest.raises(Unreachable):
        watch(Server([answer(1), LOST]).read, Notes(), clock, deadline=None)
    assert LONGEST_SILENCE < clock.now() - start < LONGEST_SILENCE + 20


def test_just_submitted_import_may_be_invisible_at_first() -> None:
    """Not found right after the submission passes; the first time is not even worth a word."""
    missing = Refused(404, "NOT_FOUND", "None.")
    notes = Notes()
    watch(
        Server([missing, answer(3, state="finished")]).read,
        notes,
        FakeClock(),
        deadline=None,
        just_submitted=True,
    )
    assert notes.troubles == []


def test_not_found_after_it_was_seen_is_final() -> None:
    """An import that was there and is not any more does not come back by waiting."""
    missing = Refused(404, "NOT_FOUND", "None.")
    with pytest.raises(Refused):
        watch(Server([answer(1), missing]).read, Notes(), FakeClock(), deadline=None, just_submitted=True)


@pytest.mark.parametrize(
    "error",
    [Refused(404, "C", "d"), Refused(401, "C", "d"), Refused(403, "C", "d"), Unintelligible("C", "d")],
)
def test_errors_that_time_does_not_mend_end_at_once(error: ClientError) -> None:
    """A wrong token or id is said at once."""
    clock = FakeClock()
    with pytest.raises(type(error)):
        watch(Server([error]).read, Notes(), clock, deadline=None)
    assert clock.slept == []


@pytest.mark.parametrize(("wish", "pause"), [(None, 3), (0, 0.1), (-5, 0.1), (2, 2), (1e9, 60)])
def test_servers_wish_within_reason(wish: float | None, pause: float) -> None:
    """A strange wish neither hammers the server nor puts the program to sleep."""
    assert poll_pause(answer(1, poll_after=wish).status) == pause


def test_pauses_grow_to_a_limit() -> None:
    """Attempts against a silent server become rarer, up to every five seconds."""
    assert [pause_after(misses, LOST) for misses in (1, 2, 3, 4, 5, 10_000)] == [0.5, 1, 2, 4, 5, 5]
