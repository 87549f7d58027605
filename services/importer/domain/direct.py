"""Accounts asked for directly, one or many, as Waldur's clients do: rows like those of a file. Pure."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID, uuid5

import msgspec

from schemas.codes import explain
from services.importer.domain.duplicates import Firsts
from services.importer.domain.judging import judge_all
from services.importer.domain.policy import AddressPolicy
from services.importer.domain.rows import ACCOUNT_STATES, StagedRow, Verdict
from services.importer.reading.model import Record

MAX_ROWS: Final = 10_000
"""Accounts of one request; longer lists are uploaded as files."""
_MOST_FAULTS: Final = 100
_KEYED: Final = UUID("6f3f3a52-3d0e-5c0b-9a53-4d7d1f0b7c11")
"""Namespace of the ids of imports that were asked for with a key. Changing it forgets which keys were used."""
_BLANKS: Final = " \t\r\n"
_ID: Final = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Wanted(NamedTuple):
    """One account that is asked for, as it was sent."""

    email: str
    description: str


class Unacceptable(Exception):
    """Nothing is created. `errors`: sentences by field, as the client named them."""

    def __init__(
        self, code: str, detail: str, errors: Mapping[str, Sequence[str]] | None = None, *, status: int = 400
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.errors = errors
        self.status = status


def project_of(text: str) -> UUID:
    """The project that is meant: a uuid in either spelling, or an address that ends in one.

    Raises:
        Unacceptable: it is neither.
    """
    last = text.strip().rstrip("/").rsplit("/", 1)[-1]
    if _ID.fullmatch(last) is None:
        sentence = "This is not the id of a project: 32 hexadecimal digits are needed."
        raise Unacceptable("PROJECT_UNKNOWN", sentence, {"project": [sentence]})
    return UUID(last)


def judged(wanted: Sequence[Wanted], project_id: UUID, policy: AddressPolicy) -> list[StagedRow]:
    """Each with its verdict: new, duplicate or invalid; some 30 µs each, so not on the event loop."""
    records = [
        Record(number, number, one.email.strip(_BLANKS), one.description.strip(_BLANKS), None)
        for number, one in enumerate(wanted, start=1)
    ]
    return Firsts().mark(judge_all(records, project_id, policy))


def check(rows: Sequence[StagedRow], *, single: bool) -> None:
    """Go on only if every row can be asked for. Waldur's clients expect all or nothing.

    Raises:
        Unacceptable: with what is wrong by field, for the first hundred rows.
    """
    invalid = [row for row in rows if row.verdict is Verdict.INVALID]
    if not invalid:
        return
    errors = {_field(row, single=single): [_sentence(row)] for row in invalid[:_MOST_FAULTS]}
    first = explain(invalid[0].code or "")
    if single:
        raise Unacceptable(first.code, _sentence(invalid[0]), errors)
    raise Unacceptable(
        "ACCOUNTS_INVALID",
        f"{len(invalid)} of {len(rows)} accounts cannot be asked for, so none was. Correct them, and send all again.",
        errors,
    )


def settled(rows: Sequence[StagedRow], states: bytes) -> list[StagedRow]:
    """The rows, new ones with what is known of their accounts: a byte each (`ACCOUNT_STATES`), in their order."""
    known = iter(states)
    return [
        row._replace(verdict=ACCOUNT_STATES[next(known)]) if row.verdict is Verdict.NEW else row
        for row in rows
    ]


def counted(rows: Sequence[StagedRow]) -> dict[str, int]:
    """Rows for each verdict."""
    verdicts = {verdict.value: 0 for verdict in Verdict}
    for row in rows:
        verdicts[row.verdict.value] += 1
    return verdicts


def keyed_import_id(author: str, key: str) -> UUID:
    """The import that a person asks for under an `Idempotency-Key`: the same again is the same import."""
    return uuid5(_KEYED, f"{len(author)} {author} {key}")


def content_of(project_id: UUID, wanted: Sequence[Wanted], *, single: bool) -> bytes:
    """What is asked for, in one spelling: the same request again has the same bytes."""
    return msgspec.json.encode((project_id.hex, single, wanted))


def fingerprint(content: bytes) -> bytes:
    """What is remembered of a request."""
    return hashlib.sha256(content).digest()


def _field(row: StagedRow, *, single: bool) -> str:
    cell = "description" if row.code == "DESCRIPTION_TOO_LONG" else "email"
    return cell if single else f"course_accounts[{row.row - 1}].{cell}"


def _sentence(row: StagedRow) -> str:
    known = explain(row.code or "")
    return f"{known.message} {known.hint}".strip()
