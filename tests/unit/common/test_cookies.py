"""The cookie of a session, and the rule against requests of other sites."""

from datetime import UTC, datetime

import pytest

from services.common.http.cookies import end_session, from_own_page, session_cookie, set_session

EXPIRES = datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_over_http() -> None:
    """Not readable by scripts, not sent from other sites; the server reads what it set."""
    said = set_session("s3cret", EXPIRES, https=False)
    assert said == (
        "course_accounts_session=s3cret; Path=/; Expires=Tue, 01 Dec 2026 08:00:00 GMT; HttpOnly; SameSite=Strict"
    )
    headers = [(b"cookie", b"other=1; " + said.partition(";")[0].encode())]
    assert session_cookie(headers, "http") == "s3cret"


def test_over_https() -> None:
    """Secure, and of this host only: a cookie without the prefix, which a neighbour may have set, does not count."""
    said = set_session("s3cret", EXPIRES, https=True)
    assert said.startswith("__Host-course_accounts_session=s3cret; Path=/; ")
    assert said.endswith("; HttpOnly; SameSite=Strict; Secure")
    forwarded = (b"x-forwarded-proto", b"https")
    assert session_cookie([forwarded, (b"cookie", b"__Host-course_accounts_session=a")], "http") == "a"
    assert session_cookie([forwarded, (b"cookie", b"course_accounts_session=a")], "http") is None


@pytest.mark.parametrize("https", [False, True])
def test_it_is_taken_away_as_it_was_set(https: bool) -> None:
    """Same name and attributes, so that browsers find it."""
    set_, ended = set_session("x", EXPIRES, https=https), end_session(https=https)
    assert ended.partition("=")[0] == set_.partition("=")[0]
    assert "Max-Age=0" in ended
    assert ended.endswith(set_.partition("GMT")[2])


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "https://evil.example"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": ""}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://here.example:8090"}, False),
        ({"origin": "http://here.example:8090"}, True),
        ({"origin": "https://here.example:8090"}, True),
        ({"origin": "http://HERE.example:8090"}, True),
        ({"origin": "http://here.example"}, False),
        ({"origin": "http://here.example:8090.evil.example"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"referer": "http://here.example:8090/"}, False),
        ({}, False),
    ],
)
def test_who_comes_from_our_own_page(headers: dict[str, str], own: bool) -> None:
    """The browser's own word first; an old browser's Origin must name this very host; nothing said is a no."""
    raw = [
        (name.encode(), value.encode()) for name, value in {"host": "here.example:8090", **headers}.items()
    ]
    assert from_own_page(raw) is own
