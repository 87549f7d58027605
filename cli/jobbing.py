"""After an order: follow its job, then show what it came to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import msgspec

from cli.awaiting import patiently, pause, settle, waiting
from cli.client import jobs
from cli.client.api import Api
from cli.client.jobs import Job, Refusal
from cli.client.models import Account
from cli.exits import Exit
from cli.parameters import OutputOptions
from cli.showing import shown
from cli.text.jobs import MOST_REFUSALS, account_line, outcome, progress_line
from cli.text.numbers import counted
from cli.world import World


@dataclass(frozen=True, slots=True)
class Ordering:
    """A command about accounts: given, and if wanted followed to its end. `deadline` on the clock of `world`."""

    world: World
    api: Api
    output: OutputOptions
    wait: bool
    deadline: float | None

    def one(self, uuid: str, answer: tuple[Account, bytes], *, goal: str) -> Exit:
        """What a command about one account was answered; `goal` is the state it shall come to."""
        if not self.wait:
            found, raw = answer
            self.world.out(raw.decode() if self.output.json else account_line(found))
            return Exit.ALL_DONE
        return waiting(self.world, "What was begun goes on.", lambda: self._settle([uuid], goal))

    def many(
        self, wanted: Mapping[str, Any], *, goal: str, then: Callable[[], Exit] = lambda: Exit.ALL_DONE
    ) -> Exit:
        """Ask for a job; `then` is what to wait for once it is over, beside the accounts that were named."""
        ordered, raw = jobs.order(self.api, wanted, key=self.world.new_key())
        look = f"course-accounts jobs show {ordered.job}"
        if not self.wait:
            self.world.out(raw.decode() if self.output.json else ordered.job)
            if not (self.output.json or self.output.quiet):
                self.world.say(f"{counted(ordered.accounts, 'account')}. See how far it is: {look}")
            return Exit.ALL_DONE

        def to_the_end() -> Exit:
            job = follow(self.world, self.api, ordered.job, self.output, self.deadline)
            came_to = tell(self.world, self.api, job, self.output)
            named = set(wanted.get("accounts") or ())
            refused = {one.account_uuid for one in _refusals(self.api, job)} if named else set()
            ends = [came_to, self._settle(sorted(named - refused), goal), then()]
            return next((end for end in reversed(ends) if end is not Exit.ALL_DONE), Exit.ALL_DONE)

        return waiting(self.world, f"The job goes on. See it again: {look}", to_the_end)

    def _settle(self, uuids: Sequence[str], goal: str) -> Exit:
        return settle(self.world, self.api, uuids, self.output, self.deadline, goal=goal)


def follow(world: World, api: Api, uuid: str, output: OutputOptions, deadline: float | None) -> Job:
    """Watch a job until it is over.

    Raises:
        Expired: the deadline passed.
        ClientError: an error that time does not mend.
    """
    with shown(world, output, line=progress_line, far=lambda job: (job.done, job.total)) as show:
        while True:
            job, raw = patiently(world, partial(jobs.read_job, api, uuid))
            show(job, raw)
            if job.over:
                return job
            pause(world, job.poll_after, deadline)


def tell(world: World, api: Api, job: Job, output: OutputOptions) -> Exit:
    """Show what a job came to, and say so with an exit code."""
    if not output.json:
        world.out("\n".join(outcome(job, list(islice(_refusals(api, job), MOST_REFUSALS)))))
    if job.state == "cancelled":
        return Exit.DECLINED
    return Exit.WITH_FAILURES if job.refused else Exit.ALL_DONE


def _refusals(api: Api, job: Job) -> Iterator[Refusal]:
    if job.refused:
        for one in jobs.refusals(api, job.uuid):
            yield msgspec.json.decode(one, type=Refusal)
