"""What a draft would do, for a person to look at before anything is created."""

from collections.abc import Mapping, Sequence

from cli.client.draft_models import Draft, Verdicts
from cli.client.models import IfClosed, IfErred, Row
from cli.text import advice
from cli.text.numbers import count, counted
from cli.text.safe import printable
from cli.text.table import table


def to_create(verdicts: Verdicts, if_erred: IfErred, if_closed: IfClosed) -> int:
    """How many accounts the submission would ask for, with these choices."""
    wanted = verdicts.new
    if if_erred == "retry":
        wanted += verdicts.existing_erred
    if if_closed == "reopen":
        wanted += verdicts.existing_closed
    return wanted


def preview(
    draft: Draft,
    name: str,
    project: str,
    *,
    if_erred: IfErred,
    if_closed: IfClosed,
    examples: Mapping[str, Sequence[Row]],
) -> list[str]:
    """The lines of a preview. `examples`: the first rows by verdict or code, for those worth a look."""
    lines = [f"{printable(name)}: {counted(draft.rows, 'row')} for {printable(project)}"]
    lines += advice.how_it_was_read(draft.file)
    verdicts = draft.verdicts
    erred = "will be tried again" if if_erred == "retry" else "left as it is (--if-erred leave)"
    closed = "will be opened again" if if_closed == "reopen" else "left as it is (--if-closed leave)"
    for verdict, of_one, of_many in (
        ("new", "will be created", "will be created"),
        ("existing_ok", "has an account already: nothing to do", "have an account already: nothing to do"),
        (
            "existing_pending",
            "is being created already: nothing to do",
            "are being created already: nothing to do",
        ),
        ("existing_erred", f"failed before: {erred}", f"failed before: {erred}"),
        ("existing_closed", f"was closed: {closed}", f"were closed: {closed}"),
        ("duplicate", "repeats an address of this file: skipped", "repeat an address of this file: skipped"),
        ("invalid", "is invalid: skipped", "are invalid: skipped"),
    ):
        number = getattr(verdicts, verdict)
        if not number:
            continue
        lines.append(f"  {count(number):>7}  {of_one if number == 1 else of_many}")
        lines += [f"             {line}" for line in _examples(examples.get(verdict, ()), number)]
    lines += [
        f"  Note{_at(note.line)}: {printable(note.message)}"
        for note in draft.notes
        if note.code != "ENCODING_GUESSED"  # said above, with the option that changes it
    ]
    if causes := list(advice.problems(draft, examples)):
        lines += ["  What is wrong or worth a look:", *causes]
    return lines


def _examples(rows: Sequence[Row], number: int) -> list[str]:
    shown = [(f"line {row.line or row.row}", row.email or "–", _why(row)) for row in rows]
    if not shown:
        return []
    lines = table(shown[0], shown[1:])
    more = number - len(rows)
    return [*lines, f"… and {count(more)} more"] if more > 0 else lines


def _why(row: Row) -> str:
    if row.error:
        return row.error.message or row.error.code
    return row.notes[0].message if row.notes else ""


def _at(line: int | None) -> str:
    return f" (line {line})" if line else ""
