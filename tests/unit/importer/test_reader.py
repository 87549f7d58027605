"""What the process that reads files sends: bounded pieces, COPY data that can be patched, faults as values."""

import os
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from schemas.ids import account_id
from services.importer.domain.policy import AddressPolicy
from services.importer.domain.rows import ACCOUNT_STATES
from services.importer.drafts import reader
from services.importer.drafts.copying import COLUMNS, with_verdicts
from services.importer.drafts.protocol import (
    Answer,
    BadFrame,
    Faulty,
    Finished,
    Kind,
    Opened,
    Remembered,
    Rows,
    Task,
    framed,
    read_answer,
    read_task,
)
from services.importer.limits import Limits
from services.importer.reading import Choices

PROJECT = UUID(int=7)
PLACE = {name: place for place, name in enumerate(COLUMNS)}


def answers(data: bytes, **changes: Any) -> list[Answer]:
    """All that is sent about these bytes."""
    fields: dict[str, Any] = {
        "draft_id": uuid4(),
        "project_id": PROJECT,
        "kind": "file",
        "limits": Limits(),
        "policy": AddressPolicy(),
        **changes,
    }
    sent: list[Answer] = []
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        reader.read(Task(**fields), file.fileno(), sent.append)
    return sent


def parsed(copy: bytes) -> list[list[bytes | None]]:
    """Rows of COPY data, each value as it is."""
    rows, at = [], 0
    while at < len(copy):
        (fields,) = struct.unpack_from(">h", copy, at)
        at += 2
        row: list[bytes | None] = []
        for _ in range(fields):
            (size,) = struct.unpack_from(">i", copy, at)
            at += 4
            row.append(None if size < 0 else copy[at : at + size])
            at += max(size, 0)
        rows.append(row)
    return rows


def column(rows: Sequence[Sequence[bytes | None]], name: str) -> list[bytes | None]:
    """One column."""
    return [row[PLACE[name]] for row in rows]


def test_rows_come_as_copy_data_with_their_new_accounts() -> None:
    """Every row has all columns; the plain and the other way of encoding agree on their places."""
    data = "email,description\nada@example.org,Õ\nBOB@example.org,\nada@example.org,x\nnobody,\n".encode()
    opened, rows, finished = answers(data)
    assert isinstance(opened, Opened)
    assert opened.layout.columns == {"email": "email", "description": "description"}
    assert isinstance(finished, Finished)
    assert isinstance(rows, Rows)
    table = parsed(rows.copy)
    assert {len(row) for row in table} == {len(COLUMNS)}
    assert column(table, "email") == [b"ada@example.org", b"BOB@example.org", b"ada@example.org", b"nobody"]
    assert column(table, "canonical_email") == [None, b"bob@example.org", None, None]
    assert column(table, "verdict") == [b"new", b"new", b"duplicate", b"invalid"]
    assert column(table, "description")[0] == "Õ".encode()
    notes = column(table, "notes")
    assert notes[:2] == [None, None]
    assert notes[2] is not None
    assert notes[2][:1] == b"\x01"
    assert msgspec.json.decode(notes[2][1:]) == [{"code": "DESCRIPTION_DIFFERS", "detail": "row 1"}]
    expected = [account_id(PROJECT, f"{name}@example.org").bytes for name in ("ada", "bob")]
    assert rows.new == b"".join(expected)
    assert (rows.rows, rows.reached) == (4, len(data))
    assert rows.verdicts == {"new": 2, "duplicate": 1, "invalid": 1}


def test_verdicts_are_exchanged_without_reading_the_rest() -> None:
    """The states of new accounts are written where their verdicts stand, whatever their length."""
    names = [f"p{number}@example.org" for number in range(6)]
    names[2] = "P2@example.org"
    [_, rows, _] = answers("\n".join(["email", *names]).encode())
    assert isinstance(rows, Rows)
    states = bytes([0, 1, 2, 3, 4, 0])
    table = parsed(with_verdicts(rows.copy, rows.places, states, ACCOUNT_STATES))
    assert column(table, "verdict") == [ACCOUNT_STATES[state].value.encode() for state in states]
    assert column(table, "email") == [name.encode() for name in names]
    assert with_verdicts(rows.copy, rows.places, bytes(6), ACCOUNT_STATES) == rows.copy
    with pytest.raises(ValueError, match="one state"):
        with_verdicts(rows.copy, rows.places, b"\0", ACCOUNT_STATES)


