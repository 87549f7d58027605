"""Addresses in longer texts: lists in one cell, and what mail programs put around an address."""

import re
from typing import Final

_BLANK: Final = r" \t\r\n\u00a0\u2000-\u200a\u3000"
_QUOTES: Final = r"\"'“”„«»‘’"
_BREAK: Final = re.compile(rf"[{_BLANK}␉␊␍<>()\[\]\",;:“”„«»]+")
"""What stands between addresses; with the pictures of tab and line breaks, as a refused cell is shown."""

# Possessive throughout: a long cell of any make costs time in proportion to its length.
_AROUND: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:mailto:[{_BLANK}]*+)++(?P<inner>[^?\s]++)(?:\?.*+)?",
        rf"[^<>]*+<[{_BLANK}]*+(?:mailto:[{_BLANK}]*+)*+(?P<inner>[^<>\s]++)[{_BLANK}]*+>[{_BLANK},;.]*+",
        rf"(?P<inner>[^\s()<>@]++@[^\s()<>@]++)[{_BLANK}]*+\([^()@]*+\)[{_BLANK},;]*+",
        rf"[{_BLANK}{_QUOTES}(\[]*+(?P<inner>[^\s@\"“”„«»()\[\],;<>]++@[^\s@{_QUOTES}()\[\],;<>]++)[{_BLANK}{_QUOTES})\],;]*+",
    )
)


def found_in(text: str) -> list[str]:
    """What looks like an address in `text`."""
    found: list[str] = []
    for piece in _BREAK.split(text):
        one = piece.strip("'‘’.")
        local, _, domain = one.partition("@")
        if local and domain and "@" not in domain:
            found.append(one)
    return found


def taken_out(text: str) -> str | None:
    """The one address in `Ann <a@b.ee>`, `mailto:a@b.ee`, `<a@b.ee>`, `a@b.ee (Ann)`, `"a@b.ee";`; else None."""
    for pattern in _AROUND:
        match = pattern.fullmatch(text)
        if match is not None and "@" in match["inner"] and match["inner"] != text:
            return match["inner"]
    return None
