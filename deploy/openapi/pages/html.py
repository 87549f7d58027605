"""HTML as values: what is not marked as HTML is escaped. Pure."""

import json
import re
from collections.abc import Iterable
from html import escape
from typing import Any

_CODE = re.compile(r"`([^`]+)`")
_PLACE = re.compile(r"(?<![\w/])(/docs(?:/events)?)(?![\w/])")


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Content = str | Iterable["Content"] | None


def el(name: str, *content: Content, **attributes: str | None) -> Html:
    """An element; `class_` and `for_` lose their underscore, other underscores become dashes."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{given}>{joined(content)}</{name}>")


def joined(content: Content) -> Html:
    """Contents one after the other, escaped where they are plain text."""
    if content is None:
        return Html("")
    if isinstance(content, Html):
        return content
    if isinstance(content, str):
        return Html(escape(content, quote=False))
    return Html("".join(map(joined, content)))


def prose(text: str) -> Html:
    """A sentence: what stands in backticks is code, and our own pages are links."""
    marked = _CODE.sub(r"<code>\1</code>", escape(text.strip(), quote=False))
    return Html(_PLACE.sub(r'<a href="\1">\1</a>', marked))


def paragraphs(text: str | None) -> Html:
    """Prose, a paragraph for each empty line in it."""
    parts = [" ".join(part.split()) for part in (text or "").split("\n\n")]
    return joined(el("p", prose(part)) for part in parts if part)


def shown_json(value: Any) -> Html:
    """A value as JSON that can be read, and scrolled to by keyboard."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return el("pre", el("code", text), tabindex="0")


def table(heads: Iterable[str], rows: Iterable[Iterable[Content]]) -> Html:
    """A table whose first column names the row, with heads if there are some; nothing if there are no rows."""
    body = [
        el(
            "tr",
            [
                el("th" if first else "td", cell, scope="row" if first else None)
                for first, cell in _first(row)
            ],
        )
        for row in rows
    ]
    if not body:
        return Html("")
    names = [el("th", name, scope="col") for name in heads]
    head = el("thead", el("tr", names)) if names else None
    return el("div", el("table", head, el("tbody", body)), class_="wide", tabindex="0")


def anchor(text: str) -> str:
    """A name that an address may end with."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")


def _first(row: Iterable[Content]) -> Iterable[tuple[bool, Content]]:
    return ((number == 0, cell) for number, cell in enumerate(row))
