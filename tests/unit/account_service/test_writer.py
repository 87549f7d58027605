"""The journal's writing end: durable before visible, many requests to a flush, one writer."""

import asyncio
import os
from pathlib import Path

import pytest

from deploy.account_service import journal
from deploy.account_service.journal import Closed, Entry
from deploy.account_service.writer import JournalBusy, JournalLost, JournalUnavailable, JournalWriter


def entry(number: int) -> Closed:
    """An entry, whichever."""
    return Closed(at="t", username=f"u{number}")


async def test_an_entry_is_in_the_file_before_it_is_applied(tmp_path: Path) -> None:
    """What nobody could find after a crash must not be visible before it."""
    path = tmp_path / "j"
    in_file: list[bool] = []

    def apply(applied: Entry) -> None:
        in_file.append(journal.encode(applied) in path.read_bytes())

    writer = JournalWriter(path, apply)
    writer.open()
    await asyncio.gather(*(writer.append([entry(number)]) for number in range(20)))
    await writer.close()
    assert in_file == [True] * 20


async def test_waiting_requests_share_a_flush(tmp_path: Path) -> None:
    """A thousand requests at once cost a handful of flushes, and each is answered only when applied."""
    applied: list[Entry] = []
    writer = JournalWriter(tmp_path / "j", applied.append)
    writer.open()

    async def one(number: int) -> bool:
        await writer.append([entry(number)])
        return entry(number) in applied

    assert all(await asyncio.gather(*map(one, range(1000))))
    await writer.close()
    assert writer.groups <= 10
    assert journal.read(tmp_path / "j") == applied == [entry(number) for number in range(1000)]


async def test_a_cancelled_waiter_does_not_stop_the_others(tmp_path: Path) -> None:
    """A client that hangs up takes nobody else's answer away."""
    applied: list[Entry] = []
    writer = JournalWriter(tmp_path / "j", applied.append)
    writer.open()
    first = asyncio.create_task(writer.append([entry(1)]))
    second = asyncio.create_task(writer.append([entry(2)]))
    await asyncio.sleep(0)
    first.cancel()
    await second
    await writer.close()
    assert first.cancelled()
    assert applied == [entry(1), entry(2)]


async def test_opening_applies_what_is_there_and_cuts_the_torn_end(tmp_path: Path) -> None:
    """After the cut, new entries stand on lines of their own."""
    path = tmp_path / "j"
    path.write_bytes(journal.encode(entry(1)) + b'{"kind":"clo')
    applied: list[Entry] = []
    writer = JournalWriter(path, applied.append)
    assert writer.open() == len(b'{"kind":"clo')
    assert applied == [entry(1)]
    await writer.append([entry(2)])
    await writer.close()
    assert journal.read(path) == [entry(1), entry(2)]


async def test_only_one_process_writes_a_journal(tmp_path: Path) -> None:
    """Two services over one journal would tell two stories."""
    writer = JournalWriter(tmp_path / "j", lambda _: None)
    writer.open()
    with pytest.raises(JournalBusy):
        JournalWriter(tmp_path / "j", lambda _: None).open()
    await writer.close()


async def test_a_file_that_fails_altogether_ends_the_service(tmp_path: Path) -> None:
    """Neither written nor cut back: who waited hears it, nothing is applied, nothing more is taken."""
    applied: list[Entry] = []
    writer = JournalWriter(tmp_path / "j", applied.append)
    writer.open()
    descriptor = os.dup(writer._descriptor)
    os.close(writer._descriptor)
    with pytest.raises(JournalLost):
        await writer.append([entry(1)])
    with pytest.raises(JournalLost):
        writer.lost.result()
    with pytest.raises(JournalUnavailable):
        await writer.append([entry(2)])
    os.dup2(descriptor, writer._descriptor)
    os.close(descriptor)
    await writer.close()
    assert applied == []
