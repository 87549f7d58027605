"""How long a page of the list of accounts takes: every filter and order, for staff and for managers of some courses.

`python -m bench.lists` fills a PostgreSQL of its own with accounts and asks below HTTP: a page with its exact number,
in one snapshot. `--beside` so many accounts are of courses that the managers do not see. `--explain` prints what each
page was read by.
"""

import argparse
import asyncio
import random
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg

from bench.lists_data import COURSE, fill, project_of
from deploy.embedded.postgres import PostgresServer
from deploy.embedded.postgres_place import discard
from deploy.embedded.reaper import Reaper
from services.common.database import Pool, open_pool
from services.projector.account_lists.filters import AccountFilter
from services.projector.account_lists.query import read_list

PAGE: Final = 10
SCHEMA: Final = "bench_lists"
Ask = tuple[AccountFilter, tuple[str, ...]]

_CHANCE: Final = random.Random(7)  # noqa: S311 - which page is asked for is no secret


def _one(seen: Sequence[int]) -> int:
    return _CHANCE.choice(seen) * COURSE + _CHANCE.randrange(COURSE)


FILTERS: Final[Mapping[str, Callable[[Sequence[int]], AccountFilter]]] = {
    "none": lambda _: AccountFilter(),
    "email=<unknown>": lambda _: AccountFilter(email="nobody@nowhere"),
    "email=<one person>": lambda seen: AccountFilter(email=f"x{_one(seen)}.of"),
    "email=<one in five>": lambda _: AccountFilter(email="Uni-Tartu"),
    "email=<all>": lambda _: AccountFilter(email="example"),
    "email=<one in five>&state=OK": lambda _: AccountFilter(email="uni-tartu", states=("OK",)),
    "email=<one in five>&state=Erred": lambda _: AccountFilter(email="uni-tartu", states=("Erred",)),
    "username=<one>": lambda seen: AccountFilter(username=f"u{_one(seen)}"),
    "username=<unknown>": lambda _: AccountFilter(username="nobody"),
    "state=OK": lambda _: AccountFilter(states=("OK",)),
    "state=Erred": lambda _: AccountFilter(states=("Erred",)),
    "state=Erred&state=Pending": lambda _: AccountFilter(states=("Erred", "Pending")),
    "project_uuid": lambda seen: AccountFilter(project_id=project_of(_CHANCE.choice(seen))),
    "project_start_date_after": lambda _: AccountFilter(starts_from=date(2026, 1, 1) + timedelta(days=25)),
    "project_end_date_before": lambda _: AccountFilter(ends_until=date(2026, 7, 1) + timedelta(days=25)),
}
ORDERS: Final = (
    "created",
    "email",
    "-modified",
    "project_end_date",
    "project_name",
    "-project_start_date",
    "state",
    "username",
    "state,-created",
    "project_name,email",
)


