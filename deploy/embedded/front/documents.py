"""What describes us, served by the front itself: the two documents, and the pages made of them at the first request."""

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from aiohttp import web

from deploy.openapi.pages.api import api_page
from deploy.openapi.pages.events import events_page
from deploy.openapi.pages.frame import CONTENT_SECURITY_POLICY, STYLE

_OPENAPI = "http/openapi.json"
_ASYNCAPI = "asyncapi.json"


def openapi() -> web.Response:
    """The OpenAPI document, as it is committed."""
    return _answer(_text(_OPENAPI), "application/json")


def asyncapi() -> web.Response:
    """The AsyncAPI document, as it is committed."""
    return _answer(_text(_ASYNCAPI), "application/json")


def docs() -> web.Response:
    """The page of the HTTP interface."""
    return _answer(_page(api_page, _OPENAPI), "text/html")


def docs_events() -> web.Response:
    """The page of the topics."""
    return _answer(_page(events_page, _ASYNCAPI), "text/html")


def style() -> web.Response:
    """How the pages look."""
    return _answer(files("deploy.openapi.pages").joinpath("style.css").read_text("utf-8"), "text/css")


DOCUMENTS: dict[str, Callable[[], web.Response]] = {
    "/api/openapi.json": openapi,
    "/docs": docs,
    "/docs/": docs,
    "/docs/events": docs_events,
    "/docs/events/": docs_events,
    "/docs/asyncapi.json": asyncapi,
    STYLE: style,
}
"""By address."""


@cache
def _text(name: str) -> str:
    return files("schemas").joinpath(name).read_text("utf-8")


@cache
def _page(make: Callable[[Any], str], name: str) -> str:
    return make(json.loads(_text(name)))


def _answer(text: str, content_type: str) -> web.Response:
    response = web.Response(
        text=text,
        content_type=content_type,
        headers={
            "Cache-Control": "no-cache",
            "Content-Security-Policy": CONTENT_SECURITY_POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
    )
    response.enable_compression()
    return response
