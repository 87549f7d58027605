"""What `course-accounts up` says: on a terminal, in plain lines, or as JSON lines."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol, TextIO

from . import overview
from .overview import Row
from .service_process import how_it_ended
from .supervisor import Change, Ended, NotReplaced, Replaced


class Console(Protocol):
    """Hears what happens, in order, and tells a person or a program."""

    def starting(self) -> None:
        """The start begins."""

    def done(self, step: str, seconds: float) -> None:
        """A step of the start is finished."""

    def say(self, code: str, sentence: str) -> None:
        """Something worth a sentence; `code` for programs."""

    def changed(self, change: Change) -> None:
        """A process ended, or was replaced."""

    def ready(self, document: Mapping[str, Any], table: Sequence[Row], seconds: float | None) -> None:
        """Everything is ready (after `seconds`), or was already (None)."""

    def stopped(self, home: Path, seconds: float) -> None:
        """Everything has ended."""

    def close(self) -> None:
        """Nothing more will be said."""


def console_for(*, as_json: bool, out: TextIO = sys.stdout) -> Console:
    """The console that fits where the output goes."""
    if as_json:
        return JsonConsole(out)
    if out.isatty():
        from .console_rich import RichConsole

        return RichConsole(out)
    return PlainConsole(out)


def sentence_of(change: Change) -> str:
    """A change in words."""
    match change:
        case Ended(label, pid, code, again_in, log):
            how = how_it_ended(code)
            again = f"Starting it again in {again_in:.1f} s. Log: {log}"
            return f"{_named(label)} (process {pid}) has stopped: {how}. {again}"
        case Replaced(label, pid, seconds):
            return f"{_named(label)} is ready again as process {pid}, after {seconds:.1f} s."
        case NotReplaced(_, error, again_in):
            return f"{error} Next try in {again_in:.0f} s."


def _named(label: str) -> str:
    words = label.replace("_", " ")
    return words[:1].upper() + words[1:]


class PlainConsole:
    """Lines of text, for logs and pipes."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def starting(self) -> None:
        """Nothing to say yet."""

    def done(self, step: str, seconds: float) -> None:
        """One line a step."""
        self._line(f"ready in {seconds:5.1f} s  {step}")

    def say(self, code: str, sentence: str) -> None:
        """The sentence."""
        del code
        self._line(sentence)

    def changed(self, change: Change) -> None:
        """The change in words."""
        self._line(sentence_of(change))

    def ready(self, document: Mapping[str, Any], table: Sequence[Row], seconds: float | None) -> None:
        """Table, link, next commands."""
        widths = [
            max(map(len, column)) for column in zip(*((r.title, r.address) for r in table), strict=True)
        ]
        self._line("")
        for row in table:
            self._line(f"{row.title:{widths[0]}}  {row.address:{widths[1]}}  process {row.pid:<8} {row.log}")
        self._line("")
        if seconds is not None:
            self._line(f"Everything is ready after {seconds:.1f} s.")
        self._line(f"Address, to be opened once: {document['web_url']}")
        self._line(f"Data: {document['data_dir']}")
        self._line(overview.WARNING)
        self._line("Try next:")
        for command in overview.next_commands(document):
            self._line(f"  {command}")

    def stopped(self, home: Path, seconds: float) -> None:
        """How to go on."""
        self._line(f"Stopped in {seconds:.1f} s. The data is kept in {home}.")
        self._line(f"Go on with: {overview.resume_command(home)}")

    def close(self) -> None:
        """Nothing is held."""

    def _line(self, text: str) -> None:
        print(text, file=self._out, flush=True)


class JsonConsole:
    """One JSON object a line, each with an `event`."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def starting(self) -> None:
        """`starting`."""
        self._event("starting")

    def done(self, step: str, seconds: float) -> None:
        """`step_done`."""
        self._event("step_done", step=step, seconds=round(seconds, 3))

    def say(self, code: str, sentence: str) -> None:
        """`note`."""
        self._event("note", code=code, sentence=sentence)

    def changed(self, change: Change) -> None:
        """`process_ended`, `process_replaced` or `process_not_replaced`."""
        said = sentence_of(change)
        match change:
            case Ended(label, pid, code, again_in, log):
                self._event("process_ended", process=label, pid=pid, exit_code=code, again_in=again_in,
                            log=str(log), sentence=said)  # fmt: skip
            case Replaced(label, pid, seconds):
                self._event("process_replaced", process=label, pid=pid, seconds=seconds, sentence=said)
            case NotReplaced(label, error, again_in):
                self._event("process_not_replaced", process=label, code=error.code, again_in=again_in,
                            sentence=said)  # fmt: skip

    def ready(self, document: Mapping[str, Any], table: Sequence[Row], seconds: float | None) -> None:
        """`ready`, with everything the ready file says."""
        self._event("ready", **{**document, "services": [asdict(row) for row in table]}, seconds=seconds)

    def stopped(self, home: Path, seconds: float) -> None:
        """`stopped`."""
        self._event("stopped", data_dir=str(home), seconds=round(seconds, 3))

    def close(self) -> None:
        """Nothing is held."""

    def _event(self, event: str, **data: Any) -> None:
        print(json.dumps({"event": event, **data}, ensure_ascii=False), file=self._out, flush=True)
