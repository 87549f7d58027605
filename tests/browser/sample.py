"""The people in the pictures of the page. Nobody of them exists."""

from itertools import product
from typing import Final

COURSE: Final = "Introduction to Scientific Computing"
REFUSED_FOR_NOW: Final = "*@guest.example.org"
"""Whom the account service of the pictures does not let in yet."""

_FIRST: Final = (
    "Anna",
    "Bruno",
    "Chloé",
    "Dmitri",
    "Elin",
    "Farah",
    "Giorgos",
    "Hanna",
    "Ivo",
    "Jüri",
    "Kaja",
)
_LAST: Final = (
    "Tamm",
    "Novák",
    "Saar",
    "Yılmaz",
    "Kask",
    "Rossi",
    "Õunapuu",
    "Kazlauskas",
    "Lindholm",
    "Pärn",
)
_PLAIN: Final = str.maketrans("éüõäáı", "euoaai")


def _address(first: str, last: str, domain: str = "example.org") -> str:
    return f"{first}.{last}@{domain}".lower().translate(_PLAIN)


_PAIRS: Final = list(product(_FIRST, _LAST))

PEOPLE: Final = "\n".join(
    ["email,description"]
    + [f"{_address(*pair)},{' '.join(pair)}" for pair in _PAIRS[:90]]
    + [f"flaky+{first.lower().translate(_PLAIN)}@example.org,{first}" for first in _FIRST[:2]]
).encode()
"""A list without a mistake."""

WILD: Final = "\r\n".join(
    ["E-post;Märkus;Telefon"]
    + [
        f"{_address(*pair, 'ut.example.org')};Group {n % 4 + 1};555{n:04}"
        for n, pair in enumerate(_PAIRS[:64])
    ]
    + [f"{_address(*pair)};Group 4;" for pair in _PAIRS[:12]]
    + [
        "kristjan.valk@gmial.com;Group 1;",
        "liis.mets@gmial.com;Group 1;",
        "siim.kuusk@gmial.com;Group 2;",
        "refused+max@example.org;Group 2;",
        "tiina.laas@guest.example.org;Guest;",
        "uku.vaher@guest.example.org;Guest;",
        "mia.kask(at)example.org;Group 3;",
        "peeter.põld@example..org;Group 3;",
        "anna.tamm@ut.example.org;again;",
        "flaky+kai@example.org;Group 4;",
    ]
).encode("windows-1252", errors="replace")
"""A list as it comes out of Excel."""

LARGE: Final = "\n".join(
    ["email,description"]
    + [f"{_address(*_PAIRS[n % 110], f'group{n // 110}.example.org')},Group {n // 110}" for n in range(6_000)]
).encode()
"""A list that takes a while."""
