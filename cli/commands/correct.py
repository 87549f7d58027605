"""`course-accounts correct`."""

from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from cli.client import imports
from cli.client.api import Api
from cli.errors import Failure
from cli.exits import Exit
from cli.parameters import (
    USUAL_OUTPUT,
    USUAL_SERVER,
    ImportId,
    OutputOptions,
    ServerOptions,
    Surroundings,
    Switch,
)
from cli.text.safe import printable


def correct(
    import_id: ImportId,
    row: Annotated[int | None, Parameter(name="ROW", validator=Number(gte=1))] = None,
    /,
    *,
    line: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
    email: str | None = None,
    description: str | None = None,
    confirm: Switch = False,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Correct a failed or invalid row of an import; it then runs again.

    For many rows: write the failures to a file, correct it, and import that.

    Args:
        import_id: Id of the import.
        row: Number of the row, as the failures file shows it.
        line: The row that begins on this line of the file, instead of ROW.
        email: The address as it should be.
        description: The description as it should be.
        confirm: The address is meant as it is, although it looks odd.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    cells = {"email": email, "description": description, "confirmed": confirm or None}
    given = {name: value for name, value in cells.items() if value is not None}
    if not given:
        raise Failure(
            Exit.USAGE, "NOTHING_TO_CORRECT", "Say what to correct: --email, --description or --confirm."
        )
    if (row is None) == (line is None):
        raise Failure(Exit.USAGE, "WHICH_ROW", "Say which row: either ROW or --line.")
    with server.open(world) as api:
        if row is None:
            row = _row_on(api, import_id.hex, line)
        found, raw = imports.correct(api, import_id.hex, row, given)
    if output.json:
        world.out(raw.decode())
    elif not output.quiet:
        email_now = printable(found.email or "")
        world.out(f"Row {found.row}, {email_now}: {found.class_} (revision {found.revision})")
    return Exit.ALL_DONE


def _row_on(api: Api, import_id: str, line: int | None) -> int:
    """The row without an account that begins on `line`."""
    found = imports.rows(api, import_id, page_size=300, **{"class": ["failed", "invalid"]})
    for row in found:
        if row.line == line:
            return row.row
    raise Failure(
        Exit.NOT_FOUND, "NO_SUCH_ROW", f"No failed or invalid row of this import begins on line {line}."
    )
