"""The pages at `/docs`: whole, without a script, and with nothing from elsewhere."""

import json
from html.parser import HTMLParser

import pytest

from deploy.openapi import outputs
from deploy.openapi.pages.api import api_page
from deploy.openapi.pages.events import events_page
from deploy.openapi.pages.examples import curl
from deploy.openapi.pages.frame import STYLE
from deploy.openapi.pages.html import el, prose
from deploy.openapi.tidying import operations

DOCUMENT = outputs.committed()
EVENTS = json.loads((outputs.PATH.parents[1] / "asyncapi.json").read_text("utf-8"))
PAGES = {"docs": api_page(DOCUMENT), "events": events_page(EVENTS)}
OURS = {STYLE, "/", "/docs", "/docs/events", "/docs/asyncapi.json", "/api/openapi.json"}
VOID = {"meta", "link"}


class Seen(HTMLParser):
    """What a page holds."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src"):
                self.links.add(value or "")

    def handle_endtag(self, tag: str) -> None:
        """Every element ends in its turn."""
        assert self.open.pop() == tag


SEEN = {name: Seen(page) for name, page in PAGES.items()}


@pytest.mark.parametrize("page", PAGES)
def test_page_needs_nothing_from_elsewhere(page: str) -> None:
    """No script, no style in an attribute, only addresses of our own: the strictest policy lets all of it pass."""
    seen = SEEN[page]
    assert not seen.tags & {"script", "style", "img", "iframe", "form", "object"}
    assert not {name for name in seen.attributes if name == "style" or name.startswith("on")}
    assert {link for link in seen.links if not link.startswith("#")} <= OURS
    assert seen.open == []


@pytest.mark.parametrize("page", PAGES)
def test_every_anchor_is_there_once(page: str) -> None:
    """A link within the page leads somewhere, and to one place."""
    seen = SEEN[page]
    assert len(seen.ids) == len(set(seen.ids))
    assert {link[1:] for link in seen.links if link.startswith("#")} <= set(seen.ids)


def test_every_operation_and_message_has_its_place() -> None:
    """Nothing that the documents have is left out of the pages."""
    assert {one["operationId"] for _, _, one in operations(DOCUMENT)} <= set(SEEN["docs"].ids)
    assert set(EVENTS["components"]["messages"]) <= set(SEEN["events"].ids)


def test_text_is_escaped() -> None:
    """What a document says is text, never markup."""
    assert prose("<b> `<i>`") == "&lt;b&gt; <code>&lt;i&gt;</code>"
    assert el("p", "a & b", title='"<') == '<p title="&quot;&lt;">a &amp; b</p>'


def test_commands_can_be_pasted() -> None:
    """The command of an operation sends what its example says, whatever quotes are in it."""
    body = {"content": {"application/json": {"schema": {}, "example": {"reason": "it's over"}}}}
    command = curl({}, "/api/target/pause/", "post", {"requestBody": body})
    assert command == (
        "curl --request POST --header \"Authorization: Token $TOKEN\" --header 'Content-Type: application/json' "
        '--data \'{"reason": "it\'"\'"\'s over"}\' "$URL/api/target/pause/"'
    )
