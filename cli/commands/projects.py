"""`course-accounts projects`."""

from cyclopts import App

from cli.client.projects import decode, list_projects
from cli.examples import EXAMPLES
from cli.exits import Exit
from cli.jsonlist import write_json_list
from cli.parameters import USUAL_OUTPUT, USUAL_SERVER, OutputOptions, ServerOptions, Surroundings
from cli.text.table import table

projects = App(
    name="projects", help="See the projects accounts can be in.", help_prologue=EXAMPLES["projects"]
)


@projects.default
@projects.command(name="list", help_prologue=EXAMPLES["projects list"])
def list_them(
    *,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """List the projects you may see, with their dates.

    Args:
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        if output.json:
            write_json_list(world, list_projects(api))
            return Exit.ALL_DONE
        found = [decode(item) for item in list_projects(api)]
    cells = [(one.name, one.slug, one.start_date, one.end_date, one.uuid) for one in found]
    world.out("\n".join(table(("NAME", "SLUG", "FROM", "UNTIL", "UUID"), cells)))
    return Exit.ALL_DONE
