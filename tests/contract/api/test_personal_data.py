"""Nothing that names a person is in a log, a metric, the audit trail or an address, whatever was done with a list."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.contract.api.people import ACCOUNTS, settled
from tests.contract.api.recorder import recording
from tests.contract.api.traces import found_in, logs, metrics, spellings
from tests.support.person import Ended

if TYPE_CHECKING:
    from tests.e2e.site import Course, Site

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


class People:
    """Names that are nowhere else, and a list of them as somebody would write it."""

    def __init__(self) -> None:
        self.mark = uuid4().hex[:10]
        self.domain = f"{self.mark}.example"
        self.names = [
            f"{name}{self.mark}" for name in ("Ada.Lovelace", "refused+Charles", "flaky+Grace", "taken+Alan")
        ]
        self.emails = [f"{name}@{self.domain}" for name in self.names]
        self.broken = f"Joan.Clarke{self.mark}(at){self.domain}"
        self.description = f"Sits beside Émilie {self.mark}"
        self.by_api = f"Hedy.Lamarr{self.mark}@{self.domain}"
        self.corrected = f"Radia.Perlman{self.mark}@{self.domain}"

    @property
    def secrets(self) -> list[str]:
        """Everything that must be nowhere."""
        return [
            *self.emails,
            *self.names,
            self.broken,
            self.description,
            self.by_api,
            self.corrected,
            self.domain,
        ]

    def file(self, folder: Path) -> Path:
        """The list, with a repeated address in other letters and one that is none."""
        rows = [*self.emails, self.emails[0].upper(), self.broken]
        path = folder / f"list-{uuid4().hex[:8]}.csv"
        path.write_text("\n".join(["email,description", *(f"{row},{self.description}" for row in rows), ""]))
        return path


async def test_nobody_is_named_anywhere(site: "Site", course: "Course", tmp_path: Path) -> None:
    """A whole import, everything people do with it, and every malformed request: then all traces are searched."""
    people = People()
    async with recording(str(site.http.base_url).rstrip("/")) as recorder:
        here = ("--server", recorder.url, "--token", site.installation.ready["token"])
        ended = await site.person.run(
            "import", people.file(tmp_path), "--project", course.slug, "--wait", "--json", *here
        )
        import_id = ended.last["uuid"]
        assert ended.last["counts"]["created"] == 2, ended.err
        for words in (
            ("failures", import_id),
            ("accounts", "--project", course.slug),
            ("retry", "--import", import_id, "--all", "--wait"),
            ("correct", import_id, "2", "--email", people.corrected),
            ("export", "rows", import_id, tmp_path / "rows.csv"),
            ("history", people.emails[0], "--project", course.slug),
            ("close", "--project", course.slug, "--yes", "--wait"),
        ):
            done = await site.person.run(*words, *here)
            assert _said_something(done), (words, done.err)
    await _over_the_api(site, course, people)
    await _malformed(site, people)
    await site.drained()

    traces = await _traces(site)
    # The filter by e-mail is Waldur's, and the command `history` finds a person by it: the one address with a person.
    others = [target for target in recorder.targets if not target.startswith(f"{ACCOUNTS}?")]
    assert len(others) > 10
    traces["addresses the command line asked"] = "\n".join(others)
    assert found_in(traces, people.secrets) == []


def test_a_secret_would_be_found() -> None:
    """The search sees what it looks for: in other letters, escaped, and inside of base64."""
    assert found_in({"log": "… ADA.LOVELACE%40privacy.example …"}, ["Ada.Lovelace@privacy.example"])
    assert found_in(
        {"log": "eyJlbWFpbCI6ICJhZGEubG92ZWxhY2VAcHJpdmFjeS5leGFtcGxlIn0="}, ["ada.lovelace@privacy.example"]
    )
    assert not found_in({"log": "ada@elsewhere.example"}, ["Ada.Lovelace@privacy.example"])
    assert "ada%40privacy.example" in spellings("Ada@privacy.example")


def _said_something(done: Ended) -> bool:
    return done.code in (0, 5) and done.out + done.err != ""


async def _over_the_api(site: "Site", course: "Course", people: People) -> None:
    """What a script does: create, find, read, retry, close."""
    http, project = site.http, course.project_id.hex
    body = {"email": people.by_api, "project": project, "description": people.description}
    made = await http.post(ACCOUNTS, json=body, headers={"Idempotency-Key": f"key-{people.mark[:4]}"})
    assert made.status_code == 201, made.text
    account = (await settled(http, made.json()["uuid"]))["uuid"]
    found = await http.get(ACCOUNTS, params={"email": people.by_api.upper(), "project_uuid": project})
    assert [one["uuid"] for one in found.json()] == [account]
    assert (await http.get(f"{ACCOUNTS}{account}/history/")).status_code == 200
    assert (await http.post(f"{ACCOUNTS}{account}/retry/")).status_code == 409
    assert (await http.delete(f"{ACCOUNTS}{account}/")).status_code == 202


async def _malformed(site: "Site", people: People) -> None:
    """Addresses in all the wrong places: path, query, headers, broken bodies. No answer is a success or an accident."""
    http, email = site.http, people.emails[0]
    for asked in (
        http.get(f"{ACCOUNTS}{email}/"),
        http.get("/api/course-imports/", params={"project": email}),
        http.get("/api/course-imports/", params={"cursor": email}),
        http.get(ACCOUNTS, params={"o": email}),
        http.post(
            ACCOUNTS, content=f'{{"email": "{email}", '.encode(), headers={"Content-Type": "application/json"}
        ),
        http.post(ACCOUNTS, json={"email": [email], "project": email}),
        http.post(f"{ACCOUNTS}create_bulk/", json={"course_accounts": email, "project": email}),
        http.post("/api/import-drafts/", files={"file": (f"{email}.csv", f"{email}\n".encode())}),
        http.post("/api/import-drafts/", json={"project": email, "accounts": [{"email": email}]}),
        http.post("/api/jobs/", json={"action": "close", "accounts": [email]}),
        http.post("/api/tokens/", json={"user_id": email, "projects": [email]}),
        http.get("/api/session/", headers={"Authorization": f"Token {email}"}),
        http.get(f"/api/{email}/"),
    ):
        answer = await asked
        assert 400 <= answer.status_code < 500, (answer.request.url, answer.status_code)


async def _traces(site: "Site") -> Mapping[str, str]:
    """All logs, all metrics, the audit trail."""
    written = logs(site.installation)
    for part in ("importer", "provisioner", "projector", "front", "account_service", "kafka", "postgres"):
        assert any(f"{part}.log" in file and text for file, text in written.items()), (part, sorted(written))
    said = await metrics(
        {row["title"]: row["address"] for row in _table(site) if row["address"].startswith("http")}
    )
    assert len(said) >= 3, sorted(said)
    audit = await site.http.get("/api/audit/", params={"page_size": 300})
    assert audit.json()["results"]
    return {**written, **said, "audit": audit.text}


def _table(site: "Site") -> list[dict[str, str]]:
    import json

    document = json.loads((site.installation.data_dir / "ready.json").read_text())
    found: list[dict[str, str]] = document["services"]
    return found
