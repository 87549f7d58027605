"""Plays a case against an importer over HTTP, and compares."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx2

from schemas.canonical import canonical_email
from schemas.ids import account_id
from schemas.projects import CourseProject
from tests.cases.model import Row, Upload
from tests.integration.importer.support import KnownAccounts, Running, Site, until

UNREADABLE = "\ufffd"


@dataclass(frozen=True)
class Player:
    """An importer with its site, and one course for each upload, so that no upload knows of another."""

    site: Site
    importer: Running
    existing: KnownAccounts
    database: asyncpg.Connection
    courses: list[CourseProject]

    @property
    def client(self) -> httpx2.AsyncClient:
        """Signed in as staff."""
        return self.importer.client

    def course(self) -> UUID:
        """A project that nothing was uploaded to yet."""
        return self.courses.pop().project_id

    async def send(self, upload: Upload, project: UUID) -> httpx2.Response:
        """Upload as the case says."""
        data = upload.bytes()
        name = upload.file if upload.name is None else upload.name
        chosen = _fields(upload.choose or {})
        if upload.how == "paste":
            return await self.client.post(
                "/api/import-drafts/", json={"project": project.hex, "text": data.decode()}
            )
        if upload.how == "raw":
            return await self.client.post(
                "/api/import-drafts/",
                params={"project": project.hex, **chosen},
                content=data,
                headers={"Content-Type": upload.type},
            )
        return await self.client.post(
            "/api/import-drafts/",
            files={"file": (name, data, upload.type)},
            data={"project": project.hex, **chosen},
        )

    async def previewed(self, answer: httpx2.Response) -> dict[str, Any]:
        """The draft an upload has made, when it has been read."""
        assert answer.status_code in (201, 202), answer.text

        async def read() -> dict[str, Any] | None:
            draft = await self.importer.draft(answer.json()["uuid"])
            return None if draft["state"] == "reading" else draft

        draft: dict[str, Any] = await until(read)
        return draft

    async def rows(self, draft: Mapping[str, Any], **query: Any) -> list[dict[str, Any]]:
        """All rows of a draft, page by page."""
        address: str | None = f"/api/import-drafts/{draft['uuid']}/rows/"
        params: dict[str, Any] | None = {"page_size": 300, **query}
        found: list[dict[str, Any]] = []
        while address:
            answer = await self.client.get(address, params=params)
            assert answer.status_code == 200, answer.text
            found += answer.json()["results"]
            address, params = answer.json()["next"], None
        return found

    async def stored(self, draft: Mapping[str, Any]) -> str:
        """What lies in the tables of a draft, as text."""
        kept = await self.database.fetch(
            "SELECT to_jsonb(r) AS row FROM importer.draft_rows r WHERE draft_id = $1", UUID(draft["uuid"])
        )
        return "\n".join(row["row"] for row in kept)


def _fields(choose: Mapping[str, Any]) -> dict[str, str]:
    fields = {name: str(choose[name]) for name in ("encoding", "delimiter") if name in choose}
    columns = {name: choose[name] for name in ("header_line", "email", "description") if name in choose}
    if columns:
        fields["columns"] = json.dumps(columns)
    return fields


async def play(player: Player, upload: Upload) -> dict[str, Any] | None:
    """Upload and compare with what the case expects; the draft, if there is one with rows."""
    project = player.course()
    for email, state in upload.states().items():
        player.existing.known[account_id(project, canonical_email(email))] = state
    answer = await player.send(upload, project)
    if upload.refused:
        await _compare_refusal(player, upload, answer)
        return None
    draft = await player.previewed(answer)
    assert draft["state"] == "previewed", draft["error"]
    rows = await player.rows(draft)
    _compare_draft(upload, draft)
    _adds_up(draft, rows)
    for expected in upload.rows:
        found = [
            row
            for row in rows
            if (row["line"] if expected.row is None else row["row"])
            == (expected.line if expected.row is None else expected.row)
        ]
        assert len(found) == 1, (expected, rows[:5])
        compare_row(expected, found[0])
    mentioned = {expected.line or expected.row for expected in upload.rows}
    for row in rows:
        if row["line"] not in mentioned and row["row"] not in mentioned:
            assert row["notes"] == [], row
    kept = await player.stored(draft)
    assert UNREADABLE not in kept
    assert "\\u0000" not in kept
    return draft


async def _compare_refusal(player: Player, upload: Upload, answer: httpx2.Response) -> None:
    problem = answer.json()
    if answer.status_code == 202:
        draft = await player.previewed(answer)
        assert draft["state"] == "rejected", draft
        problem = draft["error"]
    else:
        assert answer.status_code == (upload.status or 422), answer.text
    assert problem["code"] == upload.refused, problem
    assert problem.get("line") == upload.line, problem
    assert upload.says in problem["detail"], problem
    assert UNREADABLE not in problem["detail"]
    if "draft" in problem:
        draft = await player.importer.draft(problem["draft"])
        assert (draft["state"], draft["rows"]) == ("rejected", 0)
        assert await player.stored(draft) == ""


def _compare_draft(upload: Upload, draft: Mapping[str, Any]) -> None:
    file = draft["file"]
    assert file.get("kind", "csv") == upload.kind
    if upload.kind == "csv" and upload.how != "paste":
        assert (file["encoding"], file["delimiter"]) == (upload.encoding, upload.delimiter)
        assert file["header_line"] == upload.header_line
    if upload.columns is not None:
        assert file["columns"] == upload.columns
    assert file["ignored_columns"] == list(upload.ignored)
    assert sorted(note["code"] for note in draft["notes"]) == sorted(upload.notes), draft["notes"]
    assert all(note["message"] for note in draft["notes"])
    assert draft["verdicts"] == upload.verdicts
    assert draft["blank"] == upload.blank
    if upload.to_create is not None:
        assert draft["to_create"] == upload.to_create


def _adds_up(draft: Mapping[str, Any], rows: list[dict[str, Any]]) -> None:
    """Every row has one verdict and a sentence where something is wrong, and the sums are exact."""
    assert draft["rows"] == sum(draft["verdicts"].values()) == len(rows)
    assert [row["row"] for row in rows] == list(range(1, len(rows) + 1))
    for verdict, count in draft["verdicts"].items():
        assert sum(row["verdict"] == verdict for row in rows) == count
    for row in rows:
        assert (row["error"] is None) == (row["verdict"] not in ("invalid", "duplicate"))
        assert row["error"] is None or (row["error"]["message"] and row["error"]["hint"])
        assert all(note["message"] for note in row["notes"])


def compare_row(expected: Row, row: Mapping[str, Any]) -> None:
    """One row as it should be."""
    for name in ("line", "row", "email", "description", "duplicate_of"):
        wanted = getattr(expected, name)
        assert wanted is None or row[name] == wanted, row
    verdict = expected.verdict or ("invalid" if expected.code else "new")
    assert row["verdict"] == verdict, row
    assert (row["error"] and row["error"]["code"]) == expected.code, row
    assert sorted(note["code"] for note in row["notes"]) == sorted(expected.notes), row
    assert expected.says in json.dumps(row, ensure_ascii=False), row
    if expected.suggestions is not None:
        offered = {one["code"]: one["value"] for one in row["suggestions"]}
        assert set(offered) >= set(expected.suggestions), row
        for code, value in expected.suggestions.items():
            assert not value or offered[code] == value, row
    elif expected.code is None:
        assert row["suggestions"] == [], row
