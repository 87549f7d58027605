"""Physical lines of a text, handed to `csv.reader`, with a bound on what one record may hold."""

from collections.abc import Iterator
from typing import TextIO

from services.importer.reading import faults


class Lines:
    """An iterator of lines with their ends. `pending` are the lines of the record being read.

    The consumer clears `pending` after each record; so if the text ends while some are pending, the parser
    was inside a quoted cell.
    """

    def __init__(self, text: TextIO, *, max_record: int) -> None:
        self._text = text
        self._max = max_record
        self._taken = 0
        self.pending: list[str] = []

    @property
    def start_of_record(self) -> int:
        """The line, from 1, on which the record at hand starts."""
        return self._taken - len(self.pending) + 1

    def __iter__(self) -> Iterator[str]:
        """Each line once."""
        readline, limit, pending = self._text.readline, self._max + 1, self.pending
        size = 0
        while line := readline(limit):
            self._taken += 1
            size = size + len(line) if pending else len(line)
            pending.append(line)
            if size >= limit:
                if len(pending) > 1:
                    break
                raise faults.record_too_long(self._taken, self._max)
            yield line
        if pending:
            raise faults.quote_not_closed(self.start_of_record + _line_of_open_quote(pending))


def _line_of_open_quote(lines: list[str]) -> int:
    """The index of the line with the last opening quote: quotes alternate, a doubled one opens and closes."""
    quotes = [index for index, line in enumerate(lines) for _ in range(line.count('"'))]
    return quotes[-1] if len(quotes) % 2 else 0
