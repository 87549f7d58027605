"""Cases that are more than one upload. The first line of each docstring is what the table says."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from schemas.facts import AccountRequested
from tests.cases.model import Case
from tests.cases.playing import UNREADABLE, Player
from tests.integration.importer.support import until

Drafts = list[dict[str, Any] | None]
Procedure = Callable[[Player, Case, Drafts], Awaitable[None]]


async def confirm(player: Player, case: Case, drafts: Drafts) -> None:
    """Confirmed (`KEEP_AS_IS`), the row is taken, with the note `CONFIRMED`."""
    draft = drafts[0]
    assert draft is not None
    row = (await player.rows(draft))[0]
    chosen = next(one for one in row["suggestions"] if one["code"] == "KEEP_AS_IS")
    answer = await player.client.post(
        f"/api/import-drafts/{draft['uuid']}/fix/",
        json={"code": chosen["code"], "like": chosen["like"]},
    )
    assert answer.status_code == 200, answer.text
    changed = await player.importer.draft(draft["uuid"])
    assert (changed["verdicts"]["new"], changed["verdicts"]["invalid"]) == (2, 0)
    assert changed["preview_hash"] != draft["preview_hash"]
    row = (await player.rows(draft))[0]
    assert (row["verdict"], [note["code"] for note in row["notes"]]) == ("new", ["CONFIRMED"])


async def seen_before(player: Player, case: Case, drafts: Drafts) -> None:
    """`seen_before` says when, and by whom, this content was imported to this course; it may be imported again."""
    draft = drafts[0]
    assert draft is not None
    assert draft["file"]["seen_before"] is None
    answer = await player.importer.submit(draft)
    assert answer.status_code == 202, answer.text
    again = replace(case.uploads[0], file="copy-of-monday.csv")
    second = await player.previewed(await player.send(again, UUID(draft["project_uuid"])))
    seen = second["file"]["seen_before"]
    assert second["file"]["name"] == "copy-of-monday.csv"
    assert "staff" in str(seen)
    assert draft["uuid"] in str(seen)
    assert second["state"] == "previewed"


async def submit_what_was_previewed(player: Player, case: Case, drafts: Drafts) -> None:
    """The rows that were previewed are created, whatever became of the file; the hash of another preview gives 412."""
    draft = drafts[0]
    assert draft is not None
    other = await player.importer.submit({**draft, "preview_hash": "0" * 64})
    assert (other.status_code, other.json()["code"]) == (412, "PREVIEW_CHANGED")
    rows = [(row["row"], row["email"], row["description"]) for row in await player.rows(draft)]
    assert (await player.importer.submit(draft)).status_code == 202

    async def requested() -> list[tuple[int, str, str]] | None:
        facts = [event.fact for _, _, event in await player.site.events()]
        found = [
            (fact.claim.row, fact.personal.email, fact.personal.description)
            for fact in facts
            if isinstance(fact, AccountRequested) and fact.claim.import_id == UUID(draft["uuid"])
        ]
        return sorted(found) if len(found) >= len(rows) else None

    assert await until(requested) == rows


async def broken_off(player: Player, case: Case, drafts: Drafts) -> None:
    """A form that ends in the middle: 400 `BAD_FORM`; nothing of it is kept."""
    project = player.course()
    form = (
        f'--x\r\nContent-Disposition: form-data; name="project"\r\n\r\n{project.hex}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="half.csv"\r\n\r\n'
    ).encode() + (case.folder / "half.csv").read_bytes()
    answer = await player.client.post(
        "/api/import-drafts/", content=form, headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_FORM")
    query = "SELECT count(*) FROM importer.drafts WHERE project_id = $1"
    assert await player.database.fetchval(query, project) == 0


async def at_the_limit(player: Player, case: Case, drafts: Drafts) -> None:
    """Answered with 202; the first page can be seen while the rest is read; the sums are exact."""
    count = (await player.client.get("/api/import-drafts/limits/")).json()["rows"]
    lines = [f"person{n % (count - 7)}@example.org;Group {n % 40}" for n in range(count)]
    answer = await player.importer.upload("\n".join(["email;description", *lines]).encode(), player.course())
    assert answer.status_code == 202
    draft = answer.json()

    async def first_page() -> list[dict[str, Any]]:
        page = await player.client.get(f"/api/import-drafts/{draft['uuid']}/rows/")
        return list(page.json()["results"])

    assert [row["row"] for row in await until(first_page)][:3] == [1, 2, 3]
    assert (await player.importer.draft(draft["uuid"]))["state"] == "reading"
    draft = await player.previewed(answer)
    assert (draft["state"], draft["rows"], draft["to_create"]) == ("previewed", 200_000, 199_993)
    assert (draft["verdicts"]["new"], draft["verdicts"]["duplicate"]) == (199_993, 7)


async def any_bytes(player: Player, case: Case, drafts: Drafts) -> None:
    """Rows whose verdicts add up, or a refusal with code and sentence; never an error of ours."""
    chance = random.Random(65)  # noqa: S311 - the same bytes in every run
    pieces = [file.read_bytes() for file in sorted(case.folder.parent.glob("*/*")) if file.suffix != ".toml"]
    outcomes = set()
    for _ in range(_STRANGE_FILES):
        data = bytearray(b"".join(chance.sample(pieces, chance.choice((1, 1, 2)))))
        for _ in range(chance.choice((1, 5, 50))):
            place = chance.randrange(len(data) + 1)
            data[place : place + chance.choice((0, 1, 9))] = chance.randbytes(chance.choice((0, 1, 3)))
        answer = await player.importer.upload(bytes(data), player.courses[0].project_id)
        if answer.status_code == 422:
            assert answer.json()["code"], data
            assert answer.json()["detail"], data
        else:
            draft = await player.previewed(answer)
            assert draft["state"] == "previewed", data
            assert draft["rows"] == sum(draft["verdicts"].values()) > 0, data
            assert UNREADABLE not in await player.stored(draft), data
        outcomes.add(answer.status_code)
    assert outcomes == {201, 422}


_STRANGE_FILES = 60
PROCEDURES: dict[str, Procedure] = {
    procedure.__name__: procedure
    for procedure in (confirm, seen_before, submit_what_was_previewed, broken_off, at_the_limit, any_bytes)
}
