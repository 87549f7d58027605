"""Whatever is sent, in whatever shape: a problem that names it, never a mistake of ours."""

import json
from collections.abc import Iterator
from typing import Any, Final

import httpx2
import pytest

from tests.integration.importer.support import COURSE, Running, any_id

ACCOUNTS, DRAFTS, PROJECTS = (
    "/api/marketplace-course-accounts/",
    "/api/import-drafts/",
    "/api/course-projects/",
)
PROJECT: Final = COURSE.project_id.hex
FUZZ: Final = "2f1d3a5b7c9e4f60a1b2c3d4e5f60718"
"""An id that nobody has."""
DEEP: Final = b"[" * 100_000

BODIES: Final = {
    "nothing": b"",
    "no JSON": b"email=ada",
    "cut off": b'{"project": "',
    "not UTF-8": b'{"project": "\xff\xfe"}',
    "half a pair": b'{"project": "\\ud800", "email": "\\udfff@example.org", "name": "\\ud800", "reason": "\\ud800"}',
    "deep": b'{"project": ' + DEEP,
    "deep objects": b'{"a":' * 50_000,
    "huge number": b'{"project": 1e999999, "email": 123456789012345678901234567890, "rows": [1e400]}',
    "not a number": b'{"project": NaN, "email": Infinity}',
    "a list": b"[]",
    "null": b"null",
    "a string": b'"text"',
    "all of the wrong kind": b'{"project": [], "email": {}, "name": 1, "preview_hash": [], "code": {}, "accounts": 1,'
    b' "course_accounts": {}, "columns": 5, "uuid": 7, "reason": [], "encoding": 3, "end_date": 1}',
    "NUL": b'{"project": "\\u0000", "email": "\\u0000", "name": "\\u0000", "code": "\\u0000", "like": "\\u0000",'
    b' "preview_hash": "\\u0000", "encoding": "\\u0000", "slug": "\\u0000", "managers": ["\\u0000"]}',
    "two BOMs": b"\xef\xbb\xbf\xef\xbb\xbf{}",
}
WITH_BODY: Final = {
    ("POST", ACCOUNTS): {"project": PROJECT, "email": "ada@example.org"},
    ("POST", f"{ACCOUNTS}create_bulk/"): {
        "project": PROJECT,
        "course_accounts": [{"email": "ada@example.org"}],
    },
    ("POST", DRAFTS): {"project": PROJECT, "accounts": [{"email": "ada@example.org"}]},
    ("PATCH", f"{DRAFTS}{FUZZ}/"): {"encoding": "utf-8"},
    ("PATCH", f"{DRAFTS}{FUZZ}/rows/1/"): {"email": "ada@example.org"},
    ("POST", f"{DRAFTS}{FUZZ}/fix/"): {"code": "SPLIT", "like": "x"},
    ("POST", f"{DRAFTS}{FUZZ}/submit/"): {"preview_hash": "x"},
    ("PATCH", f"/api/course-imports/{FUZZ}/rows/1/"): {"email": "ada@example.org"},
    ("POST", f"/api/course-imports/{FUZZ}/cancel/"): {"reason": "x"},
    ("POST", f"/api/course-imports/{FUZZ}/undo/"): {"reason": "x"},
    ("POST", PROJECTS): {"name": "Zoology"},
    ("PUT", f"{PROJECTS}{FUZZ}/"): {"name": "Zoology"},
    ("PATCH", f"{PROJECTS}{FUZZ}/"): {"name": "Zoology"},
    ("POST", "/api/tokens/"): {"note": "x", "expires": "2020-01-01T00:00:00Z"},
    ("POST", "/api/session/"): {"sign_in": "x"},
    ("POST", "/api/sign-ins/"): {"user_id": "x"},
}
"""Routes that take JSON, and a body that each would understand."""


def _refused(answer: httpx2.Response) -> None:
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"]
    assert problem["detail"]
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
async def test_malformed_bodies(importer: Running, method: str, path: str) -> None:
    """JSON that is none, of another form, too deep, or full of what cannot be stored."""
    for what, body in BODIES.items():
        answer = await importer.client.request(
            method, path, content=body, headers={"Content-Type": "application/json"}
        )
        if path == PROJECTS and what == "NUL":
            assert answer.json()["code"] in ("PROJECT_INVALID", "INVALID_REQUEST")
        _refused(answer)


