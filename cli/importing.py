"""`course-accounts import`, step by step: project, upload, preview, question, submission, wait, outcome."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cli.client import drafts
from cli.client.api import Api
from cli.client.models import Draft, IfClosed, IfErred, Project, Row, StatusAnswer
from cli.errors import Failure
from cli.exits import Exit
from cli.finding import find_project
from cli.following import Following
from cli.patience import patiently
from cli.text.numbers import counted
from cli.text.preview import preview, to_create
from cli.text.safe import printable
from cli.world import World

EXAMPLES = 3
BAR_FROM_BYTES = 1_000_000


@dataclass(frozen=True)
class Order:
    """What is asked for. `timeout` in seconds from the start of the command."""

    file: Path
    project: str
    wait: bool = False
    timeout: float | None = None
    if_erred: IfErred = "retry"
    if_closed: IfClosed = "reopen"
    yes: bool = False


@dataclass
class _Stage:
    """What a person has to know when they interrupt now."""

    words: str = "Interrupted. Nothing was created."


def run_import(world: World, api: Api, order: Order, *, json: bool = False, quiet: bool = False) -> Exit:
    """Import a file; returns how it ended.

    Raises:
        Failure: the file or the project is not there.
        ClientError: the server refused something or cannot be reached.
    """
    stage = _Stage()
    try:
        return _run(world, api, order, stage, json=json, quiet=quiet)
    except KeyboardInterrupt:
        world.say(f"\n{stage.words}")
        return Exit.INTERRUPTED


def _run(world: World, api: Api, order: Order, stage: _Stage, *, json: bool, quiet: bool) -> Exit:
    deadline = None if order.timeout is None else world.clock.now() + order.timeout
    with ExitStack() as stack:
        file = stack.enter_context(_opened(order.file))
        project = find_project(api, order.project)
        draft = _upload(world, api, order.file, file, project, quiet=json or quiet)
    draft = _previewed(world, api, draft, deadline)
    if draft.state == "reading":
        world.say(f"{printable(order.file.name)} is still being read; nothing was submitted.")
        return Exit.STILL_RUNNING
    if not (json or quiet):
        _show_preview(world, api, order, draft, project)
    if not _agreed(world, order, draft):
        world.say("Nothing was created.")
        return Exit.DECLINED
    stage.words = (
        f"Interrupted. Whether import {draft.uuid} was submitted is shown by: "
        f"course-accounts status {draft.uuid}"
    )
    submitted = _submit(world, api, order, draft, quiet=json or quiet)
    following = Following(world, api, submitted.status.uuid, json=json, quiet=quiet)
    stage.words = following.goodbye("Interrupted.")
    if not order.wait:
        return following.only_submitted(submitted)
    return following.until_finished(deadline, submitted=submitted)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise Failure(Exit.ERROR, "NO_SUCH_FILE", f"There is no file {path}.") from error
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise Failure(Exit.ERROR, "FILE_UNREADABLE", f"{path} cannot be opened: {reason}.") from error
    with file:
        yield file


def _upload(world: World, api: Api, path: Path, file: BinaryIO, project: Project, *, quiet: bool) -> Draft:
    def send(on_bytes: Callable[[int], None]) -> Draft:
        file.seek(0)
        return drafts.create_draft(api, file, path.name, project.uuid, on_bytes)

    def once() -> Draft:
        size = path.stat().st_size
        if quiet or not world.animated or size < BAR_FROM_BYTES:
            return send(_ignore)
        from cli.watch.bar import Upload

        with Upload(world, printable(path.name), size) as bar:
            return send(bar.sent)

    return patiently(world, once, lost=False, quiet=quiet)


def _previewed(world: World, api: Api, draft: Draft, deadline: float | None) -> Draft:
    """The draft once it is read; still `reading` when the deadline comes first."""
    pause = 0.2
    while draft.state == "reading":
        if deadline is not None and world.clock.now() + pause > deadline:
            return draft
        world.clock.sleep(pause)
        pause = min(pause * 1.5, 2)
        draft = drafts.read_draft(api, draft.uuid)
    if draft.state == "previewed":
        return draft
    if draft.error is None:
        raise Failure(
            Exit.ERROR, "FILE_REJECTED", f"The file cannot be imported: its draft is {draft.state}."
        )
    raise Failure(Exit.ERROR, draft.error.code, draft.error.detail)


def _show_preview(world: World, api: Api, order: Order, draft: Draft, project: Project) -> None:
    examples: dict[str, list[Row]] = {}
    for verdict in ("invalid", "duplicate"):
        if getattr(draft.verdicts, verdict):
            examples[verdict] = drafts.first_rows(api, draft.uuid, verdict, EXAMPLES)
    lines = preview(
        draft,
        order.file.name,
        project.name,
        if_erred=order.if_erred,
        if_closed=order.if_closed,
        examples=examples,
    )
    world.say("\n".join(lines))


def _agreed(world: World, order: Order, draft: Draft) -> bool:
    if order.yes or not world.can_ask:
        return True
    number = to_create(draft.verdicts, order.if_erred, order.if_closed)
    world.stderr.write(f"Create {counted(number, 'account')}? [y/N] ")
    world.stderr.flush()
    return world.stdin.readline().strip().lower() in {"y", "yes"}


def _submit(world: World, api: Api, order: Order, draft: Draft, *, quiet: bool) -> StatusAnswer:
    key = world.new_key()

    def send() -> StatusAnswer:
        return drafts.submit(
            api, draft, if_erred=order.if_erred, if_closed=order.if_closed, idempotency_key=key
        )

    # with the same key, so repeating a submission whose answer was lost submits nothing twice
    return patiently(world, send, lost=True, quiet=quiet)


def _ignore(_: int) -> None:
    pass
