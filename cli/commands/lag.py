"""`course-accounts lag`."""

from cli.client.standing import ReadModel, read_models
from cli.exits import Exit
from cli.listing import write_list
from cli.parameters import USUAL_OUTPUT, USUAL_SERVER, OutputOptions, ServerOptions, Surroundings
from cli.text.table import table

BLOCK = 100


def lag(
    *,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Show how far each read model is behind the log: records, and the age of the oldest one it lacks.

    Args:
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        return write_list(world, output, read_models(api), ReadModel, _lines, noun="read model", block=BLOCK)


def _lines(models: list[ReadModel]) -> list[str]:
    cells = [
        (
            one.name,
            one.version,
            one.set,
            "not known" if one.records_ahead is None else one.records_ahead,
            "" if one.oldest_unprocessed_seconds is None else f"{one.oldest_unprocessed_seconds:.1f} s",
            one.question,
        )
        for one in models
    ]
    return table(("READ MODEL", "VERSION", "SET", "AHEAD", "OLDEST", "QUESTION"), cells)
