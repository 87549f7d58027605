"""Views without a terminal: NDJSON for programs, occasional lines for logs, nothing at all."""

import json

from msgspec import structs

from cli.client.errors import ClientError
from cli.client.models import ImportStatus, StatusAnswer
from cli.text.counts import progress_line
from cli.text.numbers import duration
from cli.watch.loop import is_final
from cli.world import World

LINE_EVERY = 10.0
"""Seconds between two lines in a log, when nothing special happens."""


class Silent:
    """Shows nothing."""

    def show(self, answer: StatusAnswer) -> None:
        """Show nothing."""

    def trouble(self, error: ClientError, retry_in: float) -> None:
        """Say nothing."""


class JsonLines:
    """Every status as one line on stdout, as the server said it; the last line is the result."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._last: ImportStatus | None = None

    def show(self, answer: StatusAnswer) -> None:
        """Write the status, unless only figures that change by themselves are others than before."""
        lasting = structs.replace(answer.status, rate=None, eta_seconds=None, poll_after=None)
        if lasting != self._last:
            self._last = lasting
            self._world.out(one_line(answer))

    def trouble(self, error: ClientError, retry_in: float) -> None:
        """Write a problem on stderr."""
        problem = {"code": error.code, "detail": error.detail, "retryable": True, "retry_in": retry_in}
        self._world.say(json.dumps(problem, ensure_ascii=False))


class PlainLines:
    """A line on stderr now and then, and whenever something is different in kind."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._said_at: float | None = None
        self._kind: tuple[str, str | None] | None = None
        self._in_trouble = False

    def show(self, answer: StatusAnswer) -> None:
        """Say how far the import is, unless that was said moments ago."""
        status = answer.status
        now = self._world.clock.now()
        kind = (status.state, status.waiting.reason if status.waiting and status.counts.waiting else None)
        due = self._said_at is None or now - self._said_at >= LINE_EVERY
        if due or kind != self._kind or is_final(status) or self._in_trouble:
            self._said_at, self._kind, self._in_trouble = now, kind, False
            self._world.say(progress_line(status))

    def trouble(self, error: ClientError, retry_in: float) -> None:
        """Say so, once."""
        if not self._in_trouble:
            self._in_trouble = True
            self._world.say(trouble_line(error, retry_in))


def trouble_line(error: ClientError, retry_in: float) -> str:
    """That no answer came, and what happens now."""
    return f"{error.detail} The import goes on; asking again in {duration(retry_in)}."


def one_line(answer: StatusAnswer) -> str:
    """The status as the server said it, on one line."""
    text = answer.raw.decode("utf-8", "replace")
    if "\n" in text:
        return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    return text
