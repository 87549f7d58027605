"""Rows like those of real courses, the same for the same arguments on every machine."""

import csv
import io
from dataclasses import dataclass
from random import Random
from typing import Final

DOMAINS: Final = 200
DUPLICATES: Final = 0.03
INVALID: Final = 0.02
LONGEST_DESCRIPTION: Final = 80

_FIRST = [
    "anna",
    "maria",
    "liis",
    "kadri",
    "mart",
    "jaan",
    "peeter",
    "chloe",
    "zofia",
    "laura",
    "rein",
    "tiina",
    "olga",
    "marek",
    "ivan",
    "sara",
    "emma",
    "lucas",
]
_LAST = [
    "tamm",
    "saar",
    "magi",
    "kask",
    "kukk",
    "rebane",
    "ilves",
    "sepp",
    "kowalski",
    "yilmaz",
    "novak",
    "jansen",
    "virtanen",
    "berg",
    "olsen",
    "silva",
]
_WORDS = [
    "group",
    "student",
    "visiting",
    "guest",
    "A",
    "B",
    "Tartu",
    "Tallinn,",
    "returning",
    "participant",
    "õppejõud",
    "week",
    "2",
    "remote",
    "needs",
    "GPU",
]
_PLACES = ["uni", "college", "institute", "school", "lab", "academy", "hospital", "centre"]
_BROKEN = ("{0}.{1}", "{0} {1}@example.org", "{0}.{1}@", "@example.org", "{0}..{1}@example.org")


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows of one file, and how many accounts they ask for."""

    rows: tuple[tuple[str, str], ...]
    accounts: int

    def csv(self) -> bytes:
        """The file."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(("email", "description"))
        writer.writerows(self.rows)
        return out.getvalue().encode()


def sample(count: int, series: int) -> Sample:
    """`count` rows: 3 % repeat an earlier address, 2 % are no addresses.

    Args:
        count: rows, at least 1.
        series: samples of different series share no address.
    """
    random = Random(f"rows/{series}")  # noqa: S311 - the same rows every time
    chosen = random.sample(range(1, count), int(count * (DUPLICATES + INVALID))) if count > 1 else []
    repeated = set(chosen[: int(count * DUPLICATES)])
    broken = set(chosen) - repeated
    rows: list[tuple[str, str]] = []
    valid: list[str] = []
    for number in range(count):
        first, last = random.choice(_FIRST), random.choice(_LAST)
        if number in broken:
            email = random.choice(_BROKEN).format(first, last)
        elif number in repeated:
            email = random.choice((str.upper, str.lower))(random.choice(valid))
        else:
            domain = int(DOMAINS * random.random() ** 2)  # a few domains have most of the people
            email = f"{first}.{last}{number}.s{series}@{_PLACES[domain % len(_PLACES)]}{domain}.example"
            valid.append(email)
        rows.append((email, _description(random)))
    return Sample(tuple(rows), len(valid))


def _description(random: Random) -> str:
    length = random.randrange(LONGEST_DESCRIPTION + 1)
    words: list[str] = []
    while sum(map(len, words)) + len(words) < length:
        words.append(random.choice(_WORDS))
    return " ".join(words)[:length].strip()
