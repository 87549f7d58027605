"""API tokens: how they are sent, trusted for a moment, and never kept."""

from typing import Any
from uuid import UUID

import pytest

from services.common.access import Authenticator, NotSignedIn, Principal, new_token, token_hash
from services.common.access.tokens import principal_of

SAM = Principal("sam", staff=True, credential="c-sam")


def row(user: str, *, staff: bool = False, **more: Any) -> dict[str, Any]:
    """As the query for tokens gives it."""
    usual = {"may_write": True, "projects": None, "use_is_old": False, "role_projects": None, "roles": None}
    return {"credential": f"c-{user}", "user_id": user, "staff": staff, **usual, **more}


class Rows:
    """The table of tokens, as far as the authenticator asks it."""

    def __init__(self) -> None:
        self.tokens: dict[bytes, dict[str, Any]] = {}
        self.asked = 0

    async def fetchrow(self, _query: str, digest: bytes) -> dict[str, Any] | None:
        """One token's holder."""
        self.asked += 1
        return self.tokens.get(digest)


class Place:
    """An authenticator with a clock of its own."""

    def __init__(self) -> None:
        self.rows = Rows()
        self.now = 0.0
        self.authenticator = Authenticator(self.rows, clock=lambda: self.now)  # type: ignore[arg-type]
        self.token = new_token()
        self.rows.tokens[token_hash(self.token)] = row("sam", staff=True)

    async def ask(self, authorization: str | None) -> Principal:
        """Who is asking."""
        return await self.authenticator.principal(authorization)


@pytest.fixture
def place() -> Place:
    """One token is known."""
    return Place()


@pytest.mark.parametrize("scheme", ["Token", "Bearer", "token", "BEARER"])
async def test_both_ways_to_send_it(place: Place, scheme: str) -> None:
    """In any case of letters."""
    assert await place.ask(f"{scheme} {place.token}") == SAM
    assert await place.ask(f"{scheme}  {place.token} ") == SAM


@pytest.mark.parametrize(
    "authorization", [None, "", "Token", "Token ", "Basic {}", "{}", "Bearer " + "x" * 201]
)
async def test_what_is_no_token_is_not_looked_up(place: Place, authorization: str | None) -> None:
    """Nobody can make the database work with it."""
    with pytest.raises(NotSignedIn):
        await place.ask(authorization and authorization.format(place.token))
    assert place.rows.asked == 0


async def test_an_unknown_token_is_refused_each_time(place: Place) -> None:
    """And looked up each time: it may have been made just now."""
    other = new_token()
    for _ in range(2):
        with pytest.raises(NotSignedIn):
            await place.ask(f"Token {other}")
    place.rows.tokens[token_hash(other)] = row("uma", staff=False)
    assert await place.ask(f"Token {other}") == Principal("uma", credential="c-uma")


async def test_a_revoked_token_is_trusted_for_five_seconds_at_most(place: Place) -> None:
    """Meanwhile it costs no query."""
    header = f"Token {place.token}"
    for _ in range(10):
        await place.ask(header)
    assert place.rows.asked == 1
    place.rows.tokens.clear()
    place.now = 4.9
    await place.ask(header)
    place.now = 5.1
    with pytest.raises(NotSignedIn):
        await place.ask(header)


async def test_a_cookie_is_no_token(place: Place) -> None:
    """Each is looked up where it belongs, although the same words were sent."""
    place.rows.tokens[token_hash("word")] = row("uma")
    assert (await place.authenticator.session("word")).user_id == "uma"
    assert place.authenticator.known(None, "word") is not None
    assert place.authenticator.known("Token word") is None
    assert place.authenticator.known("Token other", "word") is None
    for nothing in (None, "", "x" * 201):
        with pytest.raises(NotSignedIn):
            await place.authenticator.session(nothing)


async def test_what_was_ended_here_is_looked_up_again(place: Place) -> None:
    """Whoever signs out is out at once, in this process."""
    header = f"Token {place.token}"
    await place.ask(header)
    place.rows.tokens.clear()
    place.authenticator.forget("c-sam")
    with pytest.raises(NotSignedIn):
        await place.ask(header)


A, B = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("found", "roles", "unlimited"),
    [
        (row("uma"), {}, False),
        (row("uma", role_projects=[A, B], roles=["manager", "owner"]), {A: "manager", B: "owner"}, False),
        (row("uma", projects=[A], role_projects=[A], roles=["owner"]), {A: "owner"}, False),
        (row("uma", projects=[A]), {}, False),
        (row("sam", staff=True), {}, True),
        (row("sam", staff=True, projects=[A]), {A: "manager"}, False),
        (
            row("sam", staff=True, projects=[A, B], role_projects=[B], roles=["owner"]),
            {A: "manager", B: "owner"},
            False,
        ),
    ],
)
def test_who_sees_what(found: Any, roles: dict[UUID, str], unlimited: bool) -> None:
    """Roles; of a token for some projects only those in them; staff with such a token see no other either."""
    principal = principal_of(found)
    assert (principal.roles, principal.unlimited) == (roles, unlimited)
    assert [principal.sees(project) for project in (A, B)] == [unlimited or p in roles for p in (A, B)]
    assert principal.projects == (None if unlimited else list(roles))


def test_tokens_are_long_and_kept_as_a_hash() -> None:
    """256 bits, safe in a URL, never twice; of the stored hash nobody can send anything."""
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 43 and token.replace("-", "").replace("_", "").isalnum() for token in tokens)
    token = tokens.pop()
    assert len(token_hash(token)) == 32
    assert token.encode() not in token_hash(token)
