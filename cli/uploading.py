"""From a file, or what somebody pasted, to a draft that the server has read: sent, read, read again in another way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from cli.client import drafts
from cli.client.api import Api
from cli.client.draft_models import Draft
from cli.client.errors import Refused
from cli.client.models import Project
from cli.errors import Failure
from cli.exits import Exit
from cli.patience import patiently
from cli.reading_options import options_for
from cli.text.safe import printable
from cli.world import World

if TYPE_CHECKING:
    from cli.importing import Order

BAR_FROM_BYTES = 1_000_000


@contextmanager
def opened(world: World, path: Path | None) -> Iterator[BinaryIO]:
    """The bytes of a file, or all of standard input when there is no path.

    Raises:
        Failure: the file is not there, or cannot be read.
    """
    if path is None:
        yield BytesIO(world.stdin.buffer.read())
        return
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise Failure(Exit.ERROR, "NO_SUCH_FILE", f"There is no file {path}.") from error
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise Failure(Exit.ERROR, "FILE_UNREADABLE", f"{path} cannot be opened: {reason}.") from error
    with file:
        yield file


def read_file(
    world: World,
    api: Api,
    order: "Order",
    file: BinaryIO,
    project: Project,
    deadline: float | None,
    *,
    quiet: bool,
) -> Draft:
    """Upload the file and wait until it is read; still `reading` when the deadline comes first.

    Raises:
        Failure: it cannot be read; the hint says which options may help.
        ClientError: the server refused something else, or cannot be reached.
    """
    reading = order.reading
    try:
        draft = _sent(world, api, order, file, project, quiet=quiet)
        if not reading.by_heading:
            return _read(world, api, draft, deadline, quiet=quiet)
        headings = _read(world, api, draft, deadline, quiet=quiet).file.headings
    except Refused as error:
        if error.status != 422 or error.draft is None:
            raise
        if not (reading.by_heading and error.choices):
            raise _unreadable(error.code, error.detail, error.choices) from error
        draft = drafts.read_draft(api, error.draft)
        headings = draft.file.headings
    try:
        again = drafts.read_again(api, draft.uuid, reading.choices(headings))
        return _read(world, api, again, deadline, quiet=quiet)
    except Refused as error:
        if error.status != 422:
            raise
        raise _unreadable(error.code, error.detail, error.choices) from error


def _sent(world: World, api: Api, order: "Order", file: BinaryIO, project: Project, *, quiet: bool) -> Draft:
    size = file.seek(0, 2)
    choices = order.reading.choices()

    def send(on_bytes: Callable[[int], None]) -> Draft:
        file.seek(0)
        return drafts.create_draft(
            api, file, order.name, project.uuid, on_bytes, choices=choices, pasted=order.pasted
        )

    def once() -> Draft:
        if quiet or not world.animated or size < BAR_FROM_BYTES:
            return send(_ignore)
        from cli.watch.bar import Upload

        with Upload(world, printable(order.name), size) as bar:
            return send(bar.sent)

    return patiently(world, once, lost=False, quiet=quiet)


def _read(world: World, api: Api, draft: Draft, deadline: float | None, *, quiet: bool) -> Draft:
    pause = 0.2
    with _progress(world, draft, quiet=quiet) as moved:
        while draft.state == "reading":
            if deadline is not None and world.clock.now() + pause > deadline:
                return draft
            world.clock.sleep(pause)
            pause = min(pause * 1.5, 2)
            draft = drafts.read_draft(api, draft.uuid)
            moved(draft)
    if draft.state == "previewed":
        return draft
    if draft.error is None:
        raise Failure(
            Exit.ERROR, "FILE_REJECTED", f"The file cannot be imported: its draft is {draft.state}."
        )
    raise _unreadable(draft.error.code, draft.error.detail, draft.error.choices or {})


def _progress(world: World, draft: Draft, *, quiet: bool) -> Any:
    """What hears of each look at a draft that is being read."""
    if quiet or draft.state != "reading" or not world.animated:
        return nullcontext(_ignore)
    from cli.watch.bar import BeingRead

    return BeingRead(world, draft)


def _unreadable(code: str, detail: str, choices: Any) -> Failure:
    options = options_for(choices)
    hint = f"To read it after all, add: {options}" if options else ""
    return Failure(Exit.ERROR, code, detail, hint)


def _ignore(_: object) -> None:
    pass
