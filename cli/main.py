"""Entry point: run the command, turn whatever happens into an exit code and a sentence.

Help pages are answered from a file that is generated from the commands (and compared with them by a test):
building one costs half a second of imports, reading one nothing.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from cli.errors import Shown
    from cli.world import World

_HELP = frozenset({"--help", "-h"})
_PAGES = Path(__file__).with_name("help.json")
_PIPE_CLOSED = 141


def main() -> NoReturn:
    """Run the program with the arguments of this process."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    arguments = sys.argv[1:]
    try:
        page = help_page(arguments)
        if page is not None:
            sys.stdout.write(page)
            code = 0
        else:
            from cli.world import World

            code = run(arguments, World())
        sys.stdout.flush()
    except BrokenPipeError:
        # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = _PIPE_CLOSED
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted.\n")
        code = 130
    raise SystemExit(code)


def help_page(arguments: Sequence[str]) -> str | None:
    """The help page asked for, if the arguments ask for nothing else."""
    if not arguments:
        name = ""
    elif arguments[-1] in _HELP:
        name = " ".join(arguments[:-1])
    else:
        return None
    pages: dict[str, list[str]] = json.loads(_PAGES.read_bytes())
    lines = pages.get(name)
    return None if lines is None else "\n".join(lines) + "\n"


def run(arguments: Sequence[str], world: "World") -> int:
    """Run one command in these surroundings; returns the exit code."""
    from cyclopts import CycloptsError

    from cli.app import app
    from cli.client.errors import ClientError
    from cli.errors import Failure, shown_of

    as_json = "--json" in arguments
    # A lone hyphen looks like an option to the parser; this is what it means wherever a file is named.
    words = ["/dev/stdin" if word == "-" else word for word in arguments]
    try:
        command, bound, ignored = app.parse_args(words, exit_on_error=False, print_error=False)
        result = command(*bound.args, **bound.kwargs, **dict.fromkeys(ignored, world))
        return int(result or 0)
    except CycloptsError as error:
        shown = _usage(error)
    except Failure as error:
        shown = error.shown
    except ClientError as error:
        shown = shown_of(error)
    world.say(shown.problem() if as_json else shown.text())
    return int(shown.exit)


def _usage(error: Exception) -> "Shown":
    from cli.errors import Shown
    from cli.exits import Exit

    return Shown(Exit.USAGE, "USAGE", str(error).strip(), "Help: course-accounts COMMAND --help")


if __name__ == "__main__":
    main()
