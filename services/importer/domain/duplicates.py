"""Which row was first with an account: exact, in 24 bytes for each account, fed piece by piece."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from services.importer.domain.rows import StagedRow, Verdict
from services.importer.notes import RowNote

_RECENT: Final = 1 << 14
_LONGEST: Final = 1 << 17
"""Accounts of a run: a bound on what merging takes for a moment, and few runs for a million rows."""
_HALF: Final = 0xFFFFFFFF

_Words = npt.NDArray[np.uint64]


class _Run(NamedTuple):
    """Accounts by the first half of their ids, in order; `first` holds the row that counts and a hash of its text."""

    high: _Words
    low: _Words
    first: _Words

    def merged(self, other: "_Run") -> "_Run":
        high = np.concatenate((self.high, other.high))
        low = np.concatenate((self.low, other.low))
        first = np.concatenate((self.first, other.first))
        order = np.argsort(high, kind="stable")
        return _Run(high[order], low[order], first[order])

    def look_up(self, high: _Words, low: _Words, found: _Words) -> None:
        """Fill in `found` for the accounts that are here."""
        last = len(self.high) - 1
        at = np.searchsorted(self.high, high)
        mine = np.flatnonzero(self.high[np.minimum(at, last)] == high)
        # At most one round, unless ids share their first half; those lie side by side.
        while len(mine):
            same = self.low[at[mine]] == low[mine]
            found[mine[same]] = self.first[at[mine[same]]]
            mine = mine[~same]
            at[mine] += 1
            mine = mine[(at[mine] <= last) & (self.high[np.minimum(at[mine], last)] == high[mine])]


class Firsts:
    """The rows that count, of one file. Feed it all rows, in order, in pieces of any size.

    Args:
        recent: accounts that are kept as they are before they are packed.
        longest: accounts of a packed run.
    """

    def __init__(self, recent: int = _RECENT, longest: int = _LONGEST) -> None:
        self._most_recent, self._longest = recent, longest
        self._recent: dict[bytes, int] = {}
        self._runs: list[_Run] = []

    @property
    def nbytes(self) -> int:
        """What is remembered of all but the last 16,384 accounts, in bytes."""
        return sum(part.nbytes for run in self._runs for part in run)

    def mark(self, rows: Sequence[StagedRow]) -> list[StagedRow]:
        """The rows, those that repeat an earlier new row's account as duplicates of it.

        A duplicate whose description differs from that row's gets a note. Invalid rows claim nothing.
        """
        marked = list(rows)
        new = Verdict.NEW
        places = [place for place, row in enumerate(marked) if row.verdict is new]
        accounts = [marked[place].account_id or b"" for place in places]
        remember = self._recent.setdefault
        for place, account, known in zip(places, accounts, self._known(accounts), strict=True):
            row = marked[place]
            mine = row.row << 32 | hash(row.description) & _HALF
            first = known or remember(account, mine)
            if first >> 32 != row.row:
                marked[place] = _repeats(row, first >> 32, differs=(first ^ mine) & _HALF != 0)
        if len(self._recent) >= self._most_recent:
            self._store()
        return marked

    def _known(self, accounts: Sequence[bytes]) -> list[int]:
        """What earlier pieces know of each account; 0: nothing."""
        if not self._runs:
            return [0] * len(accounts)
        high, low = _halves(accounts)
        order = np.argsort(high)
        high, low = high[order], low[order]
        found = np.zeros(len(accounts), np.uint64)
        for run in self._runs:
            run.look_up(high, low, found)
        known = np.empty_like(found)
        known[order] = found
        return known.tolist()

    def _store(self) -> None:
        """Make a run of the recent accounts; runs of about one size become one."""
        high, low = _halves(list(self._recent))
        order = np.argsort(high, kind="stable")
        first = np.fromiter(self._recent.values(), np.uint64, len(self._recent))
        run = _Run(high[order], low[order], first[order])
        self._recent.clear()
        while self._runs and len(self._runs[-1].high) < min(2 * len(run.high), self._longest - len(run.high)):
            run = self._runs.pop().merged(run)
        self._runs.append(run)


def _halves(accounts: Sequence[bytes]) -> tuple[_Words, _Words]:
    words = np.frombuffer(b"".join(accounts), np.uint64).reshape(-1, 2)
    return np.ascontiguousarray(words[:, 0]), np.ascontiguousarray(words[:, 1])


def _repeats(row: StagedRow, first: int, *, differs: bool) -> StagedRow:
    notes = (*row.notes, RowNote("DESCRIPTION_DIFFERS", f"row {first}")) if differs else row.notes
    return row._replace(verdict=Verdict.DUPLICATE, code="DUPLICATE", duplicate_of=first, notes=notes)
