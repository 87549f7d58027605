"""The protocol over HTTP: tokens, creates, arrays, reads, look-ups, closes, magic addresses, bounds."""

import asyncio
import io

import aiohttp
import pytest

from deploy.account_service.launch import CLIENT_ID
from tests.integration.account_service.support import Client, order


async def test_the_token_answer_declares_the_extras(client: Client) -> None:
    """A client learns there what it may use."""
    reply = await client.sign_in()
    assert reply.body["expires_in"] == 3600
    assert reply.body["capabilities"] == {
        "arrays": 100,
        "lookUpByEmail": True,
        "idempotencyKeys": True,
        "listing": True,
    }


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": "wrong"}, 401),
        ({"grant_type": "password", "client_id": CLIENT_ID, "client_secret": "wrong"}, 400),
        ({"grant_type": "client_credentials"}, 400),
    ],
)
async def test_wrong_credentials_get_no_token(client: Client, form: dict[str, str], status: int) -> None:
    """And the answer has OAuth's shape."""
    reply = await client.ask("POST", "/oauth/token", data=form)
    assert reply.status == status
    assert set(reply.body) == {"error"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/accounts"),
        ("GET", "/accounts?email=a@x.org"),
        ("GET", "/accounts/u"),
        ("PUT", "/accounts/u/close"),
    ],
)
async def test_nothing_goes_without_a_token(client: Client, method: str, path: str) -> None:
    """An unknown one is as good as none."""
    assert (await client.ask(method, path, token="unknown")).status == 401


async def test_a_create_can_be_read_found_and_closed(client: Client) -> None:
    """The whole life of an account."""
    made = await client.create("life@example.org", "life-1", scopeValidTo="2026-06-30")
    account = made.body["tempAccount"]
    assert (made.status, account["email"], account["expiresAt"]) == (201, "life@example.org", "2026-06-30")
    read = await client.ask("GET", f"/accounts/{account['username']}")
    assert read.body["tempAccount"]["ownerUsername"] == "manager"
    [found] = (await client.ask("GET", "/accounts?email=LIFE@example.org")).body
    assert (found["username"], found["idempotencyKey"]) == (account["username"], "life-1")
    closed = await client.ask("PUT", f"/accounts/{account['username']}/close")
    assert (closed.status, closed.body["tempAccount"]["status"]) == (200, "closed")
    assert (await client.ask("PUT", "/accounts/nobody-1/close")).status == 404
    assert (await client.ask("GET", "/accounts/nobody-1")).status == 404


async def test_an_array_is_answered_item_by_item(client: Client) -> None:
    """Each magic address has its outcome, and a bad item spoils nothing."""
    items: list[object] = [
        {**order(f"{magic}array@example.org"), "idempotencyKey": f"array-{magic}"}
        for magic in ("", "refused+", "taken+", "flaky+")
    ]
    reply = await client.ask("POST", "/accounts", json=[*items, {"email": "x"}, 3])
    assert [item["status"] for item in reply.body] == [201, 422, 409, 503, 400, 400]
    assert reply.body[0]["tempAccount"]["email"] == "array@example.org"
    codes = [item["error"]["code"] for item in reply.body[1:]]
    assert codes == [
        "ADDRESS_REFUSED",
        "ACCOUNT_EXISTS",
        "TEMPORARILY_UNAVAILABLE",
        "BODY_INVALID",
        "BODY_INVALID",
    ]
    again = await client.create("array@example.org", "array-")
    assert again.body["tempAccount"] == reply.body[0]["tempAccount"], (
        "a key means the same alone and in an array"
    )


async def test_a_slow_address_takes_its_time_and_is_in_progress_meanwhile(client: Client) -> None:
    """The wait is a setting."""
    first = asyncio.create_task(client.create("slow+sam@example.org", "slow-1"))
    statuses = set()
    while not first.done():
        statuses.add((await client.create("slow+sam@example.org", "slow-1")).status)
    assert statuses | {(await first).status} >= {201, 409}


async def test_a_lost_reply_is_an_effect_without_an_answer(client: Client) -> None:
    """The second try with the key is answered, and there is one account."""
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.create("lost+lea@example.org", "lost-1")
    again = await client.create("lost+lea@example.org", "lost-1")
    assert again.status == 201
    assert len((await client.ask("GET", "/accounts", params={"email": "lost+lea@example.org"})).body) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 400), (b"[" + b"{}," * 100 + b"{}]", 400), (b'"' + b"x" * 1_100_000, 413)],
)
async def test_bodies_are_bounded_and_checked(client: Client, body: bytes, status: int) -> None:
    """With the one form of error."""
    reply = await client.ask("POST", "/accounts", data=io.BytesIO(body))
    assert reply.status == status
    assert set(reply.body["error"]) == {"code", "message"}


async def test_health_and_metrics_need_no_token(client: Client) -> None:
    """Readiness names its part; the metrics count calls."""
    for path in ("/healthz", "/readyz"):
        reply = await client.ask("GET", path, token="none")
        assert (reply.status, reply.body) == (200, {"ok": True, "parts": {"journal": {"ok": True}}})
    metrics = (await client.ask("GET", "/metrics", token="none")).body
    assert 'course_accounts_account_service_calls_total{operation="token",status="200"}' in metrics
