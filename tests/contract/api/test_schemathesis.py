"""Schemathesis asks the running system everything that the document allows, and much that it does not."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from deploy.openapi.tidying import Document
from tests.contract.api.people import Things, World, made

if TYPE_CHECKING:
    from tests.e2e.site import Site

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

_SOAK: Final = os.environ.get("SOAK") == "1"
_LEFT_OUT: Final = {
    "follow_import": "server-sent events go on for ever",
    "compare_with_target": "goes on as long as the account service has accounts; one at a time in a process",
    "ask_for_replay": "each is a process that reads the whole log: those of tests/e2e/test_replay.py are enough",
    "pause_target": "nobody else could work meanwhile; tests/integration/provisioner/ pauses targets of its own",
    "change_target_rate": "the same",
    "revoke_token": "could end the very token of the run",
    "sign_out": "the same",
}
"""Operations that are not asked, and why."""
_REFUSALS: Final = (400, 401, 403, 404, 405, 408, 409, 412, 413, 415, 422, 429)
_CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "ignored_auth",
)


@pytest.mark.parametrize("role", ["staff", "manager"])
async def test_no_accident_and_nothing_undocumented(
    role: str, site: "Site", document: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No 5xx, no status, type or field that is not documented, and no broken request that is taken.

    Staff ask about ids that may not exist, a manager about what there is in the own course.
    """
    world = await made(site)
    projects = await _projects(site)
    try:
        code, said = await _schemathesis(role, world, site, document, tmp_path)
    finally:
        await _tidy_up(site, projects)
    with capsys.disabled():
        print(f"\nSchemathesis as {role}:\n{said}")
    assert code == 0, said


async def _schemathesis(
    role: str, world: World, site: "Site", document: Document, folder: Path
) -> tuple[int, str]:
    """Run it; the exit code and what it printed."""
    (folder / "openapi.json").write_text(json.dumps(document))
    (folder / "schemathesis.toml").write_text(_settings(world.own if role == "manager" else None))
    words = [
        *("run", "openapi.json", "--url", str(site.http.base_url).rstrip("/")),
        *("--header", f"Authorization: {world.headers[role]['Authorization']}"),
        *("--phases", _phases(role)),
        *("--max-examples", "200" if _SOAK else "3"),
        *("--checks", ",".join(_CHECKS)),
        *("--workers", "2", "--seed", "7", "--no-color", "--warnings", "off", "--request-timeout", "30"),
        *("--suppress-health-check", "all"),
        *(word for name in _LEFT_OUT for word in ("--exclude-operation-id", name)),
        *(() if _SOAK else _less(role)),
    ]
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).parent / "schemathesis",
        *words,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


def _phases(role: str) -> str:
    """Examples are the same for everybody: in a short run staff ask them."""
    if _SOAK:
        return "examples,coverage,fuzzing"
    return "examples,fuzzing" if role == "staff" else "fuzzing"


def _less(role: str) -> tuple[str, ...]:
    """What a short run leaves out: routes that two more services have alike; for a manager what only staff may do."""
    if role == "staff":
        return ("--exclude-path-regex", "^/api/parked/(provisioner|projector)/")
    return ("--exclude-tag-regex", "parked records|replays|target|operators")


def _settings(things: Things | None) -> str:
    """Its settings: what counts as a refusal, and which ids there are."""
    refused = ", ".join(map(str, _REFUSALS))
    checks = f"[checks]\nnegative_data_rejection.expected-statuses = [{refused}]\n"
    if things is None:
        return checks
    ids: Mapping[str, str] = {
        "marketplace-course-accounts": things.erred,
        "course-imports": things.import_id,
        "import-drafts": things.draft,
        "course-projects": things.project,
        "jobs": things.job,
    }
    return checks + "".join(
        f'[[operations]]\ninclude-path-regex = "^/api/{part}/.uuid."\nparameters = {{ "path.uuid" = "{uuid}" }}\n'
        for part, uuid in ids.items()
    )


async def _projects(site: "Site") -> set[str]:
    """All projects there are."""
    found: set[str] = set()
    address = "/api/course-projects/?page_size=1000"
    while address:
        page = (await site.http.get(address)).json()
        found |= {project["uuid"] for project in page["results"]}
        address = page["next"]
    return found


async def _tidy_up(site: "Site", projects: set[str]) -> None:
    """Leave the installation as others expect it: without projects that were only tried out."""
    for project in await _projects(site) - projects:
        assert (await site.http.delete(f"/api/course-projects/{project}/")).status_code == 200
    assert (await site.http.post("/api/target/resume/")).status_code == 200


def test_what_is_left_out_is_there(document: Document) -> None:
    """Every operation that is not asked is one of the document's."""
    known = {one["operationId"] for item in document["paths"].values() for one in item.values()}
    assert set(_LEFT_OUT) <= known
