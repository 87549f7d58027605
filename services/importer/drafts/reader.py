"""From the bytes of an upload to judged rows, in answers of bounded size. Runs in its own process (`worker.py`)."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from itertools import islice
from typing import Final

import msgspec

from services.importer.domain.duplicates import Firsts
from services.importer.domain.judging import judge_all
from services.importer.domain.rows import Verdict
from services.importer.drafts.copying import Copying
from services.importer.drafts.protocol import Answer, Faulty, Finished, Opened, Remembered, Rows, Task
from services.importer.limits import Limits
from services.importer.reading import Choices, FileFault, Layout, Note, Record, Table, open_table
from services.importer.reading.faults import too_many_rows

FIRST_ROWS: Final = 500
"""So that a person sees a page before the file is read."""
CHUNK_ROWS: Final = 5_000
CHUNK_CHARACTERS: Final = 1024 * 1024
_SLICE: Final = 500

REMEMBERED = (
    "The file is read as somebody chose for an earlier file of this project. Choose again if that is wrong."
)


class Account(msgspec.Struct, frozen=True):
    """One account of a list sent as JSON."""

    email: str
    description: str = ""


_ACCOUNTS: Final = msgspec.json.Decoder(list[Account])


def read(task: Task, file: int, send: Callable[[Answer], None]) -> None:
    """Read the open file `file`, and send what is found: Opened, Rows …, Finished; or Faulty at any point.

    Raises:
        OSError: nobody listens any more.
    """
    with ExitStack() as streams:
        try:
            table = _open(task, file, streams)
            send(Opened(table.layout))
            copying, firsts = Copying(task.draft_id), Firsts()
            for records in _chunks(table.records):
                rows = firsts.mark(judge_all(records, task.project_id, task.policy))
                copy, new, places = copying.encode(rows)
                verdicts = Counter([row.verdict.value for row in rows if row.verdict is not Verdict.NEW])
                verdicts[Verdict.NEW.value] = len(new) // 16
                send(Rows(len(rows), verdicts, _reached(file), copy, new, places))
            send(Finished(table.blank, tuple(table.notes)))
        except FileFault as fault:
            send(Faulty(fault.code, fault.detail, fault.line, fault.fixable, fault.layout))


def _chunks(records: Iterator[Record]) -> Iterator[list[Record]]:
    """Pieces bounded in rows and in characters: a row alone may be large."""
    chunk: list[Record] = []
    characters, most = 0, FIRST_ROWS
    while part := list(islice(records, _SLICE)):
        chunk += part
        characters += sum(len(record.description) + len(record.email) for record in part)
        if len(chunk) >= most or characters >= CHUNK_CHARACTERS:
            yield chunk
            chunk, characters, most = [], 0, CHUNK_ROWS
    if chunk:
        yield chunk


def _open(task: Task, file: int, streams: ExitStack) -> Table:
    if task.kind == "accounts":
        return _listed(file, task.limits)

    def opened(choices: Choices) -> Table:
        stream = streams.enter_context(os.fdopen(os.dup(file), "rb"))
        stream.seek(0)
        return open_table(stream, task.limits, choices, pasted=task.kind == "text")

    if task.choices != Choices() or task.remembered is None or task.kind == "text":
        return opened(task.choices)
    return _as_before(opened, task.remembered)


def _as_before(opened: Callable[[Choices], Table], remembered: Remembered) -> Table:
    """Read by what the file says, except where it leaves open what was chosen once before."""
    fault: FileFault | None = None
    try:
        table = opened(Choices())
        choices = _fitting(table.layout, remembered)
        if choices == Choices():
            return table
    except FileFault as error:
        choices, fault = _repairing(error, remembered), error
        if choices == Choices():
            raise
    try:
        table = opened(choices)
    except FileFault:
        if fault is not None:
            raise fault from None
        return opened(Choices())
    table.notes.append(Note("CHOICE_REMEMBERED", REMEMBERED))
    return table


def _repairing(fault: FileFault, remembered: Remembered) -> Choices:
    """What was chosen before, if it answers the very question that this file raises."""
    chosen, headings = remembered.choices, () if fault.layout is None else tuple(fault.layout.headings)
    if "encoding" in fault.fixable:
        return Choices(encoding=chosen.encoding)
    columns = Choices(**{**asdict(chosen), "encoding": None})
    if fault.fixable.get("header_line") == 0:
        same = chosen.header_line == 0 and len(headings) == len(remembered.headings)
        return columns if same else Choices()
    return columns if fault.fixable and headings == remembered.headings else Choices()


def _fitting(layout: Layout, remembered: Remembered) -> Choices:
    chosen = remembered.choices
    alternatives = {name for name, _ in layout.encodings}
    encoding = chosen.encoding if layout.guessed and chosen.encoding in alternatives else None
    if tuple(layout.headings) != remembered.headings:
        return Choices(encoding=encoding)
    fitting = {**asdict(chosen), "encoding": encoding}
    return Choices(**fitting)


def _listed(file: int, limits: Limits) -> Table:
    with os.fdopen(os.dup(file), "rb") as stream:
        stream.seek(0)
        accounts = _ACCOUNTS.decode(stream.read())
    if len(accounts) > limits.max_rows:
        raise too_many_rows(len(accounts), limits.max_rows)
    records = (
        Record(row, row, account.email.strip(), account.description.strip(), None)
        for row, account in enumerate(accounts, start=1)
    )
    columns = {"email": "email", "description": "description"}
    return Table(Layout("utf-8", "", 0, columns, ()), records)


def _reached(file: int) -> int:
    """How far the file is taken in: all readers of it share one position."""
    return os.lseek(file, 0, os.SEEK_CUR)
