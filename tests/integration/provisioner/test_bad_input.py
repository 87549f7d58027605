"""Whatever is sent, the answer is a problem that says what is wrong: never a trace, never our mistake."""

import asyncio
import base64
import json
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import asyncpg
import httpx2

from tests.integration.provisioner.conftest import Start
from tests.integration.provisioner.people import ACCOUNTS, person

BODIES: list[bytes] = [
    b"[",
    b"[]",
    b"null",
    b'"text"',
    b"\xff\xfe",
    b"\x00",
    b"[" * 100_000,
    b'{"reason": 1}',
    b'{"reason": "\\ud800"}',
    json.dumps({"reason": "x" * 2001}).encode(),
    json.dumps({"action": "close", "project": "nonsense"}).encode(),
    json.dumps({"action": "close", "import": uuid4().hex, "rows": [2**31]}).encode(),
    json.dumps({"action": "retry", "import": uuid4().hex, "rows": [-1]}).encode(),
    json.dumps({"action": "retry", "accounts": []}).encode(),
    json.dumps({"action": "retry", "accounts": [uuid4().hex] * 2001}).encode(),
    json.dumps({"action": "open", "project": uuid4().hex}).encode(),
    json.dumps({"codes": ["\x00"]}).encode(),
    json.dumps({"codes": ["no such code"]}).encode(),
    json.dumps({"topic": "a\x00b", "dry_run": True}).encode(),
    json.dumps({"records": ["nonsense"]}).encode(),
    json.dumps({"records": ["log~1~" + "9" * 19]}).encode(),
    json.dumps({"all": True, "rate": 1e9}).encode(),
    b'{"all": true, "rate": 1e999}',
    b'{"rate": 1e-300}',
    b'{"rate": NaN}',
]
COMMANDS = [
    ("POST", f"{ACCOUNTS}/{uuid4()}/retry/"),
    ("DELETE", f"{ACCOUNTS}/{uuid4()}/"),
    ("POST", f"/api/course-imports/{uuid4()}/retry/"),
    ("POST", "/api/jobs/"),
    ("POST", "/api/target/pause/"),
    ("PATCH", "/api/target/"),
    ("POST", "/api/parked/provisioner/redrive/"),
    ("POST", "/api/parked/provisioner/drop/"),
]
LISTS = [
    "/api/jobs/",
    f"/api/jobs/{uuid4()}/refusals/",
    "/api/unclosed-accounts/",
    "/api/parked/provisioner/",
    "/api/parked/provisioner/jobs/",
    f"/api/parked/provisioner/jobs/{uuid4()}/failures/",
]


def cursor(*place: Any) -> str:
    """A cursor as ours look, with another content."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


QUERIES: list[dict[str, str]] = [
    {"page_size": "0"},
    {"page_size": "many"},
    {"page_size": "9" * 30},
    {"cursor": "nonsense"},
    {"cursor": "é"},
    {"cursor": "x" * 2001},
    {"cursor": cursor()},
    {"cursor": cursor("x", "y")},
    {"cursor": cursor("2026-09-01T00:00:00", uuid4().hex)},
    {"cursor": cursor("0001-01-01T00:00:00+14:00", uuid4().hex)},
    {"cursor": cursor("9999-12-31T23:59:59-14:00", uuid4().hex)},
    {"cursor": cursor("2026-09-01T00:00:00Z", "no id")},
    {"cursor": cursor("2026-09-01T00:00:00Z", "a\x00", 0, 0)},
    {"cursor": cursor("2026-09-01T00:00:00Z", "log", 2**40, 0)},
    {"cursor": cursor("2026-09-01T00:00:00Z", "log", -1, 2**70)},
    {"cursor": cursor("2026-09-01T00:00:00Z", "log", 0, 2**63 - 1)},
    {"cursor": cursor("no id")},
    {"cursor": cursor(-1)},
    {"cursor": cursor(2**62)},
    {"cursor": cursor(True)},
    {"project": "nonsense"},
    {"topic": "a\x00b"},
    {"topic": "x" * 300},
    {"code": "a\x00b"},
    {"state": "lost"},
]
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
]


async def test_bad_input_is_told_so(start: Start, tables: asyncpg.Connection) -> None:
    """Bodies, queries, cursors, ids and headers of every wrong kind, at every route that takes them."""
    async with start() as provisioner, person(tables, provisioner) as mari:
        wrong: list[str] = []

        async def ask(method: str, path: str, **more: Any) -> None:
            answer = await mari.request(method, path, **more)
            if bad(answer):
                wrong.append(
                    f"{method} {path[:80]} {str(more)[:200]}: {answer.status_code} {answer.text[:200]}"
                )

        await asyncio.gather(
            *(ask(method, path, content=body) for method, path in COMMANDS for body in BODIES),
            *(ask("GET", path, params=query) for path in LISTS for query in QUERIES),
            *(
                ask(method, pattern.replace("ID", quote(identifier, safe="%")))
                for identifier in IDS
                for method, pattern in (
                    ("POST", f"{ACCOUNTS}/ID/retry/"),
                    ("DELETE", f"{ACCOUNTS}/ID/"),
                    ("POST", "/api/course-imports/ID/retry/"),
                    ("GET", "/api/jobs/ID/"),
                    ("GET", "/api/parked/provisioner/ID"),
                    ("GET", "/api/parked/provisioner/jobs/ID/"),
                )
            ),
            ask("POST", "/api/jobs/", content=b" " * 300_000),
            ask("POST", COMMANDS[0][1], headers={"Idempotency-Key": "k" * 5000}),
            ask("POST", COMMANDS[0][1], headers={"Idempotency-Key": b"\xff\x00"[:1]}),
            ask("PUT", f"{ACCOUNTS}/{uuid4()}/retry/"),
            return_exceptions=False,
        )
        assert wrong == []


def bad(answer: httpx2.Response) -> bool:
    """Whether an answer is our mistake, or an error that is no problem."""
    if answer.status_code >= 500 or "Traceback" in answer.text:
        return True
    return answer.status_code >= 400 and not (
        answer.headers["content-type"] == "application/problem+json" and answer.json()["detail"]
    )
