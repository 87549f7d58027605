"""The process: what outlives kill -9, a full disk, a second copy, wrong settings."""

import asyncio
import resource
import subprocess
import sys
from pathlib import Path

import aiohttp
import psutil
import pytest

from deploy.account_service import journal
from deploy.account_service.launch import LaunchedService
from deploy.account_service.settings import PREFIX
from tests.integration.account_service.support import Client


async def test_state_outlives_kill_nine(own: LaunchedService, session: aiohttp.ClientSession) -> None:
    """Whatever was answered before is answered alike afterwards, and nothing happens twice."""
    own.start()
    client = Client(own, session)
    await client.sign_in()
    created = await client.create("ada@example.org", "k1")
    refused = await client.create("refused+eve@example.org", "k2")
    closed = await client.create("bob@example.org", "k3")
    await client.ask("PUT", f"/accounts/{closed.body['tempAccount']['username']}/close")
    before = [
        (await client.ask("GET", f"/accounts?email={name}@example.org")).body for name in ("ada", "bob")
    ]
    effects = own.effects()

    own.kill()
    own.start()

    assert (await client.create("ada@example.org", "k1")).status == 401, "tokens do not outlive the process"
    await client.sign_in()
    assert (await client.create("ada@example.org", "k1")).body == created.body
    assert (await client.create("refused+eve@example.org", "k2")).body == refused.body
    after = [(await client.ask("GET", f"/accounts?email={name}@example.org")).body for name in ("ada", "bob")]
    assert after == before
    assert own.effects() == effects


async def test_killed_under_load_no_answered_account_is_lost(
    own: LaunchedService, session: aiohttp.ClientSession
) -> None:
    """Every 201 a client has seen is in the journal; asking again with the same keys makes the rest, each once."""
    own.start()
    client = Client(own, session)
    await client.sign_in()
    answered: dict[str, str] = {}
    halfway = asyncio.Event()

    async def work(worker: int) -> None:
        for number in range(100):
            email = f"p{worker}.{number}@example.org"
            reply = await client.create(email, email)
            answered[email] = reply.body["tempAccount"]["username"]
            if len(answered) >= 300:
                halfway.set()

    workers = [asyncio.create_task(work(worker)) for worker in range(16)]
    async with asyncio.timeout(30):
        await halfway.wait()
    own.kill()
    results = await asyncio.gather(*workers, return_exceptions=True)
    assert any(isinstance(result, aiohttp.ClientError) for result in results), "it was killed in the middle"
    own.start()
    await client.sign_in()
    kept = {entry.email: entry.username for entry in journal.created(own.effects())}
    assert answered.items() <= kept.items()

    await asyncio.gather(*map(work, range(16)))
    assert len(journal.created(own.effects())) == 1600
    assert journal.created_twice(own.effects()) == []
    assert kept.items() <= answered.items()


async def test_a_journal_that_cannot_grow_costs_nothing_but_time(
    own: LaunchedService, session: aiohttp.ClientSession
) -> None:
    """With no room left the answer is 503 with Retry-After and no effect; with room again it goes on."""
    own.start()
    client = Client(own, session)
    await client.sign_in()
    await client.create("ada@example.org", "k1")
    process = psutil.Process(own.pid)
    # Room for a part of the next line only, so that a torn write has to be taken back.
    process.rlimit(resource.RLIMIT_FSIZE, (own.journal.stat().st_size + 50, resource.RLIM_INFINITY))
    full = await client.create("bob@example.org", "k2")
    assert (full.status, full.body["error"]["code"]) == (503, "JOURNAL_UNAVAILABLE")
    assert full.headers["retry-after"] == "5"
    assert (await client.ask("GET", "/accounts?email=bob@example.org")).body == []
    process.rlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert (await client.create("bob@example.org", "k2")).status == 201
    assert [entry.email for entry in journal.created(own.effects())] == ["ada@example.org", "bob@example.org"]


def test_a_second_copy_over_the_same_journal_does_not_start(own: LaunchedService) -> None:
    """It says why in a sentence, and the first goes on."""
    own.start()
    second = LaunchedService(own.journal.parent)
    with pytest.raises(RuntimeError, match="Another account service writes the journal"):
        second.start()


def test_a_stop_is_orderly(own: LaunchedService) -> None:
    """SIGTERM ends it with 0."""
    own.start()
    assert own.stop() == 0


def test_a_damaged_journal_is_not_built_upon(own: LaunchedService) -> None:
    """Damage before the last line stops the start with a sentence, not with a stack trace."""
    own.journal.write_bytes(b'{"kind":"cre\n{"kind":"closed","at":"t","username":"u"}\n')
    with pytest.raises(RuntimeError, match="Line 1 of the journal cannot be read") as caught:
        own.start()
    assert "Traceback" not in str(caught.value)


@pytest.mark.parametrize("name", ["JURNAL", "CLIENT_SECRETS"])
def test_an_unknown_setting_is_an_error(tmp_path: Path, name: str) -> None:
    """It is named; no value is repeated."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.account_service"],
        env={PREFIX + name: "s3cret"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == 2
    assert PREFIX + name in done.stderr
    assert "s3cret" not in done.stderr
