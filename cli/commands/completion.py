"""`course-accounts completion`."""

from typing import Literal

from cli.exits import Exit
from cli.parameters import Surroundings


def completion(shell: Literal["bash", "zsh", "fish"], /, *, world: Surroundings) -> Exit:
    """Write the completion script of a shell on stdout.

    Args:
        shell: The shell.
        world: The surroundings.
    """
    from cli.app import app

    world.out(app.generate_completion(shell=shell))
    return Exit.ALL_DONE
