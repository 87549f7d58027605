"""Which server to speak to, and with which token."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from cli.errors import Failure
from cli.exits import Exit
from cli.running import READY_FILE, Ready, default_data_dir, read_ready, running


class Connection(NamedTuple):
    """An address and the token to use there."""

    url: str
    token: str


def connection(
    server: str | None, token: str | None, data_dir: Path | None, environ: Mapping[str, str]
) -> Connection:
    """What was said outright counts first, then what the local installation says of itself.

    Raises:
        Failure: 7 when there is no server, 4 when there is no token, 2 when it is not clear which is meant.
    """
    if server and token:
        return Connection(_address(server), token)
    ready = _local(data_dir, environ, required=server is None)
    if server is None:
        assert ready is not None  # noqa: S101 - `required` says so
        return Connection(ready.url, token or ready.token)
    address = _address(server)
    if ready is not None and ready.url.rstrip("/") == address.rstrip("/"):
        return Connection(address, ready.token)
    raise Failure(
        Exit.NOT_ALLOWED,
        "NO_TOKEN",
        f"There is no token for {address}.",
        "Give one with --token or in COURSE_ACCOUNTS_TOKEN.",
    )


def _address(server: str) -> str:
    if not server.startswith(("http://", "https://")):
        raise Failure(
            Exit.USAGE,
            "BAD_SERVER_ADDRESS",
            f"{server} is not the address of a server.",
            "It looks like http://127.0.0.1:8080.",
        )
    return server


def _local(data_dir: Path | None, environ: Mapping[str, str], *, required: bool) -> Ready | None:
    where = data_dir or only_one(environ, required=required)
    ready = read_ready(where / READY_FILE)
    if ready is None and required:
        raise Failure(
            Exit.UNREACHABLE,
            "NO_SERVER",
            "No server is named, and no local installation runs"
            + (f" in {data_dir}." if data_dir else " here."),
            "Start one with `course-accounts up`, or name one with --server and --token "
            "(or COURSE_ACCOUNTS_SERVER and COURSE_ACCOUNTS_TOKEN).",
        )
    return ready


def only_one(environ: Mapping[str, str], *, required: bool) -> Path:
    """The data directory of the installation that runs here, else the usual one.

    Raises:
        Failure: 2 when several run, and none of them is the usual one.
    """
    usual = default_data_dir(environ)
    found = running(environ)
    if len(found) > 1 and usual not in found and required:
        raise Failure(
            Exit.USAGE,
            "WHICH_SERVER",
            f"{len(found)} local installations run: {', '.join(map(str, found))}.",
            "Name one with --data-dir.",
        )
    return found[0] if len(found) == 1 else usual
