"""The load generator for HTTP: vegeta, which keeps its pace whatever the server does, and so hides no waiting."""

import asyncio
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from bench.pairs import Say
from bench.stack import BenchError

VERSION: Final = "v12.12.0"
_MODULE: Final = f"github.com/tsenart/vegeta/v12@{VERSION}"
_BUILD_WITHIN_S: Final = 900.0
_SPARE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Report:
    """What one attack came to. Latencies in milliseconds, from the moment a request was due."""

    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float
    codes: Mapping[str, int]
    errors: Sequence[str]

    @property
    def failed(self) -> int:
        """Requests without an answer, or with one that is an error."""
        return sum(count for code, count in self.codes.items() if not 200 <= int(code) < 400)


def installed() -> Path | None:
    """The program, where it was built before."""
    program = _folder() / "vegeta"
    return program if program.exists() else None


async def ensure(*, build: bool, say: Say) -> Path:
    """The program; built from source once, into the cache folder, if that is wished.

    Raises:
        BenchError: it is not there and cannot be built.
    """
    if (program := installed()) is not None:
        return program
    if not build or shutil.which("go") is None:
        raise BenchError("needs vegeta, and Go to build it.")
    say(f"building vegeta {VERSION}, once")
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        "go", "install", _MODULE, env={**os.environ, "GOBIN": str(folder)},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(_BUILD_WITHIN_S):
            _, said = await process.communicate()
    except TimeoutError:
        process.kill()
        raise BenchError("vegeta was not built in time.") from None
    if process.returncode or (program := installed()) is None:
        raise BenchError(f"vegeta could not be built. Go said: {said.decode()[-500:].strip()}")
    return program


async def attack(
    program: Path,
    urls: Sequence[str],
    *,
    headers: Mapping[str, str],
    seconds: float,
    rate: int = 0,
    workers: int = 64,
) -> Report:
    """Ask for `urls` in turn.

    Args:
        program: vegeta.
        urls: where.
        headers: with every request.
        seconds: how long.
        rate: requests a second, sent when they are due whatever became of those before; 0: each of the workers asks
            again as soon as it has its answer, which shows how much the server can do, and no latency.
        workers: connections to begin with; at rate 0 as many as there ever are.

    Raises:
        BenchError: vegeta failed.
    """
    words = [
        "attack",
        f"-rate={rate}",
        f"-duration={seconds}s",
        f"-workers={workers}",
        f"-connections={10_000}",
    ]
    words += [f"-max-workers={workers}"] if not rate else []
    words += [f"-header={name}: {value}" for name, value in headers.items()]
    targets = "".join(f"GET {url}\n" for url in urls).encode()
    shots = await _run([str(program), *words], targets, seconds + _SPARE_S)
    return _report(orjson.loads(await _run([str(program), "report", "-type=json"], shots, _SPARE_S)))


async def _run(command: Sequence[str], given: bytes, within_s: float) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(within_s):
            out, said = await process.communicate(given)
    except TimeoutError:
        process.kill()
        raise BenchError("vegeta did not end in time.") from None
    if process.returncode:
        raise BenchError(f"vegeta failed: {said.decode()[-300:].strip()}")
    return out


def _report(told: Mapping[str, Any]) -> Report:
    latencies = told["latencies"]
    return Report(
        requests=told["requests"],
        seconds=(told["duration"] + told["wait"]) / 1e9,
        p50=latencies["50th"] / 1e6,
        p95=latencies["95th"] / 1e6,
        p99=latencies["99th"] / 1e6,
        codes=told["status_codes"],
        errors=told["errors"] or (),
    )


def _folder() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "course-accounts" / "bench" / f"vegeta-{VERSION}"
