"""What a person may choose when starting the embedded stack."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from .errors import StackError

DEFAULT_PORT = 8090
MOST_COPIES = 12
"""As many as the log has partitions: a further copy would have nothing to read."""
COPYABLE = ("importer", "provisioner", "projector")

_NONE: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class UpOptions:
    """Options of `course-accounts up`.

    Attributes:
        data_dir: where everything is kept; None for the user's own data folder.
        port: of the one address for clients; None for 8090, or the next free one.
        ready_file: written when everything is ready, removed at the end.
        copies: processes by service, where not one.
        account_service: address of a service of one's own (with its token address), instead of the simulated one.
        account_service_token_url: where that service gives out access tokens.
        status: only show what is running on the data directory.
        json: one JSON object a line instead of text.
        open_page: open the page where there is a screen, and the output is a terminal.
    """

    data_dir: Path | None = None
    port: int | None = None
    ready_file: Path | None = None
    copies: Mapping[str, int] = field(default_factory=lambda: _NONE)
    account_service: str | None = None
    account_service_token_url: str | None = None
    status: bool = False
    json: bool = False
    open_page: bool = False

    def home(self) -> Path:
        """The data directory, absolute."""
        return (self.data_dir or default_data_dir()).expanduser().absolute()

    def checked(self) -> "UpOptions":
        """These options, if they fit together.

        Raises:
            StackError: USAGE.
        """
        if self.port is not None and not 0 < self.port < 65536:
            raise _usage(f"{self.port} is not a port.", "Ports are numbers from 1 to 65535.")
        if (self.account_service is None) != (self.account_service_token_url is None):
            raise _usage(
                "An account service of your own needs both its address and its token address.",
                "Give --account-service and --account-service-token-url together, or neither.",
            )
        for url in (self.account_service, self.account_service_token_url):
            if url is not None and not url.startswith(("http://", "https://")):
                raise _usage(f"{url} is not a web address.", "It begins with http:// or https://.")
        for name, count in self.copies.items():
            _check_copies(name, count)
        return self


def default_data_dir() -> Path:
    """`$XDG_DATA_HOME/course-accounts`, or the same under `~/.local/share`."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "course-accounts"


def parse_copies(words: Iterable[str]) -> dict[str, int]:
    """Read `provisioner=2` and the like; the last word about a service counts.

    Raises:
        StackError: USAGE.
    """
    copies: dict[str, int] = {}
    for word in words:
        name, equals, count = word.partition("=")
        if not equals or not count.isascii() or not count.isdigit():
            raise _usage(f"'{word}' is not a number of copies.", "Write it like this: --copies provisioner=2")
        copies[name] = int(count)
        _check_copies(name, copies[name])
    return copies


def _check_copies(name: str, count: int) -> None:
    if name not in COPYABLE:
        raise _usage(f"There is no service '{name}' to copy.", f"Possible: {', '.join(COPYABLE)}.")
    if not 1 <= count <= MOST_COPIES:
        raise _usage(
            f"{count} copies of the {name} are not possible.", f"From 1 to {MOST_COPIES}, one a partition."
        )


def _usage(sentence: str, hint: str) -> StackError:
    return StackError("USAGE", sentence, hint)
