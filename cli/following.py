"""After the submission: wait for an import and show what became of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from cli.client import imports
from cli.client.api import Api
from cli.client.errors import ClientError
from cli.client.models import Row, StatusAnswer
from cli.exits import Exit, exit_of_status
from cli.text.counts import progress_line
from cli.text.outcome import MOST_ROWS, outcome
from cli.watch.loop import View, WaitExpired, watch
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

    def until_finished(self, deadline: float | None, *, submitted: StatusAnswer | None = None) -> Exit:
        """Watch until the end or the deadline, then say what came of it."""
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
                )
        except WaitExpired as expired:
            return self._expired(expired.last, self._world.clock.now() - started)
        if not self._json:
            self.show_outcome(final)
        return exit_of_status(final.status)

    def show_outcome(self, answer: StatusAnswer) -> None:
        """Write what failed and why, and the equation, on stdout."""
        try:
            rows = self._rows(answer)
        except ClientError as error:
            rows = []
            self._world.say(f"The rows could not be read: {error.detail}")
        self._world.out("\n".join(outcome(answer.status, rows)))

    def _rows(self, answer: StatusAnswer) -> list[Row]:
        rows: list[Row] = []
        for name in ("failed", "invalid"):
            if getattr(answer.status.counts, name) and len(rows) < MOST_ROWS:
                found = imports.rows(self._api, self._uuid, name, page_size=MOST_ROWS)
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
