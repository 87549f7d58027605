"""`course-accounts failures`."""

from cli.client import imports
from cli.exits import Exit
from cli.jsonlist import write_json_list
from cli.parameters import USUAL_OUTPUT, USUAL_SERVER, ImportId, OutputOptions, ServerOptions, Surroundings


def failures(
    import_id: ImportId,
    /,
    *,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Write the rows without an account as a CSV file.

    Correct it and import it again. It has your columns and, for each row, its line, the error code and a
    sentence; those extra columns are ignored when the file comes back.

    Args:
        import_id: Id of the import.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        if output.json:
            classes = ("failed", "invalid")
            items = (item for name in classes for item in imports.raw_rows(api, import_id.hex, name))
            write_json_list(world, items)
            return Exit.ALL_DONE
        with imports.failures(api, import_id.hex) as pieces:
            for piece in pieces:
                world.stdout.buffer.write(piece)
        world.stdout.buffer.flush()
    return Exit.ALL_DONE