async def main(arguments: argparse.Namespace) -> None:
    """Fill and measure."""
    plans = await Plans.of(arguments.postgres, arguments.log) if arguments.explain else None
    async with await open_pool(arguments.postgres, name="bench", size=1, schema=SCHEMA) as pool:
        if not arguments.filled:
            await fill(pool, SCHEMA, seen=arguments.accounts, beside=arguments.beside)
        courses = range(await pool.fetchval("SELECT count(*) FROM projects"))
        only = arguments.only or ""
        print(f"{'':56} {'number':>9}   first page: ms, CPU   {'':9}far page: ms, CPU   (each: p50 p95)")
        for name, seen in _principals(courses, arguments.accounts // COURSE).items():
            among = None if name == "staff" else [project_of(course) for course in seen]
            lines = [(filtered, "") for filtered in FILTERS]
            lines += [(filtered, order) for order in ORDERS for filtered in ("none", "email=<one in five>")]
            for filtered, order in lines:
                label = f"{name:12} {filtered}{order and '&o='}{order}"
                if only in label:
                    if plans is not None:
                        plans.read()
                    await _line(pool, label, _asks(FILTERS[filtered], seen, among, order), arguments.times)
                    if plans is not None:
                        print(f"{'':13}{plans.read()}", flush=True)


def _principals(courses: range, most: int) -> dict[str, Sequence[int]]:
    """Staff, and managers of courses spread over all the time there is; `old`: of those that were long ago."""
    step = max(1, len(courses) // most)
    found: dict[str, Sequence[int]] = {"staff": courses}
    for number in sorted({1, 5, most}):
        found[f"manager {number}"] = courses[::step][:number]
    if step > 1:
        found[f"old {most}"] = courses[:most]
    return found


def _asks(
    make: Callable[[Sequence[int]], AccountFilter],
    seen: Sequence[int],
    among: list[UUID] | None,
    order: str,
) -> Callable[[], Ask]:
    names = tuple(name for name in order.split(",") if name)
    return lambda: (replace(make(seen), among=among), names)


async def _line(pool: Pool, label: str, ask: Callable[[], Ask], times: int) -> None:
    """Print the first page and one far away: how long each takes, and the processor time of both sides, ms."""
    number = 0
    columns = []
    clock = _Clock(await pool.fetchval("SELECT pg_backend_pid()"))
    for deep in (False, True):
        taken, worked = [], []
        for _ in range(times):
            only, order = ask()
            offset = _CHANCE.randrange(number // PAGE) * PAGE if deep and number > PAGE else 0
            begun, before = time.perf_counter(), clock.read()
            number, _ = await read_list(pool, only, order, limit=PAGE, offset=offset)
            taken.append((time.perf_counter() - begun) * 1000)
            worked.append(clock.read() - before)
        columns += [f"{statistics.median(one):6.1f} {_p95(one):6.1f}" for one in (taken, worked)]
    print(f"{label:56} {number:9,}   {'   '.join(columns)}", flush=True)


class Plans:
    """How statements read their tables, from the server's log: the scans since it was last asked."""

    _SCAN: Final = re.compile(
        r"((?:Parallel )?(?:Seq|Index Only|Index|Bitmap Heap|Bitmap Index) Scan"
        r"(?: Backward)?(?: using \w+)? on (?!pg_)\w+)"
    )

    def __init__(self, log: Path) -> None:
        self._log = log
        self._seen = log.stat().st_size

    @classmethod
    async def of(cls, dsn: str, log: Path) -> "Plans":
        """Let the server log the plan of every statement of connections that are opened from now on."""
        connection = await asyncpg.connect(dsn)
        try:
            name = await connection.fetchval("SELECT quote_ident(current_database())")
            for setting in (
                "session_preload_libraries = 'auto_explain'",
                "auto_explain.log_min_duration = 0",
            ):
                await connection.execute(f"ALTER DATABASE {name} SET {setting}")
        finally:
            await connection.close()
        return cls(log)

    def read(self) -> str:
        """The scans, each once."""
        with self._log.open("rb") as file:
            file.seek(self._seen)
            said = file.read()
            self._seen = file.tell()
        return "; ".join(sorted(set(self._SCAN.findall(said.decode(errors="replace")))))


class _Clock:
    """Processor time, ms: of this process and of the one that serves its connection, where the system tells."""

    def __init__(self, pid: int) -> None:
        self._server = Path(f"/proc/{pid}/schedstat")

    def read(self) -> float:
        """All of it so far."""
        server = int(self._server.read_text().split()[0]) / 1e6 if self._server.exists() else 0.0
        return server + time.process_time() * 1000


def _p95(taken: Iterable[float]) -> float:
    ordered = sorted(taken)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="course-accounts-lists-"))
    folder.chmod(0o711)  # as root, PostgreSQL's own user passes through
    return folder


async def _with_a_server(run: Callable[[str, Path], Awaitable[None]]) -> None:
    warden = Reaper()
    folder = _folder()
    warden.throw_away(folder)
    server = PostgresServer(folder, warden, stop_within=5)
    try:
        await server.start()
        await run(server.dsn, server.log_file)
    finally:
        await server.stop()
        discard(folder)
        shutil.rmtree(folder, ignore_errors=True)
        warden.close()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.lists", description=__doc__)
    parser.add_argument("--accounts", type=int, default=200_000, help="that the largest manager sees")
    parser.add_argument("--beside", type=int, default=0, help="of other courses")
    parser.add_argument("--times", type=int, default=20, help="each page is asked for")
    parser.add_argument("--only", help="lines with this in them")
    parser.add_argument("--postgres", help="an administrator's DSN, where it should not start one")
    parser.add_argument(
        "--explain", action="store_true", help="what pages are read by; only of its own server"
    )
    parser.add_argument("--filled", action="store_true", help="that one is filled already")
    return parser.parse_args()


async def _run(arguments: argparse.Namespace) -> None:
    async def on(dsn: str, log: Path) -> None:
        await main(argparse.Namespace(**{**vars(arguments), "postgres": dsn, "log": log}))

    if arguments.postgres and arguments.explain:
        raise SystemExit("--explain reads the log of a server of its own: leave --postgres out.")
    if arguments.postgres:
        await main(arguments)
    else:
        await _with_a_server(on)


if __name__ == "__main__":
    asyncio.run(_run(_parse()))
