"""Uploading: what is accepted, what is refused, and what a person then sees."""

from collections.abc import MutableMapping
from typing import Any

import pytest

from schemas.ids import account_id
from services.common.database import open_pool
from tests.integration.importer.support import (
    COURSE,
    ENDED,
    ENDLESS,
    ENDS_TODAY,
    NO_COURSE,
    KnownAccounts,
    Running,
    Site,
    any_id,
    people,
    running,
)

MIXED = b"""E-mail;Note;Phone
ada@example.org;"first
second";1

ADA@example.org;;2
nobody;;3
bob@example.org;;
eve@example.org;x;;surplus
""".replace(b"\n", b"\r\n")


async def test_preview_shows_every_row_with_its_verdict(site: Site) -> None:
    """A mixed file: layout, counts, lines, codes and known accounts are told; nothing is published."""
    existing = KnownAccounts({account_id(COURSE.project_id, "bob@example.org"): 3})
    async with running(site, existing=existing) as importer:
        answer = await importer.upload(MIXED, name="C:\\lists\\course.csv")
        assert answer.status_code == 201
        draft = answer.json()
        assert answer.headers["location"] == f"/api/import-drafts/{draft['uuid']}/"
        assert (draft["state"], draft["rows"], draft["blank"], draft["to_create"]) == ("previewed", 5, 1, 2)
        assert draft["verdicts"] == {
            "new": 1,
            "existing_ok": 0,
            "existing_pending": 0,
            "existing_erred": 1,
            "existing_closed": 0,
            "duplicate": 1,
            "invalid": 2,
        }
        expected = {
            "name": "course.csv",
            "bytes": len(MIXED),
            "bytes_read": len(MIXED),
            "encoding": "utf-8",
            "delimiter": ";",
            "header_line": 1,
            "columns": {"email": "E-mail", "description": "Note"},
            "ignored_columns": ["Phone"],
            "seen_before": None,
        }
        assert draft["file"] | expected == draft["file"]
        assert draft["project_uuid"] == COURSE.project_id.hex
        address = f"/api/import-drafts/{draft['uuid']}/rows/?page_size=2"
        rows = []
        while address:
            page = (await importer.client.get(address)).json()
            assert len(page["results"]) <= 2
            rows += page["results"]
            address = page["next"]
        assert [(row["row"], row["line"], row["verdict"], row["duplicate_of"]) for row in rows] == [
            (1, 2, "new", None),
            (2, 5, "duplicate", 1),
            (3, 6, "invalid", None),
            (4, 7, "existing_erred", None),
            (5, 8, "invalid", None),
        ]
        assert rows[0]["description"] == "first\r\nsecond"
        assert rows[0]["account_uuid"] == account_id(COURSE.project_id, "ada@example.org").hex
        assert [row["error"] and row["error"]["code"] for row in rows] == [
            None,
            "DUPLICATE",
            "EMAIL_NO_AT",
            None,
            "EXTRA_CELLS",
        ]
        only = await importer.client.get(f"/api/import-drafts/{draft['uuid']}/rows/?verdict=invalid")
        assert [row["row"] for row in only.json()["results"]] == [3, 5]
        left = await importer.client.get(f"/api/import-drafts/{draft['uuid']}/?if_erred=leave")
        assert left.json()["to_create"] == 1
    assert await site.events() == []


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "FILE_EMPTY", None),
        (b"name\nAda\n", "EMAIL_COLUMN_MISSING", 1),
        (b"email\n", "NO_ROWS", 1),
        (b"PK\x03\x04\x14\0", "FILE_IS_WORKBOOK", None),
        (b'email\n"a@x.org\n', "QUOTE_NOT_CLOSED", 2),
        (people(3_000) + b'\nx@y.org,"open', "QUOTE_NOT_CLOSED", 3_002),
    ],
    ids=["empty", "no email", "header only", "workbook", "quote", "late quote"],
)
async def test_unreadable_files_are_rejected(
    importer: Running, data: bytes, code: str, line: int | None
) -> None:
    """422 with code, sentence and line; the draft stays as a record, without rows, and cannot be submitted."""
    answer = await importer.upload(data)
    assert answer.status_code == 422
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem["code"], problem["line"]) == (code, line)
    assert problem["detail"].endswith(".")
    draft = await importer.draft(problem["draft"])
    assert (draft["state"], draft["error"]["code"], draft["rows"]) == ("rejected", code, 0)
    rows = await importer.client.get(f"/api/import-drafts/{draft['uuid']}/rows/")
    assert rows.json() == {"results": [], "next": None}
    refused = await importer.submit(draft | {"preview_hash": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "DRAFT_REJECTED")


async def test_projects_must_be_courses_that_still_run(importer: Running) -> None:
    """Waldur's rules, each with its code; on its last day a course still takes people."""
    for project, code in [
        (ENDED.project_id.hex, "PROJECT_ENDED"),
        (ENDLESS.project_id.hex, "PROJECT_WITHOUT_END"),
        (NO_COURSE.project_id.hex, "PROJECT_NOT_A_COURSE"),
        (any_id(), "PROJECT_UNKNOWN"),
        ("nonsense", "PROJECT_UNKNOWN"),
        ("", "PROJECT_MISSING"),
    ]:
        answer = await importer.client.post(
            "/api/import-drafts/", files={"file": ("x.csv", people(1))}, data={"project": project}
        )
        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert answer.json()["errors"]["project"]
    assert (await importer.upload(people(1), ENDS_TODAY.project_id)).status_code == 201


async def test_raw_body_is_an_upload_too(importer: Running) -> None:
    """Bytes with query parameters, whatever media type, with dashes in the project's id, without a last slash."""
    for kind in ("text/csv", "application/vnd.ms-excel", "application/octet-stream"):
        answer = await importer.client.post(
            "/api/import-drafts",
            params={"project": str(COURSE.project_id), "name": "raw.csv"},
            content=people(2),
            headers={"Content-Type": kind},
        )
        assert (answer.status_code, answer.json()["file"]["name"]) == (201, "raw.csv")


async def test_large_files_are_read_in_the_background(importer: Running) -> None:
    """Above 5,000 rows the answer is 202 at once; the preview comes when the file is read."""
    answer = await importer.upload(people(20_000))
    assert (answer.status_code, answer.json()["state"]) == (202, "reading")
    early = await importer.submit(answer.json() | {"preview_hash": "x"})
    assert early.status_code == 409
    draft = await importer.preview(people(20_000))
    assert (draft["state"], draft["rows"], draft["verdicts"]["new"]) == ("previewed", 20_000, 20_000)


async def test_limits_are_told_and_kept(site: Site) -> None:
    """Too many bytes are refused while they arrive (413), too many rows with their number (422)."""
    async with running(site, changes={"max_bytes": 100_000, "max_rows": 1_000}) as importer:
        told = (await importer.client.get("/api/import-drafts/limits/?rows=1000")).json()
        assert (told["rows"], told["bytes"], told["seconds"]) == (1_000, 100_000, 2.0)
        for data in (people(4_000), people(40_000)):
            answer = await importer.upload(data)
            assert (answer.status_code, answer.json()["code"]) == (413, "FILE_TOO_LARGE")

        async def endless() -> object:
            for _ in range(300):
                yield b"x" * 1_000

        streamed = await importer.client.post(
            "/api/import-drafts/", params={"project": COURSE.project_id.hex}, content=endless()
        )
        assert streamed.status_code == 413
        answer = await importer.upload(people(1_001))
        assert (answer.status_code, answer.json()["code"]) == (422, "TOO_MANY_ROWS")
        assert "1,001" in answer.json()["detail"]
        assert (await importer.upload(people(1_000))).status_code == 201


async def test_template_is_accepted_as_it_is(importer: Running) -> None:
    """What we offer, we take."""
    template = await importer.client.get("/api/import-drafts/template.csv")
    assert template.headers["content-type"].startswith("text/csv")
    draft = (await importer.upload(template.content)).json()
    assert draft["verdicts"]["new"] == draft["rows"] == 2


async def test_provisioner_away_is_a_note_not_a_failure(site: Site) -> None:
    """Rows stay new, and a note says that this may be wrong."""
    async with running(site, existing=KnownAccounts(reachable=False)) as importer:
        draft = (await importer.upload(people(3))).json()
        assert draft["verdicts"]["new"] == 3
        assert [note["code"] for note in draft["notes"]] == ["EXISTING_UNKNOWN"]


async def test_a_broken_off_upload_leaves_nothing(site: Site) -> None:
    """A body that ends early is no file: no draft, and no error on our side."""
    arriving = iter(
        [{"type": "http.request", "body": b"email\n", "more_body": True}, {"type": "http.disconnect"}]
    )
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return next(arriving)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async with running(site) as importer:
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/api/import-drafts/",
            "raw_path": b"/api/import-drafts/",
            "query_string": f"project={COURSE.project_id.hex}".encode(),
            "headers": [(b"authorization", f"Token {site.staff}".encode())],
        }
        await importer.service.asgi(scope, receive, send)
        assert sent[0]["status"] == 400
        assert b"UPLOAD_BROKEN_OFF" in sent[1]["body"]
        pool = await open_pool(site.dsn, name="tests", size=1, schema="importer")
        async with pool:
            assert await pool.fetchval("SELECT count(*) FROM drafts") == 0
