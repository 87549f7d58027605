"""The live progress bar on a terminal. The only module of this program that draws."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn

from cli.client.draft_models import Draft
from cli.client.errors import ClientError
from cli.client.models import StatusAnswer
from cli.text.counts import done, tallies, tally_of_undo, waiting_reason
from cli.text.numbers import counted, duration
from cli.watch.quiet import trouble_line
from cli.world import World


class Bar:
    """Counts, rate, time left, and what is waited for; troubles stay readable above it."""

    def __init__(self, world: World, total: int | None = None) -> None:
        console = Console(file=world.stderr, highlight=False, markup=False)
        self._progress = Progress(
            SpinnerColumn(),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[said]}", markup=False),
            console=console,
            transient=True,
            refresh_per_second=4,
        )
        self._task: TaskID = self._progress.add_task("", total=total, said="")
        self._in_trouble = False

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, answer: StatusAnswer) -> None:
        """Move the bar."""
        status = answer.status
        said = ", ".join(tallies(status.counts))
        if status.state in ("undoing", "undone") and status.undo is not None:
            said = f"{status.state}: {tally_of_undo(status.undo)}"
        if status.rate:
            said += f" · {status.rate:,.0f} rows/s"
        if status.eta_seconds is not None:
            said += f" · {duration(status.eta_seconds)} left"
        if reason := waiting_reason(status):
            said += f"\n{reason}"
        self._in_trouble = False
        self._progress.update(self._task, total=status.counts.rows, completed=done(status.counts), said=said)

    def trouble(self, error: ClientError, retry_in: float) -> None:
        """Say so above the bar, once."""
        if not self._in_trouble:
            self._in_trouble = True
            self._progress.console.print(trouble_line(error, retry_in))


class JobBar:
    """How many accounts of a job are decided."""

    def __init__(self, world: World) -> None:
        console = Console(file=world.stderr, highlight=False, markup=False)
        self._progress = Progress(
            SpinnerColumn(),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[said]}", markup=False),
            console=console,
            transient=True,
            refresh_per_second=4,
        )
        self._task = self._progress.add_task("", total=None, said="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, done: int, total: int, said: str) -> None:
        """Move the bar."""
        self._progress.update(self._task, total=total, completed=done, said=said)


class BeingRead:
    """How much of an uploaded file the server has read."""

    def __init__(self, world: World, draft: Draft) -> None:
        console = Console(file=world.stderr, highlight=False, markup=False)
        self._progress = Progress(
            TextColumn("Reading"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %  {task.fields[said]}", markup=False),
            console=console,
            transient=True,
            refresh_per_second=4,
        )
        self._task = self._progress.add_task("", total=max(draft.file.bytes, 1), said="")

    def __enter__(self) -> Callable[[Draft], None]:
        self._progress.start()
        return self.show

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, draft: Draft) -> None:
        """Move the bar."""
        said = counted(draft.rows, "row") if draft.rows else ""
        self._progress.update(self._task, completed=draft.file.bytes_read, said=said)


class Upload:
    """How much of a file is sent."""

    def __init__(self, world: World, name: str, size: int) -> None:
        console = Console(file=world.stderr, highlight=False, markup=False)
        self._progress = Progress(
            TextColumn("Sending {task.fields[name]}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %"),
            console=console,
            transient=True,
            refresh_per_second=4,
        )
        self._task = self._progress.add_task("", total=size, name=name)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def sent(self, count: int) -> None:
        """So many more bytes are sent."""
        self._progress.advance(self._task, count)
