"""Which headers pass the front, in both directions; and the id of a request."""

import re
from collections.abc import Callable, Iterable

from multidict import CIMultiDict, CIMultiDictProxy

REQUEST_ID = "X-Request-ID"

_HOP_BY_HOP = frozenset(
    {
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
# What a client says about who it is for: only the front knows, so it is never passed on as it came.
_FORWARDED = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"})
_OWN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id(offered: str | None, make: Callable[[], str]) -> str:
    """The caller's id where it is short and harmless in a log, else a new one."""
    return offered if offered is not None and _OWN_ID.fullmatch(offered) else make()


def to_service(
    headers: CIMultiDictProxy[str], *, request_id: str, peer: str | None, scheme: str
) -> CIMultiDict[str]:
    """The headers of a request as the service gets them."""
    kept = _kept(headers, _HOP_BY_HOP | _FORWARDED | {REQUEST_ID.lower()})
    kept[REQUEST_ID] = request_id
    kept["X-Forwarded-Proto"] = scheme
    if peer is not None:
        kept["X-Forwarded-For"] = peer
    return kept


def to_client(headers: CIMultiDictProxy[str], *, request_id: str) -> CIMultiDict[str]:
    """The headers of an answer as the client gets them."""
    kept = _kept(headers, _HOP_BY_HOP | {"server", REQUEST_ID.lower()})
    kept[REQUEST_ID] = request_id
    return kept


def _kept(headers: CIMultiDictProxy[str], dropped: Iterable[str]) -> CIMultiDict[str]:
    named = {name.strip().lower() for line in headers.getall("Connection", []) for name in line.split(",")}
    unwanted = named.union(dropped)
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in unwanted)
