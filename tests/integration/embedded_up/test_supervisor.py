"""Real processes of our own (the front needs nothing but a port), supervised."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.embedded import stack
from deploy.embedded.backoff import Backoff
from deploy.embedded.errors import StackError
from deploy.embedded.http_probe import status
from deploy.embedded.port_holder import holder_of
from deploy.embedded.ports import free_port
from deploy.embedded.reaper import Reaper
from deploy.embedded.service_process import ServiceProcess
from deploy.embedded.supervisor import Change, Ended, NotReplaced, Replaced, Supervisor

QUICK = Backoff(first=0.1, longest=0.2, floor=0.05)


def _front(port: int) -> stack.ServiceSpec:
    ports = dict.fromkeys(stack.ports_needed({}), 1)
    return stack.front(port, ports)


@pytest.fixture
async def process(tmp_path: Path, warden: Reaper) -> AsyncIterator[ServiceProcess]:
    """A front that runs."""
    process = ServiceProcess(_front(free_port()), warden, tmp_path)
    await process.start()
    yield process
    await process.stop(within=2)


async def _next(changes: asyncio.Queue[Change]) -> Change:
    async with asyncio.timeout(20):
        return await changes.get()


async def test_a_killed_process_is_replaced(process: ServiceProcess) -> None:
    """Kill -9 is noticed, said, and answered with a new process on the same port; then again."""
    changes: asyncio.Queue[Change] = asyncio.Queue()
    supervisor = Supervisor(changes.put_nowait, QUICK)
    supervisor.keep("front", process)
    try:
        for _ in range(2):
            before = process.pid
            assert before is not None
            os.kill(before, signal.SIGKILL)
            ended = await _next(changes)
            assert isinstance(ended, Ended)
            assert (ended.pid, ended.code) == (before, -signal.SIGKILL)
            replaced = await _next(changes)
            assert isinstance(replaced, Replaced)
            assert replaced.pid == process.pid != before
            assert await status(stack.HOST, process.spec.port, "/readyz") == 200
    finally:
        await supervisor.stop()


async def test_a_start_that_fails_is_tried_again(process: ServiceProcess) -> None:
    """While its port is taken the process cannot come back; once free, it does."""
    changes: asyncio.Queue[Change] = asyncio.Queue()
    supervisor = Supervisor(changes.put_nowait, QUICK)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    with socket.create_server((stack.HOST, process.spec.port)):
        supervisor.keep("front", process)
        assert isinstance(await _next(changes), Ended)
        failed = await _next(changes)
        assert isinstance(failed, NotReplaced)
        assert failed.error.code == "SERVICE_ENDED"
        assert "cannot listen" in failed.error.sentence
    try:
        change = await _next(changes)
        while isinstance(change, NotReplaced):
            change = await _next(changes)
        assert isinstance(change, Replaced)
    finally:
        await supervisor.stop()


async def test_a_stopped_supervisor_leaves_things_alone(process: ServiceProcess) -> None:
    """After stop() an end is not answered with a new process."""
    changes: asyncio.Queue[Change] = asyncio.Queue()
    supervisor = Supervisor(changes.put_nowait, QUICK)
    supervisor.keep("front", process)
    await supervisor.stop()
    await process.stop(within=2)
    assert process.pid is None
    assert changes.empty()


async def test_settings_that_do_not_fit_are_quoted(tmp_path: Path, warden: Reaper) -> None:
    """A process that ends while starting is quoted with its last words and its log."""
    spec = stack.ServiceSpec("front", 1, free_port(), {"COURSE_ACCOUNTS_FRONT_COLOUR": "blue"})
    process = ServiceProcess(spec, warden, tmp_path)
    with pytest.raises(StackError) as trouble:
        await process.start()
    assert trouble.value.code == "SERVICE_REFUSED"
    assert "COURSE_ACCOUNTS_FRONT_COLOUR" in trouble.value.sentence
    assert trouble.value.log == tmp_path / "front.log"


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="asks the system's process table")
async def test_who_holds_a_port_is_named(process: ServiceProcess) -> None:
    """A person whose port is taken learns by what."""
    assert holder_of(process.spec.port) == f"deploy.embedded.front (process {process.pid})"
