"""The page's files as the front serves them."""

import gzip
from pathlib import Path

import pytest
from aiohttp import ClientSession
from yarl import URL

from deploy.embedded.front.page import POLICY, Page
from tests.integration.front.support import Fronts

INDEX = b'<!doctype html><script type="module" src="/assets/main-AAAA1111.js"></script>'
SCRIPT = b"export {}; " * 100


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A page that was built."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(INDEX)
    script = tmp_path / "assets" / "main-AAAA1111.js"
    script.write_bytes(SCRIPT)
    script.with_name("main-AAAA1111.js.gz").write_bytes(gzip.compress(SCRIPT))
    script.with_name("main-AAAA1111.js.br").write_bytes(b"as if by brotli")
    (tmp_path / "secret.json").write_text("{}")
    return tmp_path


async def _client(fronts: Fronts, directory: Path) -> ClientSession:
    return (await fronts.start(page=Page(directory))).client


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/courses/2f1d3a5b7c9e4f60a1b2c3d4e5f60718/",
        "/courses/2f1d3a5b7c9e4f60a1b2c3d4e5f60718/add/",
        "/imports/2f1d3a5b7c9e4f60a1b2c3d4e5f60718/",
        "/operators/replays/",
        "/account/",
        "/?state=Erred",
    ],
)
async def test_every_address_of_the_page_answers_with_its_one_file(
    fronts: Fronts, built: Path, path: str
) -> None:
    """A reload, or an address that was sent to a colleague, shows what it names."""
    client = await _client(fronts, built)
    async with client.get(path) as answer:
        assert (answer.status, await answer.read()) == (200, INDEX)
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "X-Request-ID" in answer.headers


async def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline() -> None:
    """No source but ourselves, and nothing that text could become a script by."""
    said = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert said["default-src"] == "'none'"
    assert said["script-src"] == said["style-src"] == said["connect-src"] == "'self'"
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert said["trusted-types"] == "'none'"


async def test_assets_are_kept_for_ever_and_sent_small(fronts: Fronts, built: Path) -> None:
    """Brotli before gzip before plain, by what the client takes; names change with the content."""
    client = await _client(fronts, built)
    for accepted, coding, body in (
        ("gzip, br", "br", b"as if by brotli"),
        ("gzip, br;q=0", "gzip", gzip.compress(SCRIPT, mtime=0)),
        ("identity", None, SCRIPT),
    ):
        headers = {"Accept-Encoding": accepted}
        async with client.get("/assets/main-AAAA1111.js", headers=headers, auto_decompress=False) as answer:
            assert answer.headers.get("Content-Encoding") == coding
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer.headers["Vary"] == "Accept-Encoding"
            got = await answer.read()
            assert (gzip.decompress(got) == SCRIPT) if coding == "gzip" else (got == body)


async def test_what_is_known_already_is_not_sent_again(fronts: Fronts, built: Path) -> None:
    """The index is asked for each time, and costs nothing when it is the same."""
    client = await _client(fronts, built)
    async with client.get("/") as answer:
        tag = answer.headers["ETag"]
    async with client.get("/", headers={"If-None-Match": tag}) as again:
        assert (again.status, await again.read()) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/missing-AAAA1111.js",
        "/assets/../secret.json",
        "/assets/%2e%2e/secret.json",
        "/assets/main-AAAA1111.js.br",
        "/assets/secret.json",
        "/secret.json",
        "/index.html",
        "/coursesx/",
        "//elsewhere/",
    ],
)
async def test_nothing_else_can_be_fetched(fronts: Fronts, built: Path, path: str) -> None:
    """Only assets by their exact names; a path that leads elsewhere is an unknown one."""
    front = await fronts.start(page=Page(built))
    async with front.client.get(URL(front.url + path, encoded=True)) as answer:
        assert answer.status == 404


async def test_a_page_is_only_read(fronts: Fronts, built: Path) -> None:
    """Nothing can be sent to the page's addresses."""
    client = await _client(fronts, built)
    async with client.post("/courses/") as answer:
        assert answer.status == 404


async def test_a_new_build_is_noticed_without_a_restart(fronts: Fronts, built: Path) -> None:
    """Who builds the page while everything runs only loads it again."""
    client = await _client(fronts, built)
    async with client.get("/") as answer:
        assert await answer.read() == INDEX
    newer = built / "index.new"
    newer.write_bytes(b"newer")
    newer.replace(built / "index.html")
    async with client.get("/") as answer:
        assert await answer.read() == b"newer"


async def test_without_a_build_the_address_says_how_to_make_one(fronts: Fronts, tmp_path: Path) -> None:
    """Nobody meets an empty window: the note names the command."""
    client = await _client(fronts, tmp_path / "nothing")
    async with client.get("/") as answer:
        assert answer.status == 200
        assert "make page" in await answer.text()
        assert answer.headers["Cache-Control"] == "no-store"
