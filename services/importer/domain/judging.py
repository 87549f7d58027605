"""What a row is worth by itself: new or invalid, with notes and suggestions. Duplicates are `duplicates.Firsts`."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final
from uuid import UUID

from schemas.ids import account_id
from services.importer.domain.address import BadAddress, check_address
from services.importer.domain.duplicates import Firsts
from services.importer.domain.policy import AddressPolicy
from services.importer.domain.rows import Readable, StagedRow, Verdict
from services.importer.limits import MAX_DESCRIPTION

_CHUNK: Final = 2_000


def judge(record: Readable, project_id: UUID, policy: AddressPolicy, *, confirmed: bool = False) -> StagedRow:
    """One row by itself; `confirmed`: a person said that the address is meant as it is."""
    row, line, email, description, code = (
        record.row,
        record.line,
        record.email,
        record.description,
        record.code,
    )
    canonical, account = None, None
    try:
        canonical = check_address(email)
    except BadAddress as bad:
        code = bad.code
    detail = ""
    if code is None and len(description) > MAX_DESCRIPTION:
        code, detail = "DESCRIPTION_TOO_LONG", f"{len(description)} characters"
    if code is None and canonical is not None:
        account = account_id(project_id, canonical).bytes
    verdict = Verdict.NEW if code is None else Verdict.INVALID
    return StagedRow(
        row,
        line,
        email,
        canonical,
        description,
        verdict,
        code,
        detail,
        None,
        account,
        record.notes,
        (),
        confirmed,
    )


def judge_all(records: Iterable[Readable], project_id: UUID, policy: AddressPolicy) -> list[StagedRow]:
    """As `judge`, for many rows at once: several times faster. Holds nothing from one call to the next."""
    return [judge(record, project_id, policy) for record in records]


def classify(records: Iterable[Readable], project_id: UUID) -> Iterator[StagedRow]:
    """Judge all records and mark duplicates, with the policy of a site that wants nothing special."""
    firsts, policy, source = Firsts(), AddressPolicy(), iter(records)
    while chunk := list(islice(source, _CHUNK)):
        yield from firsts.mark(judge_all(chunk, project_id, policy))
