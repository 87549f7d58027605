"""What the pages share: the head, the list of contents, the parts. Pure."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from deploy.openapi.pages.html import Content, Html, anchor, el, joined, paragraphs

STYLE: Final = "/docs/style.css"
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Part(NamedTuple):
    """A heading with things below it: for each its title in the contents, its anchor, and itself."""

    title: str
    description: str
    things: Sequence[tuple[Content, str, Html]]


def page(title: str, intro: Html, parts: Sequence[Part], *, other: tuple[str, str]) -> str:
    """A page; `other` is the address and the name of its neighbour."""
    address, name = other
    contents = el(
        "nav",
        el("p", el("a", "Course accounts", href="/"), " · ", el("a", name, href=address)),
        map(_contents, parts),
        aria_label="Contents",
    )
    main = el("main", el("h1", title, id="top"), intro, map(_part, parts), id="main")
    head = el(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width">'),
        el("title", title),
        Html(f'<link rel="stylesheet" href="{STYLE}">'),
    )
    body = el("body", el("a", "To the text", href="#main", class_="skip"), contents, main)
    return f"<!doctype html>\n{el('html', head, body, lang='en')}\n"


def _contents(part: Part) -> Html:
    links = [el("li", el("a", title, href=f"#{name}")) for title, name, _ in part.things]
    summary = el("summary", part.title)
    return el("details", summary, el("ul", links), open=None if part.title == "Models" else "")


def _part(part: Part) -> Html:
    heading = el("h2", part.title, id=anchor(part.title))
    return joined([heading, paragraphs(part.description), [thing for _, _, thing in part.things]])
