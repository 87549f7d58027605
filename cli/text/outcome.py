"""What became of an import: what failed and why, the equation, what to do next."""

from collections.abc import Sequence

from cli.client.imports import DryRun
from cli.client.models import ImportStatus, Row, Undo
from cli.text.counts import equation
from cli.text.numbers import count, counted
from cli.text.safe import printable
from cli.text.table import table

MOST_ROWS = 50
"""Longer lists are for the failures file."""


def outcome(status: ImportStatus, rows: Sequence[Row]) -> list[str]:
    """The lines of a finished (or not finished) import. `rows`: failed and invalid ones, possibly not all."""
    lines = [*_failed(status, rows), equation(status.counts)]
    if status.counts.failed or status.counts.invalid:
        lines.append(f"To correct them: course-accounts failures {status.uuid} > fixed.csv")
        lines.append(f"To correct one: course-accounts correct {status.uuid} --line LINE --email ADDRESS")
    return lines


def undo_outcome(status: ImportStatus, rows: Sequence[Row]) -> list[str]:
    """The lines of an undo. `rows`: those left alone or not closed, possibly not all."""
    undo = status.undo or Undo()
    lines = [f"Closed: {counted(undo.closed, 'account')}"]
    for name, number, title in (
        ("kept", undo.kept, "Kept"),
        ("failed", undo.failed, "Could not be closed"),
    ):
        if not number:
            continue
        lines.append(f"{title}: {counted(number, 'account')}")
        shown = [row for row in rows if row.closing is not None and row.closing.outcome == name]
        cells = [(row.line or row.row, row.email, row.closing.message) for row in shown if row.closing]
        lines += table(("LINE", "E-MAIL", "WHY"), cells, indent="  ") if cells else []
        lines += [f"  … and {count(number - len(shown))} more"] if number > len(shown) > 0 else []
        hints = {row.closing.hint for row in shown if row.closing and row.closing.hint}
        lines += [f"  {printable(hint)}" for hint in sorted(hints)]
    if undo.open:
        lines.append(f"Still to be closed: {counted(undo.open, 'account')}")
    return [*lines, equation(status.counts)]


def dry_run(found: DryRun) -> list[str]:
    """What an undo would do, for a person to agree to."""
    lines = [f"{counted(found.close, 'account')} would be closed."]
    for number, said in (
        (found.pending, "still in the making: not made, or closed once that is settled."),
        (found.kept, "kept: somebody else asked for it too."),
        (found.nothing, "with nothing to close."),
    ):
        if number:
            lines.append(f"{counted(number, 'row')} {said}")
    return lines


def _failed(status: ImportStatus, rows: Sequence[Row]) -> list[str]:
    number = status.counts.failed + status.counts.invalid
    if not rows:
        return []
    cells = [(row.line or row.row, row.email, _code(row), _message(row)) for row in rows]
    lines = [f"{counted(number, 'row')} without an account, and why:", ""]
    lines += table(("LINE", "E-MAIL", "CODE", "WHY"), cells, indent="  ")
    if number > len(rows):
        lines.append(f"  … and {count(number - len(rows))} more")
    hints = {row.error.code: row.error.hint for row in rows if row.error and row.error.hint}
    lines.append("")
    lines += [f"  {printable(code)}: {printable(hint)}" for code, hint in sorted(hints.items())]
    return [*lines, ""] if hints else lines


def _code(row: Row) -> str:
    return row.error.code if row.error else (row.class_ or row.verdict or "")


def _message(row: Row) -> str:
    return row.error.message if row.error else ""
