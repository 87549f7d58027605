"""The cookie of a session, and whether a request comes from our own page."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from starlette.requests import cookie_parser

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_NAME: Final = "course_accounts_session"
_SECURE_NAME: Final = f"__Host-{_NAME}"

Headers = Iterable[tuple[bytes, bytes]]


def first(headers: Headers, name: bytes) -> str | None:
    """The first value of a header, as latin-1; `name` in small letters."""
    return next((value.decode("latin-1") for known, value in headers if known == name), None)


def is_https(headers: Headers, scheme: str) -> bool:
    """Whether the client came over TLS; the front says so."""
    return (first(headers, b"x-forwarded-proto") or scheme) == "https"


def session_cookie(headers: Headers, scheme: str) -> str | None:
    """The secret of the session that a request carries; None if it carries none.

    Over https only the cookie with the `__Host-` prefix counts: no other host can have set it.
    """
    text = first(headers, b"cookie")
    if text is None:
        return None
    return cookie_parser(text).get(_name(is_https(headers, scheme)))


def set_session(secret: str, expires: datetime, *, https: bool) -> str:
    """The value of `Set-Cookie` for a new session. `expires`: aware."""
    when = format_datetime(expires.astimezone(UTC), usegmt=True)
    return f"{_name(https)}={secret}; Path=/; Expires={when}; HttpOnly; SameSite=Strict" + _secure(https)


def end_session(*, https: bool) -> str:
    """The value of `Set-Cookie` that takes the cookie away."""
    return f"{_name(https)}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict" + _secure(https)


def from_own_page(headers: Headers) -> bool:
    """Whether a request that carries a cookie was made by a page of this origin.

    Every browser of today says so itself (`Sec-Fetch-Site`); an older one names the origin.
    """
    known: Mapping[bytes, bytes] = dict(headers)
    site = known.get(b"sec-fetch-site")
    if site is not None:
        return site == b"same-origin"
    scheme, _, host = known.get(b"origin", b"").partition(b"://")
    return scheme in (b"http", b"https") and host != b"" and host.lower() == known.get(b"host", b"").lower()


def _name(https: bool) -> str:
    return _SECURE_NAME if https else _NAME


def _secure(https: bool) -> str:
    return "; Secure" if https else ""
