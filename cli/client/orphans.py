"""The comparison of our accounts with those of the account service."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from cli.client.api import Api
from cli.client.errors import ClientError, Unintelligible

_PATH = "/api/target/orphans/"


class Orphan(msgspec.Struct, frozen=True):
    """An account that only one side knows as live: `target` or `ours`."""

    where: str
    username: str
    email: str | None = None
    scope: str | None = None
    account_uuid: str | None = None
    checked: bool = False


class _Line(msgspec.Struct, frozen=True):
    type: str
    complete: bool = True
    code: str = ""
    message: str = ""
    hint: str = ""


_LINE = msgspec.json.Decoder(_Line)
_ORPHAN = msgspec.json.Decoder(Orphan)


def list_orphans(api: Api, on_cut: Callable[[], None]) -> Iterator[bytes]:
    """The orphans, each as its JSON bytes, as they are found.

    Args:
        api: the server.
        on_cut: told if there are more orphans than are listed.

    Raises:
        ClientError: the account service could not be compared to the end.
    """
    with api.stream(_PATH) as pieces:
        for text in _lines(pieces):
            try:
                line = _LINE.decode(text)
                orphan = msgspec.json.encode(_ORPHAN.decode(text)) if line.type == "orphan" else None
            except msgspec.DecodeError:
                raise Unintelligible("NOT_OUR_API", "The server's answer is not this API's.") from None
            if orphan is not None:
                yield orphan
            elif line.type == "error":
                raise ClientError(line.code, line.message, line.hint)
            elif line.type == "finished":
                if not line.complete:
                    on_cut()
                return
    raise ClientError("BROKEN_OFF", "The comparison broke off before its end.", "Try again.")


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
