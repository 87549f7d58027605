"""Tokens, sessions, one-time tokens, keys and the audit trail, over HTTP and real tables."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from deploy.provisioning.tokens import provision_sign_in
from services.common.access import Authenticator, NotSignedIn, new_token
from services.common.access.tokens import add_token
from services.common.database import open_pool
from services.importer.access.roles import roles_from_projects
from tests.integration.importer.support import (
    COURSE,
    ENDLESS,
    ENDS_TODAY,
    Running,
    Site,
    publish_projects,
    until,
)

OWN = {"Sec-Fetch-Site": "same-origin"}
SESSION = "course_accounts_session"


@asynccontextmanager
async def visitor(importer: Running, token: str | None = None) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody with a token, or a browser with nothing yet."""
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(importer.service.asgi),
        base_url="http://importer",
        headers={} if token is None else {"Authorization": f"Bearer {token}"},
    ) as client:
        yield client


async def signed_up(site: Site, user: str, *, staff: bool = False) -> str:
    """A token of somebody new."""
    token = new_token()
    async with await open_pool(site.admin_dsn, name="tests", size=1) as pool:
        await add_token(pool, token, user_id=user, staff=staff)
    return token


async def made(client: httpx2.AsyncClient, **wish: Any) -> dict[str, Any]:
    """A new token."""
    answer = await client.post("/api/tokens/", json=wish)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def code(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    return answer.status_code, answer.json()["code"]


async def trail(importer: Running, **query: Any) -> list[Mapping[str, Any]]:
    """What was done, the newest first."""
    answer = await importer.client.get("/api/audit/", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


async def test_the_life_of_a_token(importer: Running) -> None:
    """Made, shown without its secret, used, listed with its use, revoked; then nobody takes it."""
    token = await made(importer.client, user_id="tina", note=" weekly ", projects=[str(COURSE.project_id)])
    secret = token.pop("token")
    path = f"/api/tokens/{token['uuid']}/"
    assert (token["user_id"], token["note"], token["created_by"]) == ("tina", "weekly", "staff")
    assert (token["staff"], token["may_write"], token["projects"]) == (False, False, [COURSE.project_id.hex])
    assert (await importer.client.get(path)).json() == token
    async with visitor(importer, secret) as tina:
        who = (await tina.get("/api/session/")).json()
        assert (who["user_id"], who["may_write"], who["expires"]) == ("tina", False, token["expires"])
        assert [one["uuid"] for one in (await tina.get("/api/tokens/")).json()["results"]] == [token["uuid"]]

        async def used() -> bool:
            return (await importer.client.get(path)).json()["last_used"] is not None

        await until(used)
        assert code(await tina.post("/api/tokens/", json={})) == (403, "NOT_ALLOWED")
        for _ in range(2):
            assert (await importer.client.delete(path)).status_code == 204
        assert code(await tina.get("/api/session/")) == (401, "NOT_SIGNED_IN")
    (shown,) = (await importer.client.get("/api/tokens/", params={"user": "tina"})).json()["results"]
    assert shown["revoked"]
    assert secret not in (await importer.client.get("/api/tokens/")).text


async def test_tokens_of_others(importer: Running, shared_site: Site) -> None:
    """Are not there for anybody but staff; nobody gives more than they have."""
    other = await made(importer.client, user_id="somebody")
    path = f"/api/tokens/{other['uuid']}/"
    async with visitor(importer, await signed_up(shared_site, "uwe")) as uwe:
        assert code(await uwe.get(path)) == code(await uwe.delete(path)) == (404, "NOT_FOUND")
        assert (await uwe.get("/api/tokens/", params={"user": "somebody"})).json()["results"] == []
        for wish in ({"user_id": "somebody"}, {"staff": True}):
            assert code(await uwe.post("/api/tokens/", json=wish)) == (403, "NOT_ALLOWED")
        answer = await uwe.post("/api/tokens/", json={"projects": [str(COURSE.project_id)]})
        assert code(answer) == (400, "PROJECT_UNKNOWN")
        own = await made(uwe, may_write=True)
        assert own["user_id"] == "uwe"
        for method, where in (("GET", "/api/audit/"), ("POST", "/api/sign-ins/")):
            answer = await uwe.request(method, where, json={"user_id": "x"} if method == "POST" else None)
            assert code(answer) == (403, "NOT_ALLOWED")


async def test_a_token_ends_with_the_one_it_was_made_with(importer: Running) -> None:
    """At the latest; also when that one was traded for a session. A session of a one-time token is not bound so."""
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    short = await made(importer.client, user_id="vera", may_write=True, expires=tomorrow)
    async with visitor(importer, short["token"]) as vera:
        assert (await made(vera))["expires"] == short["expires"]
        answer = await vera.post("/api/tokens/", json={"expires": later})
        assert code(answer) == (400, "EXPIRES_TOO_LATE")
        assert "expires" in answer.json()["errors"]
    async with visitor(importer) as browser:
        await browser.post("/api/session/", json={"token": short["token"]})
        assert (await browser.post("/api/tokens/", json={}, headers=OWN)).json()["expires"] == short[
            "expires"
        ]
    invited = (await importer.client.post("/api/sign-ins/", json={"user_id": "vera"})).json()
    async with visitor(importer) as browser:
        await browser.post("/api/session/", json={"sign_in": invited["sign_in"]})
        assert (await browser.post("/api/tokens/", json={}, headers=OWN)).json()["expires"] > short["expires"]


async def test_who_may_only_read_may_end_its_own_token(importer: Running) -> None:
    """It may have got into wrong hands; no other of the same person."""
    reader, writer = [await made(importer.client, user_id="rita", may_write=write) for write in (False, True)]
    async with visitor(importer, reader["token"]) as rita:
        assert code(await rita.delete(f"/api/tokens/{writer['uuid']}/")) == (403, "NOT_ALLOWED")
        assert (await rita.delete(f"/api/tokens/{reader['uuid']}/")).status_code == 204
        assert (await rita.get("/api/session/")).status_code == 401


@pytest.mark.parametrize(
    "wish",
    [
        {"expires": "2020-01-01T00:00:00Z"},
        {"expires": "2999-01-01T00:00:00Z"},
        {"expires": "2027-01-01T00:00:00"},
        {"user_id": ""},
        {"user_id": "a\x00b"},
        {"user_id": "x" * 201},
        {"projects": []},
        {"projects": ["nonsense"]},
        {"note": "x" * 501},
        {"note": "a\nb"},
        {"may_write": "perhaps"},
        {"scopes": ["all"]},
        [],
    ],
)
async def test_what_is_no_token(importer: Running, wish: Any) -> None:
    """Said by field; nothing is made."""
    answer = await importer.client.post("/api/tokens/", json=wish)
    assert code(answer) == (400, "INVALID_REQUEST")
    assert answer.json()["errors"]


async def test_pages_of_tokens(importer: Running) -> None:
    """Each token once, the newest first, also while others are made."""
    numbers = [(await made(importer.client, user_id="pia", note=str(n)))["note"] for n in range(5)]
    seen: list[str] = []
    link: str | None = "/api/tokens/?user=pia&page_size=2"
    while link:
        page = (await importer.client.get(link)).json()
        seen += [one["note"] for one in page["results"]]
        link = page["next"]
        await made(importer.client, user_id="pia", note="later")
    assert seen == numbers[::-1]
    assert code(await importer.client.get("/api/tokens/?cursor=nonsense")) == (400, "INVALID_REQUEST")


async def test_a_one_time_token_signs_in_once(importer: Running, shared_site: Site) -> None:
    """The cookie signs in from then on; a change needs our own page; signing out ends it."""
    one_time = await provision_sign_in(shared_site.admin_dsn, seconds=60)
    async with visitor(importer) as browser, visitor(importer) as thief:
        answer = await browser.post("/api/session/", json={"sign_in": one_time}, headers=OWN)
        assert answer.status_code == 200, answer.text
        assert {"user_id", "staff", "may_write", "expires"} == answer.json().keys()
        cookie = answer.headers["set-cookie"]
        assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/"))
        assert code(await thief.post("/api/session/", json={"sign_in": one_time})) == (401, "SIGN_IN_REFUSED")
        assert (await browser.get("/api/session/")).json() == answer.json()
        assert answer.json()["staff"] is True
        assert code(await browser.post("/api/sign-ins/", json={"user_id": "x"})) == (403, "CROSS_SITE")
        assert (await browser.post("/api/sign-ins/", json={"user_id": "x"}, headers=OWN)).status_code == 201
        secret = browser.cookies[SESSION]
        left = await browser.delete("/api/session/", headers=OWN)
        assert (left.status_code, SESSION in browser.cookies) == (204, False)
        thief.cookies.set(SESSION, secret)
        assert (await thief.get("/api/session/")).status_code == 401
        assert (await browser.delete("/api/session/", headers=OWN)).status_code == 204


async def test_one_time_tokens_that_do_not_sign_in(importer: Running, shared_site: Site) -> None:
    """Too old, unknown, no token, both; and other sites can sign nobody in."""
    late = await provision_sign_in(shared_site.admin_dsn, seconds=-1)
    good = await provision_sign_in(shared_site.admin_dsn, seconds=60)
    async with visitor(importer) as browser:
        for one_time in (late, new_token()):
            refused = await browser.post("/api/session/", json={"sign_in": one_time})
            assert code(refused) == (401, "SIGN_IN_REFUSED")
            assert refused.headers["www-authenticate"]
        for body in ({}, {"sign_in": good, "token": "x"}, {"sign_in": ""}, {"sign_in": good, "x": 1}):
            assert code(await browser.post("/api/session/", json=body)) == (400, "INVALID_REQUEST")
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}):
            answer = await browser.post("/api/session/", json={"sign_in": good}, headers=headers)
            assert code(answer) == (403, "CROSS_SITE")
        assert (await browser.post("/api/session/", json={"sign_in": good})).status_code == 200


