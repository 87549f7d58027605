"""Whatever is asked, the answer is what was asked for or a problem that says what is wrong: never our mistake."""

import asyncio
import base64
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx2
from fastapi import FastAPI

from services.common.database import Pool
from services.projector.replay.api import router as replay_router
from services.projector.replay.commands import Replays
from services.projector.sets.opening import migrate_control
from tests.integration.projector.a_course import ACCOUNTS, STATUS, a_course
from tests.integration.projector.support import application, client_of, feed, records
from tests.unit.projector.stories import account_of

LISTS = {
    ACCOUNTS: ACCOUNTS,
    f"{ACCOUNTS}export.csv": f"{ACCOUNTS}export.csv",
    f"{ACCOUNTS}{account_of('ben').hex}/history/": f"{ACCOUNTS}{{uuid}}/history/",
    "/api/course-imports/": "/api/course-imports/",
    STATUS: "/api/course-imports/{uuid}/",
    f"{STATUS}rows/": "/api/course-imports/{uuid}/rows/",
    "/api/course-projects/": "/api/course-projects/",
    "/api/replays/": "/api/replays/",
    "/api/waiting/": "/api/waiting/",
}
"""Addresses of lists, and their paths in the document."""
COMMANDS = ("/api/replays/", f"/api/replays/{uuid4()}/swap/")


def cursor(*place: Any) -> str:
    """A cursor as ours look, with another content."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


FAR = (
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "1e400",
    "-1",
    "soon",
    "2026-02-30",
    "2026-09-01",
)
NUMBERS = ("0", "-1", "many", "9" * 30, "9" * 5000, "1e3", "1.5", "nan", "")
TEXTS = ("\x00", "a\x00b", "\ud7ff", "%", "_", "'", "é" * 320, "x" * 321, "", "%ff", "\\")
QUERIES: list[list[tuple[str, str]]] = [
    *([(name, number)] for number in NUMBERS for name in ("page", "page_size", "imports", "oldest", "wait", "since")),
    *([(name, text)] for text in TEXTS for name in ("email", "username", "text", "author", "code", "o", "state",
                                                    "class", "error_code", "closing", "source", "cursor")),
    *([(name, day)] for day in FAR for name in ("project_start_date_after", "project_end_date_before",
                                                "submitted_after", "submitted_before")),
    *([("cursor", cursor(*place))] for place in (
        (), ("x", "y"), ("a\x00", "0" * 32), (-1,), (2**62,), (2**70,), (True,), (1.5,), ([1],), (None,), (1, -1),
        (2**40, 2**40), ("2026-09-01T00:00:00", uuid4().hex), *((day, uuid4().hex) for day in FAR),
        ("2026-09-01T00:00:00Z", "no id"))),
    [("cursor", "x" * 3000)],
    [("o", ",".join(["-created", "email"] * 200))],
    [("o", name) for name in ("email", "-email", "created", "nothing")],
    [("state", "OK"), ("state", "Lost")],
    [("page", "1"), ("page", "x")],
    [("page", "10000000000"), ("page_size", "300")],
    [("project_uuid", "nonsense")],
    [("project", "-" * 36)],
    [("project_uuid", "{" + "0" * 34 + "}")],
    [("wait", "31"), ("since", "1")],
    [("last_event_id", "-1")],
]  # fmt: skip
IDS = [
    "nonsense",
    "\x00",
    "0" * 31,
    "0" * 33,
    "é" * 32,
    "-" * 36,
    "{" + "0" * 34 + "}",
    "0" * 5000,
    "%2F" * 8,
    "%ff%fe",
]
BODIES = [
    b"[",
    b"[]",
    b"null",
    b"\xff\xfe",
    b"\x00",
    b"[" * 100_000,
    b'{"kind": 1}',
    b'{"kind": "build", "edition": "\x00"}',
    b'{"kind": "scratch", "until": "0001-01-01T00:00:00+14:00"}',
    b'{"kind": "scratch", "until": "9999-12-31T23:59:59-14:00"}',
    b'{"kind": "scratch", "project": "x"}',
    b'{"kind": "scratch", "until_offsets": [{"topic": "a", "partition": 0, "next_offset": 1e30}]}',
    b'{"accept_differences": 3}',
    b" " * 70_000,
]
RAW = ("email=%ff%00", "o=%", "&&==&", "state", "page=%F0%28", "email=%ed%a0%80")
HEADERS: list[dict[str, Any]] = [
    {"If-None-Match": ",,\"'" * 50},
    {"Read-Model-Set": "'; --"},
    {"Accept": "\x7f"},
    {"Authorization": "Token " + "x" * 5000},
    {"Authorization": b"Token \xff"},
    {"X-Request-ID": "x" * 500},
]
OF_ONE = [
    ("GET", f"{ACCOUNTS}ID/"),
    ("GET", f"{ACCOUNTS}ID/history/"),
    ("GET", "/api/course-imports/ID/"),
    ("GET", "/api/course-imports/ID/events/"),
    ("GET", "/api/course-imports/ID/rows.csv"),
    ("GET", f"{STATUS}rows/ID/"),
    ("GET", "/api/course-projects/ID/"),
    ("GET", "/api/replays/ID/"),
    ("POST", "/api/replays/ID/swap/"),
]


async def test_bad_input_is_told_so(pool: Pool, admin: Pool, service_database: Any) -> None:
    """Queries, cursors, ids, bodies and headers of every wrong kind, at every route that takes them."""
    await feed(pool, records(a_course().facts))
    await migrate_control(service_database.services["projector"])
    replays = replay_router(Replays(pool, {}, clock=lambda: datetime.now(UTC)))
    wrong: list[str] = []
    turns = asyncio.Semaphore(8)
    served = await application(pool, admin, more=[replays])
    async with client_of(served) as http:

        async def ask(method: str, path: str, **more: Any) -> None:
            async with turns:
                answer = await http.request(method, path, **more)
            if bad(answer):
                wrong.append(
                    f"{method} {path[:80]} {str(more)[:200]}: {answer.status_code} {answer.text[:200]}"
                )

        known = parameters(served)
        await asyncio.gather(
            *(
                ask("GET", path, params=query)
                for path, pattern in LISTS.items()
                for query in QUERIES
                if query[0][0] in known[pattern]
            ),
            *(
                ask(method, path.replace("ID", quote(identifier)))
                for identifier in IDS
                for method, path in OF_ONE
            ),
            *(ask("POST", path, content=body) for body in BODIES for path in COMMANDS),
            *(ask("GET", f"{ACCOUNTS}?{raw}") for raw in RAW),
            *(ask("GET", STATUS, headers=headers) for headers in HEADERS),
            ask("GET", f"{STATUS}events/?last_event_id=-1"),
            ask("DELETE", STATUS),
            ask("PUT", f"{ACCOUNTS}{account_of('ben').hex}/"),
            ask("PATCH", f"{ACCOUNTS}{account_of('ben').hex}/"),
        )
    assert wrong == []


def parameters(served: FastAPI) -> dict[str, set[str]]:
    """The parameters that each path knows; others say nothing."""
    return {
        path: {parameter["name"] for parameter in item["get"].get("parameters", ())}
        for path, item in served.openapi()["paths"].items()
        if "get" in item
    }


def bad(answer: httpx2.Response) -> bool:
    """Whether an answer is our mistake, or an error that is no problem."""
    if answer.status_code >= 500 or "Traceback" in answer.text:
        return True
    return answer.status_code >= 400 and not (
        answer.headers["content-type"] == "application/problem+json" and answer.json()["detail"]
    )
