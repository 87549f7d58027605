"""Events of followed imports, and the readers who wait for them in a process of their own."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import time
from typing import Any, Final
from uuid import UUID

import orjson

from bench.stack import BenchError
from bench.works.own_projector import OwnProjector

EVERY_S: Final = 1.0
"""Each import has one outcome in so many seconds, and so has every reader."""
_WITHIN_S: Final = 60.0


@dataclass(slots=True)
class Told:
    """When which version of each import was put on the log."""

    at: dict[UUID, list[tuple[int, float]]]


@asynccontextmanager
async def telling(own: OwnProjector) -> AsyncIterator[Told]:
    """Events of all imports inside the block."""
    told, enough = Told({followed.import_id: [] for followed in own.imports}), asyncio.Event()
    task = asyncio.create_task(_tell(own, told, enough), name="telling")
    try:
        yield told
    finally:
        enough.set()
        await asyncio.wait([task])
    task.result()


async def _tell(own: OwnProjector, told: Told, enough: asyncio.Event) -> None:
    """One outcome of each import a second, one after the other, until it is enough."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    step = EVERY_S / len(own.imports)
    while True:
        for followed in own.imports:
            if enough.is_set():
                return
            due += step
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not followed.outcomes:
                raise BenchError("There are no more outcomes to tell.")
            fact = followed.outcomes.pop(0)
            followed.version += 1
            told.at[followed.import_id].append((followed.version, time()))
            await own.tell(fact)


def delays(told: Told, watched: Sequence[Any], seen: Sequence[Sequence[tuple[int, float]]]) -> list[float]:
    """For each reader and each version, how long until it saw that or a later one.

    Raises:
        BenchError: a reader did not see one.
    """
    found = []
    for followed, own in zip(watched, seen, strict=True):
        arrivals = iter(own)
        version, at = next(arrivals, (0, 0.0))
        for wanted, sent in told.at[followed.import_id]:
            while version < wanted:
                version, at = next(arrivals, (-1, 0.0))
                if version < 0:
                    raise BenchError(f"A reader was not told of version {wanted}.")
            found.append(at - sent)
    return found


@asynccontextmanager
async def readers(own: OwnProjector, paths: Sequence[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Readers in a process of their own, each with its first status."""
    host, _, port = own.process.spec.url.removeprefix("http://").partition(":")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.readers", host, port,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**28,
    )  # fmt: skip
    try:
        assert process.stdin is not None  # noqa: S101 - asked for above
        assert process.stdout is not None  # noqa: S101 - as above
        process.stdin.write(f"{own.token}\n{' '.join(paths)}\n".encode())
        try:
            async with asyncio.timeout(_WITHIN_S):
                if await process.stdout.readline() != b"reading\n":
                    raise BenchError("The readers of events did not get their streams.")
        except TimeoutError:
            raise BenchError("The readers of events did not get their streams in time.") from None
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def closed(process: asyncio.subprocess.Process) -> Mapping[str, Any]:
    """Let the readers stop and say what they saw.

    Raises:
        BenchError: they do not.
    """
    assert process.stdin is not None  # noqa: S101 - asked for above
    assert process.stdout is not None  # noqa: S101 - as above
    process.stdin.close()
    try:
        async with asyncio.timeout(_WITHIN_S):
            told: Mapping[str, Any] = orjson.loads(await process.stdout.read())
    except TimeoutError:
        raise BenchError("The readers of events did not stop in time.") from None
    return told
