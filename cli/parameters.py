"""Options that many commands share, and how times are read."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from cyclopts import Group, Parameter, Token

from cli.client.api import Api
from cli.connection import connection
from cli.text.numbers import parse_duration
from cli.world import World

SERVER = Group("Server (default: the installation that runs here)", sort_key=10)
OUTPUT = Group("Output", sort_key=20)

Switch = Annotated[bool, Parameter(negative=(), show_default=False)]
Course = Parameter(name=["--project", "-p"], metavar="PROJECT")
ImportId = Annotated[UUID, Parameter(name="IMPORT")]
Surroundings = Annotated[World, Parameter(parse=False)]


def _seconds(_: Any, tokens: Sequence[Token]) -> float:
    return parse_duration(tokens[0].value)


Duration = Annotated[float | None, Parameter(converter=_seconds, n_tokens=1, metavar="TIME")]


@Parameter(name="*", group=SERVER)
@dataclass(frozen=True, kw_only=True)
class ServerOptions:
    """Which server to speak to."""

    server: Annotated[str | None, Parameter(env_var="COURSE_ACCOUNTS_SERVER", metavar="URL")] = None
    """Address of the server, for example http://127.0.0.1:8090."""

    token: Annotated[str | None, Parameter(env_var="COURSE_ACCOUNTS_TOKEN", metavar="TOKEN")] = None
    """Token to use there. Better in the environment: other users of this machine see options."""

    data_dir: Annotated[Path | None, Parameter(env_var="COURSE_ACCOUNTS_DATA_DIR", metavar="FOLDER")] = None
    """Data directory of a local installation: take address and token from there."""

    set: Annotated[str | None, Parameter(name="--set", metavar="SET")] = None
    """Ask another set of read models than the one in use, for example one that `replay look-back` built."""

    def open(self, world: World) -> AbstractContextManager[Api]:
        """A connection to the server.

        Raises:
            Failure: no server, no token, or it is not clear which is meant.
        """
        found = connection(self.server, self.token, self.data_dir, world.environ)
        return Api(*found, read_model_set=self.set)


@Parameter(name="*", group=OUTPUT)
@dataclass(frozen=True, kw_only=True)
class OutputOptions:
    """How results are shown."""

    json: Switch = False
    """Data as JSON on stdout, errors as problem documents on stderr."""

    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative=(), show_default=False)] = False
    """Only results and errors: no preview, progress or advice."""


USUAL_SERVER = ServerOptions()
USUAL_OUTPUT = OutputOptions()