def test_pieces_are_bounded_in_rows_and_in_size() -> None:
    """The first comes soon, and a row of the longest description counts for more than one of none."""
    plain = [f"p{number}@example.org," for number in range(12_000)]
    sizes = [
        one.rows
        for one in answers("\n".join(["email,description", *plain]).encode())
        if isinstance(one, Rows)
    ]
    assert sizes[0] == reader.FIRST_ROWS
    assert max(sizes) <= reader.CHUNK_ROWS + reader.FIRST_ROWS
    assert sum(sizes) == 12_000
    long = [f"p{number}@example.org,{'x' * 1_900}" for number in range(4_000)]
    copies = [
        one.copy for one in answers("\n".join(["email,description", *long]).encode()) if isinstance(one, Rows)
    ]
    assert max(map(len, copies)) < 3 * reader.CHUNK_CHARACTERS


def test_faults_and_odd_text_are_values() -> None:
    """A fault in the middle comes after the rows before it; NUL and half characters never reach COPY."""
    *_, rows, fault = answers(b'email,description\na@example.org,x\nb@example.org,"open\n')
    assert isinstance(rows, Rows | Opened)
    assert isinstance(fault, Faulty)
    accounts = b'[{"email":"a\\u0000@example.org","description":"x\\u0000y"},{"email":"b@example.org"}]'
    _, found, finished = answers(accounts, kind="accounts")
    assert isinstance(found, Rows)
    assert b"\0y" not in found.copy
    assert isinstance(finished, Finished)
    [refused] = answers(accounts, kind="accounts", limits=Limits(max_rows=1))
    assert isinstance(refused, Faulty)
    assert refused.code == "TOO_MANY_ROWS"


@pytest.mark.parametrize(
    ("remembered", "data", "used"),
    [
        (Remembered(Choices(header_line=0, email=0), ("column 1",)), b"a@example.org\nb@example.org\n", True),
        (Remembered(Choices(header_line=0, email=0), ("column 1",)), b"name\nAda\n", False),
        (Remembered(Choices(email=1), ("name", "contact")), b"name,contact\nAda,a@example.org\n", True),
        (Remembered(Choices(email=1), ("name", "phone")), b"name,contact\nAda,a@example.org\n", False),
        (
            Remembered(Choices(encoding="windows-1257"), ("email", "note")),
            b"email,note\na@example.org,x\n",
            False,
        ),
    ],
)
def test_a_remembered_choice_is_used_where_it_fits(remembered: Remembered, data: bytes, used: bool) -> None:
    """It answers the question that this file raises, or it stays aside."""
    sent = answers(data, remembered=remembered)
    if used:
        assert isinstance(sent[-1], Finished)
        assert [note.code for note in sent[-1].notes][-1:] == ["CHOICE_REMEMBERED"]
    else:
        assert not isinstance(sent[-1], Finished) or "CHOICE_REMEMBERED" not in [
            n.code for n in sent[-1].notes
        ]


@pytest.mark.parametrize("kind", ["file", "text"])
def test_chosen_or_pasted_nothing_is_remembered(kind: Kind) -> None:
    """Who chooses now is not told what was chosen once."""
    remembered = Remembered(Choices(header_line=0, email=0), ("column 1",))
    choices = Choices(header_line=1) if kind == "file" else Choices()
    *_, last = answers(b"email\na@example.org\n", kind=kind, remembered=remembered, choices=choices)
    assert isinstance(last, Finished)
    assert "CHOICE_REMEMBERED" not in [note.code for note in last.notes]


async def test_frames_that_are_none() -> None:
    """A frame too long, or of something else, is said to be bad; the end of tasks is the end."""

    class Stream:
        def __init__(self, data: bytes) -> None:
            self.data = data

        async def readexactly(self, n: int, /) -> bytes:
            part, self.data = self.data[:n], self.data[n:]
            return part

    finished = Finished(3, ())
    assert await read_answer(Stream(framed(finished))) == finished
    for data in (b"\xff\xff\xff\xff", b"\0\0\0\x01\xc0"):
        with pytest.raises(BadFrame):
            await read_answer(Stream(data))
    assert read_task(lambda _: b"") is None


def test_the_process_leaves_with_its_service() -> None:
    """When the other end of its sockets is gone it ends, without a word and without being told."""
    control, its_control = socket.socketpair()
    data, its_data = socket.socketpair()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "services.importer.drafts.worker",
            *map(str, (its_control.fileno(), its_data.fileno())),
        ],
        pass_fds=(its_control.fileno(), its_data.fileno()),
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        stderr=subprocess.PIPE,
    )
    for end in (its_control, its_data):
        end.close()
    for end in (control, data):
        end.close()
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, b"")
