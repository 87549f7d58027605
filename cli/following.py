"""After the submission: wait for an import and show what became of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

from cli.client import imports
from cli.client.api import Api
from cli.client.errors import ClientError
from cli.client.models import ImportStatus, Row, StatusAnswer
from cli.exits import Exit, exit_of_status
from cli.text.counts import progress_line
from cli.text.outcome import MOST_ROWS, outcome, undo_outcome
from cli.watch.loop import View, WaitExpired, is_final, watch
from cli.watch.quiet import JsonLines, PlainLines, Silent, one_line
from cli.world import World


class Following:
    """One import, and how to speak of it."""

    def __init__(self, world: World, api: Api, uuid: str, *, json: bool, quiet: bool) -> None:
        self._world = world
        self._api = api
        self._uuid = uuid
        self._json = json
        self._quiet = quiet

    def goodbye(self, why: str) -> str:
        """What to say to somebody who leaves before the end."""
        return f"{why} The import goes on. See it again: course-accounts status {self._uuid} --wait"

    def only_submitted(self, submitted: StatusAnswer) -> Exit:
        """Give the id of the import, for whoever does not wait."""
        if self._json:
            self._world.out(one_line(submitted))
            return Exit.ALL_DONE
        self._world.out(self._uuid)
        if not self._quiet:
            self._world.say(f"Submitted. See how far it is: course-accounts status {self._uuid} --wait")
        return Exit.ALL_DONE

    def until_finished(
        self,
        deadline: float | None,
        *,
        submitted: StatusAnswer | None = None,
        ended: Callable[[ImportStatus], bool] = is_final,
        exit_of: Callable[[ImportStatus], Exit] = exit_of_status,
    ) -> Exit:
        """Watch until the end or the deadline, then say what came of it.

        Args:
            deadline: the moment on the clock of the surroundings at which to stop.
            submitted: the status a command just answered with, if one did.
            ended: which status is the last one.
            exit_of: what the last status means for the caller.
        """
        started = self._world.clock.now()
        try:
            with self._view() as view:
                if submitted is not None:
                    view.show(submitted)
                final = watch(
                    lambda etag: imports.read_status(self._api, self._uuid, etag),
                    view,
                    self._world.clock,
                    deadline=deadline,
                    just_submitted=submitted is not None,
                    ended=ended,
                )
        except WaitExpired as expired:
            return self._expired(expired.last, self._world.clock.now() - started)
        if not self._json:
            self.show_outcome(final)
        return exit_of(final.status)

    def until_stopped(
        self,
        timeout: float | None,
        answer: StatusAnswer,
        *,
        ended: Callable[[ImportStatus], bool],
        exit_of: Callable[[ImportStatus], Exit],
        interrupted: str,
    ) -> Exit:
        """Watch what a command that stops or undoes the import has begun; `interrupted`: what holds all the same."""
        try:
            deadline = timeout and self._world.clock.now() + timeout
            return self.until_finished(deadline, submitted=answer, ended=ended, exit_of=exit_of)
        except KeyboardInterrupt:
            self._world.say(f"\nInterrupted. {interrupted}")
            return Exit.INTERRUPTED

    def show_outcome(self, answer: StatusAnswer) -> None:
        """Write what failed and why, and the equation, on stdout."""
        undone = answer.status.undo is not None
        try:
            rows = self._not_closed(answer) if undone else self._rows(answer)
        except ClientError as error:
            rows = []
            self._world.say(f"The rows could not be read: {error.detail}")
        self._world.out("\n".join((undo_outcome if undone else outcome)(answer.status, rows)))

    def _rows(self, answer: StatusAnswer) -> list[Row]:
        rows: list[Row] = []
        for name in ("failed", "invalid"):
            if getattr(answer.status.counts, name) and len(rows) < MOST_ROWS:
                found = imports.rows(self._api, self._uuid, page_size=MOST_ROWS, **{"class": name})
                rows += islice(found, MOST_ROWS - len(rows))
        return rows

    def _not_closed(self, answer: StatusAnswer) -> list[Row]:
        """The rows an undo left alone, and those it could not close."""
        undo, rows = answer.status.undo, list[Row]()
        for ending in ("kept", "failed"):
            if undo is not None and getattr(undo, ending) and len(rows) < MOST_ROWS:
                found = imports.rows(self._api, self._uuid, page_size=MOST_ROWS, closing=ending)
                rows += islice(found, MOST_ROWS - len(rows))
        return rows

    def _expired(self, last: StatusAnswer | None, waited: float) -> Exit:
        if not self._json:
            if last is not None:
                self._world.say(progress_line(last.status))
            self._world.say(self.goodbye(f"Still running after {waited:.0f} s."))
        return Exit.STILL_RUNNING

    @contextmanager
    def _view(self) -> Iterator[View]:
        if self._json:
            yield JsonLines(self._world)
        elif self._quiet:
            yield Silent()
        elif self._world.animated:
            from cli.watch.bar import Bar

            with Bar(self._world) as bar:
                yield bar
        else:
            yield PlainLines(self._world)
