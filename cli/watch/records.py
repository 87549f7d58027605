"""How far an export, a check or a restore is: a bar on a terminal, a line now and then in a log."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from cli.text.archive import records_line
from cli.watch.quiet import LINE_EVERY
from cli.world import World


class Records(Protocol):
    """Hears of each stage and of the records done in it."""

    def stage(self, name: str, records: int) -> None:
        """Begin with something else: what, and how many records it is about."""

    def done(self, records: int) -> None:
        """So many records more are done in this stage."""

    def still(self) -> None:
        """Draw nothing until the next stage: somebody is asked a question."""


class _Nothing:
    def stage(self, name: str, records: int) -> None:
        """Say nothing."""

    def done(self, records: int) -> None:
        """Say nothing."""

    def still(self) -> None:
        """Go on saying nothing."""


class _Counting:
    """How far a stage is, and since when it goes on."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._name = ""
        self.total = self.at = 0
        self._began = 0.0

    def stage(self, name: str, records: int) -> None:
        """Begin with something else."""
        self._name, self.total, self.at = name, records, 0
        self._began = self.world.clock.now()
        self.moved()

    def done(self, records: int) -> None:
        """Count and show."""
        self.at += records
        self.moved()

    def said(self) -> str:
        """The stage in a line."""
        elapsed = self.world.clock.now() - self._began
        return records_line(self._name, self.at, self.total, elapsed)

    def moved(self) -> None:
        """Show that so many are done; the first time, none."""

    def still(self) -> None:
        """Nothing moves here."""


class Lines(_Counting):
    """A line every ten seconds."""

    _said_at = 0.0

    def moved(self) -> None:
        """Say how far it is, unless that was said moments ago or the stage has just begun."""
        now = self.world.clock.now()
        if not self.at:
            self._said_at = now
        elif now - self._said_at >= LINE_EVERY:
            self._said_at = now
            self.world.say(self.said())


@contextmanager
def records(world: World, *, quiet: bool) -> Iterator[Records]:
    """Whoever tells of progress here."""
    if quiet:
        yield _Nothing()
    elif not world.animated:
        yield Lines(world)
    else:
        with _bar(world) as bar:
            yield bar


@contextmanager
def _bar(world: World) -> Iterator[Records]:
    # only wanted where something moves
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (BarColumn(bar_width=24), TextColumn("{task.fields[said]}", markup=False))
    console = Console(file=world.stderr, highlight=False, markup=False)
    with Progress(*columns, console=console, transient=True, refresh_per_second=4) as progress:
        task = progress.add_task("", total=None, said="")

        class Bar(_Counting):
            def still(self) -> None:
                progress.stop()

            def moved(self) -> None:
                progress.start()
                progress.update(task, total=self.total, completed=self.at, said=self.said())

        yield Bar(world)
