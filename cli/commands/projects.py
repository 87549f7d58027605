"""`course-accounts projects`: looking. What changes something is in `project_orders`."""

from cyclopts import App

from cli.client.project_records import show as read_record
from cli.client.projects import decode, list_projects
from cli.commands.project_orders import Kind, Name, add, delete, end, extend, set_, shown
from cli.examples import EXAMPLES
from cli.exits import Exit
from cli.finding import find_project
from cli.jsonlist import write_json_list
from cli.parameters import USUAL_OUTPUT, USUAL_SERVER, OutputOptions, ServerOptions, Surroundings
from cli.text.table import table

projects = App(
    name="projects",
    help="See the projects accounts can be in; add, change, extend, end or delete one.",
    help_prologue=EXAMPLES["projects"],
)
projects.command(add, name="add", help_prologue=EXAMPLES["projects add"])
projects.command(set_, name="set", help_prologue=EXAMPLES["projects set"])
projects.command(extend, name="extend", help_prologue=EXAMPLES["projects extend"])
projects.command(end, name="end", help_prologue=EXAMPLES["projects end"])
projects.command(delete, name="delete", help_prologue=EXAMPLES["projects delete"])


@projects.default
@projects.command(name="list", help_prologue=EXAMPLES["projects list"])
def list_them(
    *,
    text: str | None = None,
    kind: Kind | None = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """List the projects you may see, with their dates.

    Args:
        text: Only those with this in the name, in any case.
        kind: Only those of this kind.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        if output.json:
            write_json_list(world, list_projects(api, kind=kind, text=text))
            return Exit.ALL_DONE
        found = [decode(item) for item in list_projects(api, kind=kind, text=text)]
    cells = [(one.name, one.slug, one.start_date, one.end_date, one.uuid) for one in found]
    world.out("\n".join(table(("NAME", "SLUG", "FROM", "UNTIL", "UUID"), cells)))
    return Exit.ALL_DONE


@projects.command(name="show", help_prologue=EXAMPLES["projects show"])
def show(
    project: Name,
    /,
    *,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Show a project: its dates, and everybody who has a role in it.

    Args:
        project: Its name, slug or uuid.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        return shown(world, output, read_record(api, find_project(api, project).uuid))
