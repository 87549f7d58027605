"""Correcting what was previewed: one row, or all rows with the same mistake; the rest of the preview follows."""

import asyncio
from typing import Any

from schemas.ids import account_id
from tests.integration.importer.support import COURSE, KnownAccounts, Running, people
from tests.integration.importer.test_choices import rows_of

TWICE = b"email,description\nada@example.org,one\nbob@example.org,two\nADA@example.org,three\nnobody,four\n"


async def correct(importer: Running, draft: dict[str, Any], row: int, **cells: str) -> Any:
    """Correct one row."""
    return await importer.client.patch(f"/api/import-drafts/{draft['uuid']}/rows/{row}/", json=cells)


async def fix(importer: Running, draft: dict[str, Any], **body: Any) -> dict[str, Any]:
    """Apply a suggestion."""
    answer = await importer.client.post(f"/api/import-drafts/{draft['uuid']}/fix/", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def short(rows: list[dict[str, Any]]) -> list[tuple[int, str, str, int | None]]:
    """What a person looks at."""
    return [(row["row"], row["email"], row["verdict"], row["duplicate_of"]) for row in rows]


async def test_a_corrected_row_takes_its_duplicates_along(importer: Running) -> None:
    """The row that repeated it counts now, the one it repeats now counts for it; counts and hash follow."""
    draft = (await importer.upload(TWICE)).json()
    answer = await correct(importer, draft, 1, email="bob@example.org")
    assert answer.status_code == 200, answer.text
    changed = answer.json()
    assert changed["row"]["notes"][-1]["code"] == "EDITED"
    rows = await rows_of(importer, draft)
    assert short(rows) == [
        (1, "bob@example.org", "new", None),
        (2, "bob@example.org", "duplicate", 1),
        (3, "ADA@example.org", "new", None),
        (4, "nobody", "invalid", None),
    ]
    assert {note["code"] for note in rows[1]["notes"]} == {"DESCRIPTION_DIFFERS"}
    assert rows[2]["notes"] == []
    now = changed["draft"]
    assert now["preview_hash"] not in (None, draft["preview_hash"])
    assert (now["verdicts"]["new"], now["verdicts"]["duplicate"], now["verdicts"]["invalid"]) == (2, 1, 1)
    assert {problem["code"] for problem in now["problems"]} >= {"DUPLICATE", "EDITED"}
    stale = await importer.submit(draft)
    assert (stale.status_code, stale.json()["code"]) == (412, "PREVIEW_CHANGED")
    status = await importer.submit(now)
    assert status.json()["counts"]["pending"] == 2
    late = await correct(importer, draft, 4, email="eve@example.org")
    assert (late.status_code, late.json()["code"]) == (409, "ALREADY_SUBMITTED")


async def test_a_corrected_address_may_have_an_account(importer: Running, accounts: KnownAccounts) -> None:
    """It is asked of the provisioner; where that is away, what the file said before stands."""
    accounts.known[account_id(COURSE.project_id, "there@example.org")] = 2
    draft = (await importer.upload(TWICE.replace(b"bob@", b"there@"))).json()
    assert draft["verdicts"]["existing_ok"] == 1
    row = (await correct(importer, draft, 4, email="there@example.org")).json()["row"]
    assert (row["verdict"], row["duplicate_of"]) == ("duplicate", 2)
    accounts.reachable = False
    try:
        await correct(importer, draft, 2, email="somebody@example.org")
    finally:
        accounts.reachable = True
    assert [row["verdict"] for row in await rows_of(importer, draft)] == [
        "new", "new", "duplicate", "existing_ok",
    ]  # fmt: skip


async def test_nothing_to_correct(importer: Running) -> None:
    """No cell, no such row, no such draft, no such suggestion: said so, and nothing changes; NUL is no text."""
    draft = (await importer.upload(TWICE)).json()
    assert (await correct(importer, draft, 1)).status_code == 400
    assert (await correct(importer, draft, 99, email="a@example.org")).status_code == 404
    assert (await correct(importer, {"uuid": "0" * 32}, 1, email="a@example.org")).status_code == 404
    unknown = await importer.client.post(f"/api/import-drafts/{draft['uuid']}/fix/", json={"code": "X"})
    assert unknown.status_code == 400
    odd = await correct(importer, draft, 1, email="a\0b@example.org", description="x\0y\x07")
    assert (odd.status_code, odd.json()["row"]["verdict"]) == (200, "invalid")
    draft = odd.json()["draft"]
    none = await fix(importer, draft, code="SPLIT")
    assert (none["changed"], none["draft"]["preview_hash"]) == (0, draft["preview_hash"])


async def test_one_click_for_all_alike(importer: Running) -> None:
    """A slip in a domain: the problem says how many, and one call corrects those, and only those."""
    data = (
        b"email\n" + b"".join(b"p%d@gmial.com\n" % n for n in range(30)) + b"q@hotmial.com\nr@example.org\n"
    )
    draft = (await importer.upload(data)).json()
    [problem] = [one for one in draft["problems"] if one["code"] == "DOMAIN_TYPO"]
    assert (problem["count"], problem["first_row"], problem["first_line"]) == (31, 1, 2)
    offer = problem["suggestions"][0]
    assert (offer["count"], offer["example"]["value"]) == (30, "p0@gmail.com")
    fixed = await fix(importer, draft, code=offer["code"], like=offer["like"])
    assert (fixed["changed"], fixed["added"], fixed["more"]) == (30, 0, False)
    rows = await rows_of(importer, draft)
    assert [row["email"] for row in rows[-3:]] == ["p29@gmail.com", "q@hotmial.com", "r@example.org"]
    [left] = [one for one in fixed["draft"]["problems"] if one["code"] == "DOMAIN_TYPO"]
    assert left["count"] == 1
    again = await fix(importer, draft, code=offer["code"], like=offer["like"])
    assert again["changed"] == 0


async def test_two_addresses_become_two_rows(importer: Running) -> None:
    """The added row stands at the end, with the same line and description; it may repeat another row."""
    data = b'email,description\n"ada@example.org; bob@example.org",both\nbob@example.org,bob\n'
    draft = (await importer.upload(data)).json()
    assert draft["verdicts"]["invalid"] == 1
    fixed = await fix(importer, draft, code="SPLIT")
    assert (fixed["changed"], fixed["added"], fixed["draft"]["rows"]) == (1, 1, 3)
    rows = await rows_of(importer, draft)
    assert short(rows) == [
        (1, "ada@example.org", "new", None),
        (2, "bob@example.org", "new", None),
        (3, "bob@example.org", "duplicate", 2),
    ]
    assert (rows[2]["line"], rows[2]["description"]) == (2, "both")


async def test_a_person_may_insist(importer: Running) -> None:
    """Look-alike letters are accepted on confirmation; a blocked domain is not a matter of opinion."""
    data = "email\nаda@example.org\nx@blocked.example\n".encode()
    draft = (await importer.upload(data)).json()
    rows = await rows_of(importer, draft)
    assert [row["verdict"] for row in rows] == ["invalid", "invalid"]
    assert rows[1]["error"]["code"] == "EMAIL_DOMAIN_BLOCKED"
    offered = [{one["code"] for one in row["suggestions"]} for row in rows]
    assert offered[1] == set()
    if "KEEP_AS_IS" in offered[0]:
        fixed = await fix(importer, draft, code="KEEP_AS_IS", rows=[1])
        assert fixed["changed"] == 1
        row = (await rows_of(importer, draft))[0]
        assert row["confirmed"]
        assert row["error"] is None or row["error"]["code"] != "EMAIL_LOOKALIKE"


async def test_swapped_columns(importer: Running) -> None:
    """Address and description change places in all rows alike."""
    data = b"email,description\nGroup 1,ada@example.org\nGroup 2,bob@example.org\neve@example.org,Group 3\n"
    draft = (await importer.upload(data)).json()
    fixed = await fix(importer, draft, code="SWAP_COLUMNS")
    assert (fixed["changed"], fixed["draft"]["verdicts"]["new"]) == (2, 3)
    assert [(row["email"], row["description"]) for row in await rows_of(importer, draft)] == [
        ("ada@example.org", "Group 1"), ("bob@example.org", "Group 2"), ("eve@example.org", "Group 3"),
    ]  # fmt: skip


async def test_corrections_at_the_same_time(importer: Running) -> None:
    """Two people and a submission: each correction is whole, and only the preview somebody saw is submitted."""
    draft = (await importer.upload(people(50))).json()
    answers = await asyncio.gather(
        *(correct(importer, draft, row, email="same@example.org") for row in range(1, 11)),
        importer.submit(draft, key="early"),
    )
    submitted = answers[-1].status_code
    assert submitted in (202, 412)
    changed = [answer.status_code for answer in answers[:-1]]
    if submitted == 412:
        assert changed == [200] * 10
        now = await importer.draft(draft["uuid"])
        assert (now["verdicts"]["new"], now["verdicts"]["duplicate"]) == (41, 9)
        first, *others = (await rows_of(importer, draft))[:10]
        assert (first["verdict"], {row["duplicate_of"] for row in others}) == ("new", {1})
    else:
        assert changed.count(409) + changed.count(200) == 10


async def test_rows_are_found(importer: Running) -> None:
    """By verdict, by code of an error, a note or a suggestion, by text in a cell; pages go on with the filter."""
    data = b"email,description\n" + b"".join(b"p%d@gmial.com,100%% sure\n" % n for n in range(7)) + TWICE[18:]
    draft = (await importer.upload(data)).json()

    async def numbers(query: str) -> list[int]:
        return [row["row"] for row in await rows_of(importer, draft, query)]

    assert await numbers("?verdict=invalid") == [11]
    assert await numbers("?verdict=duplicate") == [10]
    assert await numbers("?code=DUPLICATE") == [10]
    assert len(await numbers("?code=DOMAIN_TYPO")) == 7
    assert len(await numbers("?code=USE_DOMAIN&text=P3@")) == 1
    assert len(await numbers("?text=100%25%20s")) == 7
    assert await numbers("?text=1%250") == []
    seen: list[int] = []
    following: str | None = f"/api/import-drafts/{draft['uuid']}/rows/?code=DOMAIN_TYPO&page_size=3"
    while following:
        page = (await importer.client.get(following)).json()
        seen += [row["row"] for row in page["results"]]
        following = page["next"]
    assert seen == [1, 2, 3, 4, 5, 6, 7]
