"""A log as imports leave it: an import accepted, its requests, and the outcome of each a little later."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from bench.rows import sample
from schemas import ids
from schemas.codec import encode
from schemas.facts import (
    AccountCreated,
    AccountRequested,
    ClaimRef,
    CreatedPersonal,
    Fact,
    IfExists,
    ImportAccepted,
    ProjectSnapshot,
    RequestedPersonal,
    Verdicts,
)
from services.common.partitioner import partitions_for
from services.common.records import Message
from services.importer.domain.addresses.examine import BadAddress, check_address

ROWS_OF_AN_IMPORT = 20_000
_BEHIND = 2_000
"""How many requests are on the log before the first outcome."""
_BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
_OFTEN = timedelta(microseconds=200)


class _Wish(NamedTuple):
    import_id: UUID
    row: int
    email: str
    description: str


def messages(events: int, project: ProjectSnapshot, partitions: int) -> list[Message]:
    """About `events` records: half ask for accounts, half say that they are there."""
    facts = list(_facts(events // 2, project))
    encoded = [
        encode(fact, source=_source(fact), time=_BEGAN + place * _OFTEN, causation_id=_cause(fact))
        for place, fact in enumerate(facts)
    ]
    places = partitions_for([record.key for record in encoded], partitions)
    return [Message(*record, place) for record, place in zip(encoded, places, strict=True)]


def requests(count: int, series: int, project: ProjectSnapshot, partitions: int) -> Iterator[Message]:
    """The requests of one import, encoded one by one as they are taken; series share no account."""
    import_id = uuid5(project.project_id, f"bench/requests/{series}")
    wishes = _wishes(count, series, import_id)
    places = partitions_for([str(_account(wish, project)).encode() for wish in wishes], partitions)
    for wish, place in zip(wishes, places, strict=True):
        fact = _request(wish, project)
        yield Message(*encode(fact, source=_source(fact), time=_BEGAN, causation_id=_cause(fact)), place)


def story(rows: int, number: int, project: ProjectSnapshot) -> tuple[list[Fact], list[Fact]]:
    """One import of up to 2,000 rows: what is on the log before the first outcome, and the outcomes."""
    facts = list(_import(rows, number, project))
    return facts[: rows + 1], facts[rows + 1 :]


def message(fact: Fact, time: datetime, partitions: int) -> Message:
    """A fact as a record."""
    encoded = encode(fact, source=_source(fact), time=time, causation_id=_cause(fact))
    [place] = partitions_for([encoded.key], partitions)
    return Message(*encoded, place)


def _facts(accounts: int, project: ProjectSnapshot) -> Iterator[Fact]:
    made = 0
    while made < accounts:
        count = min(ROWS_OF_AN_IMPORT, accounts - made)
        yield from _import(count, made // ROWS_OF_AN_IMPORT, project)
        made += count


def _import(count: int, number: int, project: ProjectSnapshot) -> Iterator[Fact]:
    import_id = uuid5(project.project_id, f"bench/{number}")
    wishes = _wishes(count, number, import_id)
    yield ImportAccepted(
        import_id=import_id,
        project=project,
        rows=count,
        requested=count,
        verdicts=Verdicts(new=count),
        choices=IfExists(),
        author="bench",
        source="file",
    )
    requests = [_request(wish, project) for wish in wishes]
    for start in range(0, count + _BEHIND, _BEHIND):
        yield from requests[start : start + _BEHIND]
        for request in requests[max(0, start - _BEHIND) : start]:
            yield _outcome(request)


def _wishes(count: int, number: int, import_id: UUID) -> Sequence[_Wish]:
    found: dict[str, _Wish] = {}
    for email, description in sample(count + count // 10 + 10, number).rows:
        try:
            known = check_address(email)
        except BadAddress:
            continue
        if len(found) < count:
            found.setdefault(known, _Wish(import_id, len(found) + 1, known, description))
    return list(found.values())


def _account(wish: _Wish, project: ProjectSnapshot) -> UUID:
    return ids.account_id(project.project_id, wish.email)


def _request(wish: _Wish, project: ProjectSnapshot) -> AccountRequested:
    return AccountRequested(
        account_id=_account(wish, project),
        claim=ClaimRef(
            request_id=ids.request_id(wish.import_id, wish.row, 0), import_id=wish.import_id, row=wish.row
        ),
        line=wish.row + 1,
        if_exists=IfExists(),
        project=project,
        requested_by="bench",
        personal=RequestedPersonal(
            email=wish.email, canonical_email=wish.email, description=wish.description
        ),
    )


def _outcome(request: AccountRequested) -> AccountCreated:
    return AccountCreated(
        account_id=request.account_id,
        account_version=1,
        claim=request.claim,
        attempt=1,
        created_at=_BEGAN,
        expires_at=_BEGAN + timedelta(days=90),
        personal=CreatedPersonal(username=f"ca-{request.account_id.hex[:12]}"),
    )


def _source(fact: Fact) -> str:
    return "course-accounts/provisioner" if isinstance(fact, AccountCreated) else "course-accounts/importer"


def _cause(fact: Fact) -> UUID | None:
    match fact:
        case AccountCreated(claim=claim):
            return claim.request_id
        case AccountRequested(claim=claim):
            return ids.import_event_id(claim.import_id, "accepted")
        case _:
            return None