@pytest.mark.parametrize(
    ("method", "path"), [route for route in WITH_BODY if FUZZ in route[1] and DRAFTS in route[1]]
)
async def test_malformed_bodies_about_a_draft_that_is_there(
    importer: Running, method: str, path: str
) -> None:
    """What comes as far as the tables is stored, or refused."""
    draft = (await importer.preview(b"email\nada@example.org, bob@example.org\n"))["uuid"]
    odd = [json.dumps(body).encode() for body in _strange(WITH_BODY[method, path])]
    pairs = [body.replace(b'"x"', b'"\\ud800"') for body in (json.dumps(WITH_BODY[method, path]).encode(),)]
    for body in (*BODIES.values(), *odd, *pairs):
        answer = await importer.client.request(
            method, path.replace(FUZZ, draft), content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code < 500, (body[:200], answer.text)


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
async def test_bodies_of_another_kind(importer: Running, method: str, path: str) -> None:
    """Forms, XML, and content types that are no names of anything."""
    kinds = [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "x",
        "\xe9/",
    ]
    for kind in kinds:
        answer = await importer.client.request(
            method, path, content=b"<a>1</a>", headers={"Content-Type": kind.encode("latin-1")}
        )
        _refused(answer)


def _strange(value: Any) -> Iterator[Any]:
    """Other values in place of each field."""
    for field in value:
        for odd in (None, "", "\x00", "x" * 20_000, -1, 10**30, [], {}, True, "\u202e", [[]], {"a": {}}):
            yield {**value, field: odd}


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
async def test_each_field_with_strange_values(importer: Running, method: str, path: str) -> None:
    """One field at a time; where the value happens to be good the rest is refused, for there is nothing at the id."""
    for body in _strange(WITH_BODY[method, path]):
        answer = await importer.client.request(method, path, json=body)
        assert answer.status_code < 500, (body, answer.text)
        if FUZZ in path:
            _refused(answer)


@pytest.mark.parametrize(
    "path",
    [
        DRAFTS,
        f"{DRAFTS}limits/",
        f"{DRAFTS}{FUZZ}/",
        f"{DRAFTS}{FUZZ}/rows/",
        f"{PROJECTS}{FUZZ}/record/",
        "/api/tokens/",
        "/api/audit/",
    ],
)
async def test_strange_questions(importer: Running, path: str) -> None:
    """Queries with what no database stores, numbers beyond all bounds, cursors of others, repeated fields."""
    values = ["%00", "%ff", "%ED%A0%80", "-1", "9" * 400, "x" * 3000, "", "%F0%9F%98%80", "null", "[]", "1e9"]
    draft = (await importer.preview(b"email\nada@example.org\n"))["uuid"]
    people = "cursor page_size user action object project after before"
    lists = "cursor page_size state project verdict code text rows if_erred"
    for name in (people if path in ("/api/tokens/", "/api/audit/") else lists).split():
        for value in values:
            for where in {path, path.replace(FUZZ, draft)}:
                answer = await importer.client.get(f"{where}?{name}={value}&{name}={value}")
                assert answer.status_code < 500, (name, value, answer.text)
                if answer.status_code != 200:
                    _refused(answer)


@pytest.mark.parametrize("name", ["after", "before"])
async def test_moments_that_are_none_of_ours(importer: Running, name: str) -> None:
    """Said to be wrong; not that something is away."""
    for moment in (
        "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-14:00", "1969-12-31T23:59:59Z", "9001-01-01T00:00:00Z",
        "2026-01-01T00:00:00", "x",
    ):  # fmt: skip
        answer = await importer.client.get("/api/audit/", params={name: moment})
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST"), moment
        assert name in answer.json()["errors"]
    for moment in ("1970-01-01T00:00:00Z", "9000-12-31T23:59:59-14:00"):
        assert (await importer.client.get("/api/audit/", params={name: moment})).status_code == 200


@pytest.mark.parametrize(
    "place", ["%00", "x", "%2e%2e", "1" * 32 + "%00", "%F0%9F%98%80", "-" * 36, "0x" + "1" * 30, "1" * 5000]
)
async def test_strange_places(importer: Running, place: str) -> None:
    """Ids that are none, in every address that has one."""
    for path in (
        f"{DRAFTS}{place}/",
        f"{DRAFTS}{place}/rows/",
        f"{DRAFTS}{FUZZ}/rows/{place}/",
        f"{PROJECTS}{place}/record/",
        f"/api/course-imports/{place}/cancel/",
        f"/api/course-imports/{FUZZ}/rows/{place}/",
    ):
        for method in ("GET", "POST", "PATCH", "PUT", "DELETE"):
            more = {} if method in ("GET", "DELETE") else {"json": {}}
            _refused(await importer.client.request(method, path, **more))


async def test_strange_headers(importer: Running) -> None:
    """Keys and tags that are too long, or not of letters."""
    body = {"project": PROJECT, "email": "bad"}
    for name, value in (
        ("Idempotency-Key", "x" * 300),
        ("Idempotency-Key", "\xff\xfe"),
        ("Idempotency-Key", ""),
        ("If-Match", "x" * 300),
        ("If-Match", '"\xff"'),
    ):
        headers = {name: value.encode("latin-1")}
        for method, path in (("POST", ACCOUNTS), ("PATCH", f"{PROJECTS}{any_id()}/")):
            _refused(await importer.client.request(method, path, json=body, headers=headers))


async def test_fields_that_nobody_knows_are_passed_over(importer: Running) -> None:
    """As Django REST does: clients of Waldur send more than they need; of a name given twice the last one counts."""
    body = json.dumps({"project": any_id(), "email": "x", "customer": 1, "state": "OK", "url": None})
    twice = body.replace("{", f'{{"project": "{PROJECT}", ', 1)
    answer = await importer.client.post(ACCOUNTS, content=twice, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "PROJECT_UNKNOWN")
