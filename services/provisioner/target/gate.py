"""The gate before the account service: everybody who is about to call asks here, and says here what it came to.

It decides on what this process knows (`known.Known`). Who shares that with other copies (`keeper.Keeper`) takes what
it wants changed to the row they all read, and shows it what came of it; alone, it keeps what it decides.
"""

import asyncio
from collections.abc import Callable, Hashable
from uuid import UUID, uuid4

from services.provisioner import metrics
from services.provisioner.target import breaker
from services.provisioner.target.clock import SharedClock
from services.provisioner.target.hearing import NOTHING, hear, silent
from services.provisioner.target.known import Known
from services.provisioner.target.outcomes import Recent
from services.provisioner.target.pacer import Pacer
from services.provisioner.target.passage import Heard, Passage
from services.provisioner.target.state import Target

PROBE_LEASE_S = 5.0
REFUSES_US = "TARGET_NOT_USABLE"


class Gate:
    """Per process. Rows that wait at it stay as they are; nothing fails and nothing is written."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        name: str = "account-service",
        rate: float | None = None,
        timeout_s: float = 30.0,
        owner: UUID | None = None,
    ) -> None:
        """An open gate.

        Args:
            clock: monotonic seconds.
            name: the target's.
            rate: calls a second; None: no limit.
            timeout_s: how long one call may take.
            owner: this process, as it leases probes.
        """
        self.owner = owner or uuid4()
        self.clock = SharedClock(clock)
        self.pacer = Pacer(clock=clock, flowing=lambda: self.flows)
        self.recent = Recent(clock)
        self.under_way = 0
        self._monotonic = clock
        self.known = Known(
            Target(name, self.clock.now(), rate=rate), clock=self.clock, changed=self._on_change
        )
        self._timeout_s = timeout_s
        self._lately = NOTHING
        self._waiting: dict[object, Hashable] = {}
        self._tried: set[Hashable] = set()
        self._probing = False
        self._asking = False
        self._changed = asyncio.Event()
        self.pacer.limit(rate)

    # For callers

    @property
    def target(self) -> Target:
        """What this process knows."""
        return self.known.target

    @property
    def flows(self) -> bool:
        """Whether calls are made."""
        target = self.known.target
        if target.standing == "up":  # nearly always, and asked for every call
            return target.stop is None
        return target.flows(self.clock.now())

    @property
    def shut(self) -> bool:
        """Whether the account service is being waited for."""
        return not self.flows

    async def passage(self, given_up: Callable[[], bool] = lambda: False, *, row: Hashable = None) -> Passage:
        """Wait until a call for `row` may be made. Say what became of it (`report`), or that it was not made.

        Who has `given_up` by the next nudge waits no longer.
        """
        passage = Passage(False, row)
        if not (self.flows and self.pacer.rate is None):
            passage = await self._wait(given_up, row)
        self.under_way += 1
        return passage

    async def slot(self) -> None:
        """Wait for a slot of the rate, for one call more of an attempt that is under way."""
        while not await self.pacer.slot(first=True):
            if self.shut:  # whoever is in the middle of an attempt ends it
                return

    def nudge(self) -> None:
        """Let those who wait see whether they have given up."""
        self.pacer.release_all()
        self._changed.set()

    def unused(self, passage: Passage) -> None:
        """A passage led to no call: the next in line may have it."""
        self.under_way -= 1
        if passage.probe:
            self._probing = False
            self._changed.set()
        elif passage.paid:
            self.pacer.hand_over()

    def report(self, passage: Passage, heard: Heard) -> bool:
        """Say what a call came to; whether the target counts as up, so that an unclear outcome is the row's own."""
        self.under_way -= 1
        self.recent.add(heard.kind)
        self._lately = hear(self._lately, heard, passage.row, self._monotonic())
        wish = heard.retry_after or 0.0
        if passage.probe:
            self._probing = False
            self._tried.add(passage.row)
            answered = heard.kind == "answered"
            self.known.change(
                lambda target, now: breaker.probed(
                    target, now, owner=self.owner, answered=answered, retry_after=wish
                )
            )
        elif heard.kind != "answered" or wish > 0:
            self._bad_news(heard, wish)
        return self.target.standing != "down"

    def _bad_news(self, heard: Heard, wish: float) -> None:
        if silent(self._lately, timeout_s=self._timeout_s) and self.target.standing != "down":
            code = _code(heard)
            self.known.change(lambda target, now: breaker.trip(target, now, code=code, retry_after=wish))
        elif wish > 0:
            self.known.change(
                lambda target, now: breaker.hold(target, now, code="TARGET_BUSY", retry_after=wish)
            )

    async def _wait(self, given_up: Callable[[], bool], row: Hashable) -> Passage:
        me = object()
        self._waiting[me] = row
        try:
            while not given_up():
                if self.flows:
                    if await self.pacer.slot():
                        return Passage(False, row, paid=self.pacer.rate is not None)
                elif self._take_probe(row):
                    return Passage(True, row)
                else:
                    await self._until_something_changes()
            return Passage(False, row)
        finally:
            del self._waiting[me]

    def _take_probe(self, row: Hashable) -> bool:
        """Make the probe, if it is ours and nobody does; a row that was tried lets the others try first."""
        if self._probing or (row in self._tried and not self._tried.issuperset(self._waiting.values())):
            return False
        if not self._asking and breaker.may_probe(self.target, self.clock.now()):
            self._asking = self.known.shared
            self.known.change(
                lambda target, now: breaker.lease(target, now, owner=self.owner, seconds=PROBE_LEASE_S),
                at_once=False,
            )
        if not breaker.is_probing(self.target, self.owner):
            return False
        self._probing = True
        return True

    async def _until_something_changes(self) -> None:
        target, now = self.target, self.clock.now()
        wait = None
        if target.stop is None and target.next_at is not None and target.next_at > now:
            wait = (target.next_at - now).total_seconds()
        self._changed.clear()
        try:
            async with asyncio.timeout(wait):
                await self._changed.wait()
        except TimeoutError:
            pass

    def probe_is_wanted(self) -> bool | None:
        """Whether the probe that is leased to us is made, or waited for; None: none is leased to us."""
        if not breaker.is_probing(self.target, self.owner):
            return None
        return self._probing or bool(self._waiting)

    def look_again(self) -> None:
        """The shared row was read: a probe asked for may be ours, or another's lease run out."""
        self._asking = False
        if breaker.may_probe(self.target, self.clock.now()):
            self._changed.set()

    def _on_change(self, before: Target, target: Target) -> None:
        if target.standing != before.standing:
            if "down" in (target.standing, before.standing):
                self._lately = NOTHING
                self._tried.clear()
            if target.standing != "up":
                metrics.TARGET_HOLDS.labels(target.code or "").inc()
        metrics.TARGET_WAIT.set(self.shut)
        self.pacer.limit(target.rate)
        self.pacer.wake()
        self._changed.set()


def _code(heard: Heard) -> str:
    if heard.kind == "unclear":
        return "TARGET_UNCERTAIN"
    if heard.refuses_us:
        return REFUSES_US
    return "TARGET_UNREACHABLE" if heard.unreachable else "TARGET_BUSY"