async def test_an_address_for_somebody_else(importer: Running) -> None:
    """As the projects name them; without the rights of staff, if these were not given."""
    answer = await importer.client.post("/api/sign-ins/", json={"user_id": "mari"})
    assert answer.status_code == 201
    found = answer.json()
    assert found["url"] == f"http://importer/#sign-in={found['sign_in']}"
    left = datetime.fromisoformat(found["expires"]) - datetime.now(UTC)
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    async with visitor(importer) as mari:
        who = (await mari.post("/api/session/", json={"sign_in": found["sign_in"]})).json()
        assert (who["user_id"], who["staff"], who["may_write"]) == ("mari", False, True)


async def test_a_session_for_a_token_ends_with_it(importer: Running, shared_site: Site) -> None:
    """It allows what the token allows."""
    token = await made(importer.client, user_id="tom", projects=[str(COURSE.project_id)])
    async with visitor(importer) as browser:
        answer = await browser.post("/api/session/", json={"token": token["token"]})
        assert (answer.status_code, answer.json()["may_write"]) == (200, False)
        assert (await browser.get("/api/session/")).json()["user_id"] == "tom"
        await importer.client.delete(f"/api/tokens/{token['uuid']}/")
        secret = browser.cookies[SESSION]
        again = await browser.post("/api/session/", json={"token": token["token"]}, headers=OWN)
        assert code(again) == (401, "SIGN_IN_REFUSED")
    async with await open_pool(shared_site.dsn, name="tests", size=1) as pool:
        with pytest.raises(NotSignedIn):
            await Authenticator(pool).session(secret)


