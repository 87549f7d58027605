"""`course-accounts up`: start everything, say where it is, stay, stop in order."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from . import overview
from .browser import PageOpener, has_screen
from .console import Console, console_for
from .errors import StackError
from .front_port import choose_front_port
from .instance import RUNNING, AlreadyRunning, make_home, only_here, running
from .keys import Keys, ensure_keys
from .options import UpOptions
from .overview import Row
from .own_log import log_to
from .paths import make_dir
from .preparing import prepare_sign_in, web_url
from .ready_file import Document, ReadyFiles
from .running_stack import RunningStack, Voices
from .stack import AccountServiceAccess
from .supervisor import Change, Replaced

Then = Callable[[Document], Awaitable[int | None]]
"""What to do once everything is ready; an exit code ends the stack, None lets it stay up."""

_ID, _SECRET = (f"COURSE_ACCOUNTS_PROVISIONER_ACCOUNT_SERVICE_CLIENT_{name}" for name in ("ID", "SECRET"))


def run(options: UpOptions, *, then: Then | None = None) -> int:
    """Run the stack until it is told to stop; the exit code.

    Raises:
        StackError: what is in the way, in words for a person.
    """
    options = options.checked()
    console = console_for(as_json=options.json)
    home = options.home()
    if options.status:
        return _show_status(options, console)
    make_home(home, as_root=os.geteuid() == 0)
    try:
        with only_here(home):
            return asyncio.run(_up(options, console, then))
    except AlreadyRunning as other:
        return _already(other, console)


async def _up(options: UpOptions, console: Console, then: Then | None) -> int:
    home = options.home()
    with log_to(make_dir(home / "logs", 0o700) / "up.log"):
        return await _Up(options, console, ensure_keys(home)).run(then)


class _Up:
    def __init__(self, options: UpOptions, console: Console, keys: Keys) -> None:
        self._console = console
        self._home = options.home()
        self._opens = options.open_page and not options.json
        port, remark = choose_front_port(options.port)
        if remark:
            console.say("PORT_TAKEN", remark)
        voices = Voices(console.done, console.say, self._changed)
        self._stack = RunningStack(options, keys, _own_account_service(options, keys), port, voices)
        self._files = ReadyFiles(own=self._home / RUNNING, asked_for=options.ready_file)
        self._told_to_stop = asyncio.Event()
        self._stopping = False
        self._was_ready = False
        self._opener = PageOpener(self._home / "sign-in.html")

    async def run(self, then: Then | None) -> int:
        """Start, stay, stop; the exit code."""
        began = time.monotonic()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._signalled)
        told = asyncio.create_task(self._told_to_stop.wait())
        self._console.starting()
        try:
            if not await _unless(told, self._stack.start()):
                return 0
            document, table = self._write_files()
            self._was_ready = True
            self._console.ready(document.as_json(), table, time.monotonic() - began)
            await self._open_page(document)
            return await self._stay(told, then, document)
        finally:
            try:
                self._opener.close()
                await self._stop()
            finally:
                self._console.close()
                told.cancel()

    async def _open_page(self, document: Document) -> None:
        """Open the page for whoever sits there, with a sign-in of its own: the printed address stays unused."""
        if self._opens and sys.stdout.isatty() and has_screen(os.environ, sys.platform):
            url = web_url(document.url, await prepare_sign_in(document.postgres))
            try:
                self._opener.open(url)
            except StackError as error:  # the printed address is as good
                self._console.say(error.code, str(error))

    async def _stay(self, told: asyncio.Task[bool], then: Then | None, document: Document) -> int:
        broken = asyncio.ensure_future(self._stack.failed())
        try:
            if then is not None:
                work = asyncio.ensure_future(then(document))
                if await _unless(told, work) and (code := work.result()) is not None:
                    return code
            await asyncio.wait({told, broken}, return_when=asyncio.FIRST_COMPLETED)
            if broken.done():
                broken.result()
            return 0
        finally:
            broken.cancel()

    async def _stop(self) -> None:
        began = time.monotonic()
        self._stopping = True
        self._files.remove()
        await self._stack.stop()
        if self._was_ready or self._told_to_stop.is_set():
            self._console.stopped(self._home, time.monotonic() - began)

    def _changed(self, change: Change) -> None:
        self._console.changed(change)
        if isinstance(change, Replaced):
            try:
                self._write_files()
            except StackError as error:  # a full disk, say: no reason to end what runs
                self._console.say(error.code, str(error))

    def _write_files(self) -> tuple[Document, list[Row]]:
        document = self._stack.document()
        table = overview.rows(self._stack.listings(), document.processes)
        self._files.write(document, table)
        return document, table

    def _signalled(self) -> None:
        if self._told_to_stop.is_set() or self._stopping:
            self._stack.kill()
            self._files.remove()
            self._opener.close()
            self._console.close()
            os._exit(130)
        self._console.say("STOPPING", "Stopping … (again to end at once)")
        self._told_to_stop.set()


async def _unless(told: asyncio.Task[bool], work: Awaitable[object]) -> bool:
    """Do the work unless told to stop before; say whether it was done."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({told, task}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
            return True
        return False
    finally:
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def _own_account_service(options: UpOptions, keys: Keys) -> AccountServiceAccess | None:
    if options.account_service is None or options.account_service_token_url is None:
        return None
    return AccountServiceAccess(
        options.account_service,
        options.account_service_token_url,
        os.environ.get(_ID, "course-accounts"),
        os.environ.get(_SECRET, keys.account_service_secret),
    )


def _already(other: AlreadyRunning, console: Console) -> int:
    if other.document is None:
        raise StackError(
            "ALREADY_STARTING",
            f"Another `up` is just starting or stopping on {other.home}.",
            "Wait a moment, or use another data directory.",
        )
    console.say("ALREADY_RUNNING", f"It is running already on {other.home}.")
    _show(other.document, console)
    return 0


def _show_status(options: UpOptions, console: Console) -> int:
    document = running(options.home())
    if document is None:
        raise StackError(
            "NOT_RUNNING",
            f"Nothing is running on {options.home()}.",
            f"Start it with: {overview.resume_command(options.home())}",
        )
    _show(document, console)
    return 0


def _show(document: dict[str, Any], console: Console) -> None:
    """Show what runs, with an address that nobody has used yet."""
    sign_in = asyncio.run(prepare_sign_in(document["postgres"]))
    fresh = {**document, "web_url": web_url(document["url"], sign_in)}
    console.ready(fresh, overview.rows_of(fresh), None)
