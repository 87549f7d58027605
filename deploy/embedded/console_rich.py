"""The console of a person at a terminal."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console as Terminal
from rich.table import Table
from rich.text import Text

from . import overview
from .console import sentence_of
from .overview import Row
from .supervisor import Change, Replaced


class RichConsole:
    """Steps with their times, then a table, the link and what to try next."""

    def __init__(self, out: TextIO) -> None:
        self._terminal = Terminal(file=out, highlight=False, soft_wrap=True)
        self._waiting = self._terminal.status("Starting …", spinner="dots")

    def starting(self) -> None:
        """A sign of life until everything is ready."""
        self._waiting.start()

    def done(self, step: str, seconds: float) -> None:
        """A tick, the step, its time."""
        self._terminal.print(Text.assemble(("  ✓ ", "green"), f"{step:<44}", (f"{seconds:6.1f} s", "dim")))

    def say(self, code: str, sentence: str) -> None:
        """The sentence."""
        del code
        self._terminal.print(Text(sentence, style="yellow"))

    def changed(self, change: Change) -> None:
        """The change in words; good news is green."""
        style = "green" if isinstance(change, Replaced) else "yellow"
        self._terminal.print(Text(sentence_of(change), style=style))

    def ready(self, document: Mapping[str, Any], table: Sequence[Row], seconds: float | None) -> None:
        """Table, link, next commands."""
        self._waiting.stop()
        drawn = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for column in ("service", "address", "process", "log file"):
            drawn.add_column(column, no_wrap=True, overflow="ellipsis" if column == "log file" else "fold")
        home = f"{document['data_dir']}/"
        for row in table:
            drawn.add_row(row.title, row.address, str(row.pid), row.log.removeprefix(home))
        self._terminal.print()
        self._terminal.print(drawn)
        self._terminal.print()
        if seconds is not None:
            self._terminal.print(Text(f"Everything is ready after {seconds:.1f} s.", style="bold green"))
        url = document["web_url"]
        self._terminal.print(Text.assemble("Open  ", (url, f"bold link {url}"), ("  once", "dim")))
        self._terminal.print(Text(f"Data  {document['data_dir']}", style="dim"))
        self._terminal.print(Text(overview.WARNING, style="yellow"))
        self._terminal.print("\nTry next:")
        for command in overview.next_commands(document):
            self._terminal.print(Text(f"  {command}", style="cyan"))
        if seconds is not None:
            self._terminal.print(Text("\nCtrl-C stops everything; the data stays.", style="dim"))

    def close(self) -> None:
        """Give the terminal back as it was."""
        self._waiting.stop()

    def stopped(self, home: Path, seconds: float) -> None:
        """How to go on."""
        self._terminal.print(Text(f"Stopped in {seconds:.1f} s. The data is kept in {home}."))
        self._terminal.print(Text.assemble("Go on with  ", (overview.resume_command(home), "cyan")))