async def test_https_gets_the_cookie_of_https(importer: Running, shared_site: Site) -> None:
    """As the front says how the client came."""
    one_time = await provision_sign_in(shared_site.admin_dsn, seconds=60)
    async with visitor(importer) as browser:
        answer = await browser.post(
            "/api/session/", json={"sign_in": one_time}, headers={"X-Forwarded-Proto": "https"}
        )
    assert answer.headers["set-cookie"].startswith(f"__Host-{SESSION}=")
    assert answer.headers["set-cookie"].endswith("; Secure")


async def test_the_same_upload_twice_is_one_draft(importer: Running) -> None:
    """With a key; and what is different is refused, in the middle of a long body, too."""
    path = f"/api/import-drafts/?project={COURSE.project_id.hex}"
    content = b"email\n" + b"".join(b"person%d@example.org\n" % n for n in range(30_000))
    headers = {"Content-Type": "text/csv", "Idempotency-Key": "upload-1"}
    first, again = [await importer.client.post(path, content=content, headers=headers) for _ in range(2)]
    assert first.status_code in (201, 202)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    for other in (content + b"x@example.org\n", content[:-1], content.replace(b"person7@", b"person8@")):
        refused = await importer.client.post(path, content=other, headers=headers)
        assert code(refused) == (422, "IDEMPOTENCY_KEY_REUSED")


