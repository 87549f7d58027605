"""Callers: as many as calls may be under way at once, each taking what is next from the desk."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import get_args

from services.provisioner import metrics
from services.provisioner.account import Pending
from services.provisioner.account.outcome import NotTried, Outcome, Unclear, Withheld
from services.provisioner.backends.protocol import Backend
from services.provisioner.courses.courses import Courses
from services.provisioner.target.gate import Gate
from services.provisioner.target.pacing import paced
from services.provisioner.target.passage import Heard, Passage
from services.provisioner.work.arrays import Arrays
from services.provisioner.work.attempt import attempt, attempt_together, without_a_call
from services.provisioner.work.desk import Desk, Item
from services.provisioner.work.recording import Recorder
from services.provisioner.work.stops import Stops

_REFUSES_US = frozenset({"TARGET_NOT_USABLE", "CLOSE_NOT_USABLE"})
_NO_ROWS_DOING = frozenset({"TARGET_UNREACHABLE", "CLOSE_UNREACHABLE"}) | _REFUSES_US
_BUSY = frozenset({"TARGET_BUSY", "CLOSE_BUSY"})
_BUSY_FOR_S = 1.0
"""Who is asked to wait, but not for how long, leaves the target alone for so long."""


class Caller:
    """What all callers of a process share."""

    def __init__(
        self,
        *,
        desk: Desk,
        gate: Gate,
        backend: Backend,
        arrays: Arrays,
        recorder: Recorder,
        stops: Stops,
        courses: Courses,
        timeout_s: float,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Prepare callers; `timeout_s` bounds one call."""
        self._desk = desk
        self._gate = gate
        self._backend = backend
        self._arrays = arrays
        self._recorder = recorder
        self._stops = stops
        self._courses = courses
        self._timeout_s = timeout_s
        self._clock = clock

    async def run(self) -> None:
        """Call for one account after the other, for ever."""
        while True:
            item = await self._desk.take()
            if self._done_without(item):
                continue
            passage = await self._gate.passage(
                lambda item=item: self._in_vain(item),  # type: ignore[misc]
                row=item.stored.account.account_id,
            )
            if self._done_without(item):
                self._gate.unused(passage)
                continue
            self._recorder.put(item, await self._call(item, passage))

    async def run_arrays(self) -> None:
        """Call for as many accounts at once as the target takes, for ever; idle while it takes none."""
        while True:
            items = self._in_need(await self._desk.take_array())
            if items:
                await self._call_together(items)

    def _done_without(self, item: Item) -> bool:
        """Whether an account needs no call of ours; it is handed in then.

        Past the gate: it must neither wait for the account service nor speak for it.
        """
        outcome: Outcome | None
        if self._desk.lost(item):
            outcome = None
        elif self._withheld(item):
            outcome = Withheld()
        else:
            outcome = without_a_call(item.stored, self._courses, unasked=item.unasked)
            if outcome is None:
                return False
            _count(outcome)
        self._recorder.put(item, outcome)
        return True

    def _in_vain(self, item: Item) -> bool:
        """Whether it is no use to wait for a call any longer."""
        return (
            self._desk.lost(item)
            or self._withheld(item)
            or without_a_call(item.stored, self._courses, unasked=item.unasked) is not None
        )

    async def _call(self, item: Item, passage: Passage) -> Outcome:
        started = self._clock()
        settle = self._stopped(item) and not item.stored.account.in_doubt
        outcome = await attempt(
            paced(self._gate, self._backend), item.stored, timeout_s=self._timeout_s, settle=settle
        )
        metrics.CALL_SECONDS.observe(self._clock() - started)
        return self._judged(item, outcome, target_up=self._gate.report(passage, heard(outcome)))

    async def _call_together(self, items: list[Item]) -> None:
        """One call for all of them; each may give up for itself while it waits for the passage."""

        def given_up() -> bool:
            items[:] = self._in_need(items)
            return not items

        passage = await self._gate.passage(given_up, row=items[0].stored.account.account_id)
        items += self._desk.more_for_array(self._arrays.size - len(items))
        if given_up():
            self._gate.unused(passage)
            return
        started = self._clock()
        outcomes = await attempt_together(
            paced(self._gate, self._backend), [item.stored for item in items], timeout_s=self._timeout_s
        )
        metrics.CALL_SECONDS.observe(self._clock() - started)
        target_up = self._gate.report(passage, heard_together(outcomes))
        for item, outcome in zip(items, outcomes, strict=True):
            self._recorder.put(item, self._judged(item, outcome, target_up=target_up))

    def _in_need(self, items: Sequence[Item]) -> list[Item]:
        """Those of them that can only be helped by a call, and by this one."""
        found = []
        for item in items:
            if self._done_without(item):
                continue
            if self._stopped(item) and not item.stored.account.in_doubt:
                self._desk.alone(item)  # a call that nobody recorded is to be looked for
            else:
                found.append(item)
        return found

    def _judged(self, item: Item, outcome: Outcome, *, target_up: bool) -> Outcome:
        """The outcome, as it counts: not against a row while the target is away; and not at all if withheld."""
        _count(outcome)
        if isinstance(outcome, Unclear) and not target_up:
            return replace(outcome, counts=False)
        return Withheld() if isinstance(outcome, NotTried) and self._withheld(item) else outcome

    def _withheld(self, item: Item) -> bool:
        """Whether no call is to be made: its import is stopped, and nothing was done for the account."""
        return self._stopped(item) and item.unasked

    def _stopped(self, item: Item) -> bool:
        account = item.stored.account
        return account.creator.import_id in self._stops and isinstance(account.standing, Pending)


def heard(outcome: Outcome) -> Heard:
    """What an outcome says of the target."""
    match outcome:
        case NotTried(unanswered=True, retry_after=retry_after):
            return Heard("unclear", retry_after)
        case NotTried(code, retry_after):
            if retry_after is None and code in _BUSY:
                retry_after = _BUSY_FOR_S
            return Heard(
                "not_taken",
                retry_after,
                unreachable=code in _NO_ROWS_DOING,
                refuses_us=code in _REFUSES_US,
            )
        case Unclear(retry_after=retry_after):
            return Heard("unclear", retry_after)
        case _:
            return Heard("answered")


def heard_together(outcomes: Sequence[Outcome]) -> Heard:
    """What the outcomes of one call say of the target: it answered if it answered for one of them."""
    found = [heard(outcome) for outcome in outcomes]
    wishes = [one.retry_after for one in found if one.retry_after is not None]
    kinds = {one.kind for one in found}
    return Heard(
        "answered" if "answered" in kinds else "unclear" if "unclear" in kinds else "not_taken",
        max(wishes, default=None),
        unreachable=all(one.unreachable for one in found),
        refuses_us=all(one.refuses_us for one in found),
    )


_COUNTS = {kind: metrics.ATTEMPTS.labels(kind.__name__.lower()) for kind in get_args(Outcome)}


def _count(outcome: Outcome) -> None:
    _COUNTS[type(outcome)].inc()
