"""`course-accounts demo`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cli.parameters import Surroundings, Switch
from cli.running import noted
from cli.stack import explained


def demo(
    *,
    once: Switch = False,
    port: int | None = None,
    data_dir: Annotated[Path | None, Parameter(env_var="COURSE_ACCOUNTS_DATA_DIR", metavar="FOLDER")] = None,
    world: Surroundings,
) -> int:
    """Start everything, import a sample course of 300 rows, show what became of each.

    The sample goes into the first demo project; every outcome occurs in it. Stays up until Ctrl-C.

    Args:
        once: End by itself after the import.
        port: Port of the web address; the usual one, or the next free one, when not given.
        data_dir: Where everything is kept.
        world: The surroundings.
    """
    with explained():
        # the stack's code is not wanted by any other command
        from cli.demonstration import demonstrate
        from deploy.embedded.options import UpOptions

        options = UpOptions(data_dir=data_dir, port=port).checked()
        with noted(options.home(), world.environ):
            return demonstrate(world, options, once=once)
