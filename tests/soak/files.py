"""A file like those people bring, only long: Windows-1252, semicolons, repeated people and slips of the pen."""

import random
from dataclasses import dataclass
from pathlib import Path

_FIRST = ("Jörg", "Søren", "Zoë", "André", "Märt", "Õnne", "Ülle", "François", "Iñaki", "Kaia")
_LAST = ("Müller", "Sørensen", "Dvorak", "García", "Öpik", "Lefèvre", "Tamm", "Saar")
_BROKEN = ("no-at-sign.example.org", "two@@example.org", "dots..here@example.org", "", "ends@with-dot.")


@dataclass(frozen=True)
class Made:
    """A file and what is in it."""

    path: Path
    rows: int
    new: int
    duplicate: int
    invalid: int


def windows_file(folder: Path, rows: int, *, prefix: str = "person", seed: int = 1) -> Made:
    """Write a file of `rows` records: 3 % repeat an address, 2 % cannot be used."""
    chance = random.Random(seed)  # noqa: S311 - the same file every time
    lines = ["E-post;Märkus"]
    addresses: list[str] = []
    duplicate = invalid = 0
    for row in range(1, rows + 1):
        description = f"Rühm {row % 40}, {chance.choice(_FIRST)} {chance.choice(_LAST)}"
        fate = chance.random()
        if fate < 0.03 and addresses:
            email = chance.choice(addresses)
            duplicate += 1
        elif fate < 0.05:
            email = chance.choice(_BROKEN)
            invalid += 1
        else:
            email = f"{prefix}{row}@example{row % 200}.org"
            addresses.append(email)
        lines.append(f"{email};{description}")
    path = folder / f"{prefix}-{rows}.csv"
    path.write_bytes("\r\n".join([*lines, ""]).encode("windows-1252"))
    return Made(path, rows, len(addresses), duplicate, invalid)
