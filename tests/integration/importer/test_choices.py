"""How a file is read: shown, chosen otherwise, remembered; and every way to hand rows over."""

from typing import Any
from uuid import uuid4

import pytest

from schemas.projects import CourseProject
from tests.integration.importer.support import COURSE, Running, Site, publish_projects, until

LATIN = "E-post;Märkus\nada@example.org;Õpilane\nbob@example.org;Ülo ja Žanna\n".encode("windows-1257")
NO_HEADER = b"ada@example.org,one\neve@example.org,two\n"


async def rows_of(importer: Running, draft: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    """The first page of a draft's rows."""
    answer = await importer.client.get(f"/api/import-drafts/{draft['uuid']}/rows/{query}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


async def choose(importer: Running, uuid: str, **choices: Any) -> Any:
    """Read a draft's file again."""
    return await importer.client.patch(f"/api/import-drafts/{uuid}/", json=choices)


async def test_another_encoding_may_be_chosen(importer: Running) -> None:
    """The guess is shown with samples of others; a choice reads the same bytes again, and the hash is another."""
    guessed = (await importer.upload(LATIN)).json()
    assert guessed["file"]["encoding_guessed"]
    assert guessed["file"]["encodings"]
    answer = await choose(importer, guessed["uuid"], encoding="windows-1257")
    assert answer.status_code == 200, answer.text
    chosen = answer.json()
    assert (chosen["file"]["encoding"], chosen["choices"]) == ("windows-1257", {"encoding": "windows-1257"})
    assert chosen["preview_hash"] != guessed["preview_hash"]
    assert [row["description"] for row in await rows_of(importer, chosen)] == ["Õpilane", "Ülo ja Žanna"]
    stale = await importer.submit(guessed)
    assert (stale.status_code, stale.json()["code"]) == (412, "PREVIEW_CHANGED")


async def test_a_rejected_file_is_read_after_all(importer: Running) -> None:
    """A first line that is a person: the answer says what to choose, and the same value sent back repairs it."""
    refused = await importer.upload(NO_HEADER)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (422, "HEADER_MISSING")
    assert problem["choices"]["columns"]["header_line"] == 0
    answer = await choose(importer, problem["draft"], **problem["choices"])
    assert answer.status_code == 200, answer.text
    draft = answer.json()
    assert (draft["state"], draft["rows"], draft["error"]) == ("previewed", 2, None)
    again = await choose(importer, problem["draft"], columns={"header_line": 0, "email": 1})
    assert (again.status_code, again.json().get("draft", problem["draft"])) in (
        (200, problem["draft"]),
        (422, problem["draft"]),
    )


@pytest.mark.parametrize(
    ("choices", "field"),
    [
        ({"encoding": "klingon"}, "encoding"),
        ({"delimiter": "x"}, "delimiter"),
        ({"columns": {"email": -1}}, "columns.email"),
        ({"sheet": 1}, "sheet"),
    ],
)
async def test_choices_nobody_knows_are_refused(
    importer: Running, choices: dict[str, Any], field: str
) -> None:
    """400 with the field; the draft stays as it is, and an upload with such a field makes none."""
    draft = (await importer.upload(b"name\nAda\n")).json()["draft"]
    answer = await choose(importer, draft, **choices)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert (await importer.draft(draft))["state"] == "rejected"


async def test_choices_come_with_the_upload(importer: Running) -> None:
    """As fields of a form or of the query; a column is chosen by its place."""
    data = b"name,first,second\nAda,ada@example.org,x\nEve,eve@example.org,y\n"
    answer = await importer.client.post(
        "/api/import-drafts/",
        files={"file": ("x.csv", data)},
        data={
            "project": COURSE.project_id.hex,
            "columns": '{"email": 1, "description": 2, "header_line": 1}',
        },
    )
    assert answer.status_code == 201, answer.text
    draft = answer.json()
    assert draft["file"]["places"] == {"email": 1, "description": 2}
    assert [row["email"] for row in await rows_of(importer, draft)] == ["ada@example.org", "eve@example.org"]
    bad = await importer.client.post(
        "/api/import-drafts/", params={"project": COURSE.project_id.hex, "columns": "email"}, content=data
    )
    assert (bad.status_code, bad.json()["code"]) == (400, "CHOICE_UNKNOWN")


async def test_the_last_choice_is_remembered_where_it_fits(importer: Running, shared_site: Site) -> None:
    """In the same project only, for files that leave it open, and with a note."""
    other = CourseProject(project_id=uuid4(), name="Zoology", slug="zoology", end_date=COURSE.end_date)
    await publish_projects(shared_site, [other])

    async def known() -> bool:
        return (await importer.upload(b"email\na@example.org\n", other.project_id)).status_code == 201

    await until(known)
    first = (await importer.upload(NO_HEADER, other.project_id)).json()
    assert (await choose(importer, first["draft"], **first["choices"])).status_code == 200
    second = await importer.upload(b"bob@example.org,three\n", other.project_id)
    assert second.status_code == 201, second.text
    assert [note["code"] for note in second.json()["notes"]][-1:] == ["CHOICE_REMEMBERED"]
    clear = (await importer.upload(b"email\nbob@example.org\n", other.project_id)).json()
    assert "CHOICE_REMEMBERED" not in [note["code"] for note in clear["notes"]]
    three = await importer.upload(b"bob@example.org,three,x\n", other.project_id)
    assert (three.status_code, three.json()["code"]) == (422, "HEADER_MISSING")


@pytest.mark.parametrize("how", ["form", "json"])
async def test_pasted_text(importer: Running, how: str) -> None:
    """A mail's To: line or a column of a sheet, from a box, becomes a draft of source `paste`."""
    text = "Ada Lovelace <ada@example.org>; eve@example.org, bob@example.org"
    project = COURSE.project_id.hex
    if how == "form":
        answer = await importer.client.post(
            "/api/import-drafts/", files={"text": (None, text)}, data={"project": project}
        )
    else:
        answer = await importer.client.post("/api/import-drafts/", json={"project": project, "text": text})
    assert answer.status_code == 201, answer.text
    draft = answer.json()
    assert (draft["source"], draft["rows"], draft["verdicts"]["new"]) == ("paste", 3, 3)


async def test_rows_as_json(importer: Running) -> None:
    """Judged as rows of a file are, kept as they were sent, and submitted with their source."""
    accounts = [
        {"email": "ada@example.org", "description": '=1+1, "x"\nsecond line'},
        {"email": "ADA@example.org"},
        {"email": "nobody"},
    ]
    answer = await importer.client.post(
        "/api/import-drafts/", json={"project": COURSE.project_id.hex, "accounts": accounts}
    )
    assert answer.status_code == 201, answer.text
    draft = answer.json()
    rows = await rows_of(importer, draft)
    assert [row["verdict"] for row in rows] == ["new", "duplicate", "invalid"]
    assert rows[0]["description"] == accounts[0]["description"]
    submitted = await importer.submit(draft)
    assert (submitted.status_code, submitted.json()["source"]) == (202, "api")


@pytest.mark.parametrize(
    "body",
    [
        {"accounts": []},
        {"accounts": [{"mail": "x"}]},
        {"accounts": [{"email": 7}]},
        {"rows": []},
        {},
        {"text": "a@example.org", "accounts": [{"email": "a@example.org"}]},
    ],
)
async def test_json_that_is_not_as_documented(importer: Running, body: dict[str, Any]) -> None:
    """400 with a sentence, and no draft."""
    answer = await importer.client.post(
        "/api/import-drafts/", json={"project": COURSE.project_id.hex, **body}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")