async def test_the_secret_of_a_token_is_not_kept(importer: Running, shared_site: Site) -> None:
    """The second request learns that it was done, and where to look."""
    headers = {"Idempotency-Key": "token-1"}
    first = await importer.client.post("/api/tokens/", json={"user_id": "kim"}, headers=headers)
    again = await importer.client.post("/api/tokens/", json={"user_id": "kim"}, headers=headers)
    assert code(again) == (409, "IDEMPOTENCY_ANSWER_NOT_KEPT")
    assert again.headers["location"] == first.headers["location"]
    async with await open_pool(shared_site.admin_dsn, name="tests", size=1) as pool:
        for table in ("idempotency", "tokens", "audit"):
            lines = await pool.fetch(f"SELECT one::text AS line FROM access.{table} AS one")  # noqa: S608 - ours
            assert not [line for (line,) in lines if first.json()["token"] in line]
        assert await pool.fetchval("SELECT count(*) FROM access.tokens WHERE user_id = 'kim'") == 1


async def test_what_was_done_is_there_for_staff(importer: Running, shared_site: Site) -> None:
    """Who, with what, what, about what; not what was refused, repeated, read, or sent."""
    token = await made(importer.client, user_id="aud", may_write=True)
    where = {"object": token["uuid"]}
    async with visitor(importer, token["token"]) as aud:
        assert (await aud.post("/api/tokens/", json={"staff": True})).status_code == 403
        for _ in range(2):
            await aud.delete(f"/api/tokens/{token['uuid']}/", headers={"Idempotency-Key": "end"})
    entries = await trail(importer, **where)
    assert [(one["user_id"], one["action"], one["status"]) for one in entries] == [
        ("aud", "revoke_token", 204),
        ("staff", "create_token", 201),
    ]
    assert entries[0]["credential"].replace("-", "") == token["uuid"]
    assert (entries[0]["service"], entries[0]["objects"]) == ("importer", [token["uuid"]])
    assert await trail(importer, user="aud", **where) == [entries[0]]
    assert await trail(importer, action="create_token", **where) == [entries[1]]
    assert await trail(importer, after=entries[0]["time"], **where) == [entries[0]]
    assert await trail(importer, before=entries[0]["time"], **where) == [entries[1]]
    one = (await importer.client.get("/api/audit/", params={"page_size": 1, **where})).json()
    assert one["results"] == [entries[0]]
    rest = (await importer.client.get(one["next"])).json()
    assert (rest["results"], rest["next"]) == ([entries[1]], None)
    for query in (
        {"cursor": "x"},
        {"after": "yesterday"},
        {"project": "x"},
        {"action": "a b"},
        {"page_size": 0},
    ):
        assert code(await importer.client.get("/api/audit/", params=query)) == (400, "INVALID_REQUEST")


async def test_roles_are_there_when_the_record_is_read(importer: Running, shared_site: Site) -> None:
    """And again after a start on tables of a version that knew none; a project that lost its manager is not there."""
    before, after = [
        replace(ENDS_TODAY, managers=people, revision=n) for n, people in ((2, ("rolf",)), (3, ()))
    ]
    rolf = await signed_up(shared_site, "rolf")
    async with await open_pool(shared_site.admin_dsn, name="tests", size=1) as admin:

        async def has_role() -> bool:
            return bool(
                await admin.fetchval("SELECT count(*) FROM access.project_roles WHERE user_id = 'rolf'")
            )

        async def has_none() -> bool:
            return not await has_role()

        async with await open_pool(shared_site.dsn, name="tests", size=1, schema="importer") as pool:

            async def sees() -> bool:
                return (await Authenticator(pool).principal(f"Token {rolf}")).sees(ENDS_TODAY.project_id)

            assert not await sees()
            await publish_projects(shared_site, [before])
            await until(has_role)
            assert await sees()
            await admin.execute("DELETE FROM access.project_roles")
            assert not await sees()
            await roles_from_projects(pool)
            assert await sees()
            await publish_projects(shared_site, [after, ENDLESS])
            await until(has_none)
            assert not await sees()
