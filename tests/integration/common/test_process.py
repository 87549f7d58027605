"""The life of a real process: it stops in order when told to, and loudly when it cannot go on."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process

import pytest

from deploy.embedded.ports import free_port

_PROGRAM = "tests.integration.common.small_service"
_PREFIX = "COURSE_ACCOUNTS_SMALL_"


async def small(what: str) -> Process:
    """Start it."""
    env = {
        f"{_PREFIX}KAFKA": "127.0.0.1:1",
        f"{_PREFIX}POSTGRES": "postgresql://nobody@127.0.0.1:1/none",
        f"{_PREFIX}INTERNAL_TOKEN": "only-for-tests-internal",
        f"{_PREFIX}PORT": str(free_port()),
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", _PROGRAM, what, stdout=PIPE, stderr=PIPE, env={**os.environ, **env}
    )


async def ended(process: Process) -> tuple[int | None, str, str]:
    """Exit code and what it said, within a bound."""
    async with asyncio.timeout(60):
        output, errors = await process.communicate()
    return process.returncode, output.decode(), errors.decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
async def test_a_signal_stops_it_in_order(number: signal.Signals) -> None:
    """Whoever waits is let go, what was started is cleaned up, and the exit code says that all is well."""
    process = await small("run")
    assert process.stdout is not None
    async with asyncio.timeout(60):
        assert await process.stdout.readline() == b"started\n"
    process.send_signal(number)
    code, output, errors = await ended(process)
    assert (code, output) == (0, "farewell\ncleaned up\n"), errors
    assert "farewell_failed" in errors


async def test_what_must_not_start_says_so_in_a_sentence() -> None:
    """Exit code 2: starting again changes nothing; the sentence is the last line, and there is no trace."""
    code, output, errors = await ended(await small("refuse"))
    assert (code, output) == (2, "")
    assert errors.splitlines()[-1] == "The tables were made by another version. Begin with an empty database."
    assert "Traceback" not in errors


@pytest.mark.parametrize(("what", "said"), [("bug", "a bug"), ("no-progress", "none handled for 60 s")])
async def test_a_process_that_cannot_go_on_stops_loudly(what: str, said: str) -> None:
    """Exit code 70 with the reason in the log, after cleaning up."""
    code, output, errors = await ended(await small(what))
    assert (code, output) == (70, "started\ncleaned up\n"), errors
    assert "stopped_loudly" in errors
    assert said in errors


async def test_a_loop_that_stands_still_ends_the_process() -> None:
    """Exit code 70 without a clean-up: nothing can be trusted to run any more."""
    code, output, errors = await ended(await small("stand-still"))
    assert (code, output) == (70, "started\n"), errors
    assert "event_loop_stuck" in errors


async def test_a_process_that_was_suspended_goes_on() -> None:
    """For longer than a loop may stand still: it did nothing wrong, and stops in order when it is told to."""
    process = await small("watched")
    assert process.stdout is not None
    async with asyncio.timeout(60):
        assert await process.stdout.readline() == b"started\n"
    process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(3.0)  # longer than the limit: that is what this is about
    process.send_signal(signal.SIGCONT)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(process.wait(), 0.3)
    process.send_signal(signal.SIGTERM)
    code, output, errors = await ended(process)
    assert (code, output) == (0, "cleaned up\n"), errors
