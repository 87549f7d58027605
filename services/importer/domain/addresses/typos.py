"""Domains that are nearly, but not quite, those of the large mail providers."""

from typing import Final

_PROVIDERS: Final = (
    ("gmail", "com"),
    ("googlemail", "com"),
    ("hotmail", "com"),
    ("outlook", "com"),
    ("yahoo", "com"),
    ("icloud", "com"),
    ("protonmail", "com"),
)
_MEANT_SO: Final = frozenset({"mail", "email", "ymail", "fmail", "zmail", "cloud", "proton"})
"""Names close to a provider's that are somebody else's."""
_LONG: Final = 7
"""From this length of a name on, two slips are still the same name."""


def meant_domain(name: str) -> str | None:
    """The provider's domain that `name` (lower-case A-label) is a slip of, if it is near one and is not one.

    Only names of two parts are looked at; endings of countries (`yahoo.fr`) are never slips.
    """
    own, _, ending = name.partition(".")
    if "." in ending or own in _MEANT_SO or (ending != "com" and not _near(ending, "com", 1)):
        return None
    for provider, usual in _PROVIDERS:
        if own == provider and ending == usual:
            return None
    for provider, usual in _PROVIDERS:
        if _near(own, provider, 2 if len(provider) >= _LONG else 1):
            return f"{provider}.{usual}"
    return None


def _near(text: str, other: str, most: int) -> bool:
    """Whether at most `most` slips (a letter more, less, another, two swapped) lie between the two."""
    if abs(len(text) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(text, 1):
        before, row, last = row, [i], before
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and text[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1] <= most
