"""`course-accounts import`, step by step: project, upload, preview, question, submission, wait, outcome."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from cli import fixing
from cli.client import drafts
from cli.client.api import Api
from cli.client.draft_models import Draft
from cli.client.models import IfClosed, IfErred, Project, Row, StatusAnswer
from cli.exits import Exit
from cli.finding import find_project
from cli.following import Following
from cli.patience import patiently
from cli.reading_options import AS_IT_IS, Reading
from cli.text.advice import MOST_PROBLEMS, TOLD_ELSEWHERE
from cli.text.numbers import counted
from cli.text.preview import preview, to_create
from cli.text.safe import printable
from cli.uploading import opened, read_file
from cli.world import World

EXAMPLES = 3


@dataclass(frozen=True)
class Order:
    """What is asked for. `timeout` in seconds from the start of the command.

    `file` None is standard input; `pasted`: the bytes are a text somebody copied. `fix`: apply suggestions that need
    no thought; `apply`: these ones too.
    """

    file: Path | None
    project: str
    wait: bool = False
    timeout: float | None = None
    if_erred: IfErred = "retry"
    if_closed: IfClosed = "reopen"
    yes: bool = False
    reading: Reading = AS_IT_IS
    pasted: bool = False
    fix: bool = False
    apply: tuple[str, ...] = ()
    dry_run: bool = False

    @property
    def name(self) -> str:
        """What is imported, for people."""
        if self.file is not None:
            return self.file.name
        return "pasted text" if self.pasted else "standard input"


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
        file = stack.enter_context(opened(world, order.file))
        project = find_project(api, order.project)
        draft = read_file(world, api, order, file, project, deadline, quiet=json or quiet)
    if draft.state == "reading":
        world.say(f"{printable(order.name)} is still being read; nothing was submitted.")
        return Exit.STILL_RUNNING
    if order.fix or order.apply:
        draft = fixing.apply(world, api, draft, fix=order.fix, also=order.apply, quiet=json or quiet)
    if not (json or quiet):
        _show_preview(world, api, order, draft, project)
    if order.dry_run:
        if json:
            world.out(drafts.as_answered(api, draft.uuid))
        world.say("Nothing was created: this was only a look.")
        return Exit.WITH_FAILURES if draft.verdicts.invalid else Exit.ALL_DONE
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


def _show_preview(world: World, api: Api, order: Order, draft: Draft, project: Project) -> None:
    examples: dict[str, list[Row]] = {}
    for verdict in ("invalid", "duplicate"):
        grouped = verdict == "invalid" and draft.problems
        if getattr(draft.verdicts, verdict) and not grouped:
            examples[verdict] = drafts.first_rows(api, draft.uuid, EXAMPLES, verdict=verdict)
    for problem in draft.problems[:MOST_PROBLEMS]:
        if problem.kind == "row" and problem.code not in TOLD_ELSEWHERE:
            examples[problem.code] = drafts.first_rows(api, draft.uuid, EXAMPLES, code=problem.code)
    lines = preview(
        draft,
        order.name,
        project.name,
        if_erred=order.if_erred,
        if_closed=order.if_closed,
        examples=examples,
    )
    world.say("\n".join(lines))


def _agreed(world: World, order: Order, draft: Draft) -> bool:
    number = to_create(draft.verdicts, order.if_erred, order.if_closed)
    return order.yes or world.agreed(f"Create {counted(number, 'account')}?")


def _submit(world: World, api: Api, order: Order, draft: Draft, *, quiet: bool) -> StatusAnswer:
    key = world.new_key()

    def send() -> StatusAnswer:
        return drafts.submit(
            api, draft, if_erred=order.if_erred, if_closed=order.if_closed, idempotency_key=key
        )

    # with the same key, so repeating a submission whose answer was lost submits nothing twice
    return patiently(world, send, lost=True, quiet=quiet)
