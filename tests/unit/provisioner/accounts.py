"""One account's life told in a few words: claims by number, facts by version."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from schemas import ids
from schemas.facts import (
    AccountClosed,
    AccountCloseFailed,
    AccountCloseRequested,
    AccountCreated,
    AccountFact,
    AccountFailed,
    AccountKept,
    AccountRequestCancelled,
    AccountRequested,
    AccountRequestMet,
    AccountRetried,
    ClaimRef,
    CreatedPersonal,
    IfExists,
    ProjectSnapshot,
    RequestedPersonal,
)
from services.provisioner.account import (
    Account,
    Closed,
    Closing,
    Erred,
    Ok,
    OpenClaim,
    Pending,
    Standing,
    Stored,
    Unwanted,
    order_of,
)

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
PROJECT = ProjectSnapshot(
    project_id=UUID(int=1),
    name="Parallel programming",
    slug="parallel",
    start_date=date(2026, 8, 1),
    end_date=date(2026, 12, 31),
)
STANDINGS: dict[str, Standing] = {
    "pending": Pending(),
    "pending, unknown": Pending(2, NOW, "TARGET_UNCERTAIN", effect_unknown=True),
    "ok": Ok("ada"),
    "erred": Erred("REFUSED", 1, effect_unknown=False),
    "erred, unknown": Erred("OUTCOME_UNKNOWN", 8, effect_unknown=True),
    "closing": Closing("ada"),
    "close failed": Closing("ada", 3, None, "CLOSE_REFUSED"),
    "closed": Closed(),
    "unwanted": Unwanted(),
}


def email_of(person: int) -> str:
    """The address of a person."""
    return f"person{person}@example.org"


def account_id_of(person: int) -> UUID:
    """Their account."""
    return ids.account_id(PROJECT.project_id, email_of(person))


A = account_id_of(1)


def claim(import_: int, person: int = 1) -> ClaimRef:
    """The claim of an import on a person's account."""
    import_id = uuid5(ids.NAMESPACE, str(import_))
    return ClaimRef(request_id=ids.request_id(import_id, person, 0), import_id=import_id, row=person)


def requested(import_: int = 1, person: int = 1, **if_exists: Any) -> AccountRequested:
    """An import asks for a person's account."""
    return AccountRequested(
        account_id=account_id_of(person),
        claim=claim(import_, person),
        line=person + 1,
        if_exists=IfExists(**if_exists),
        project=PROJECT,
        requested_by="manager",
        personal=RequestedPersonal(email=email_of(person), canonical_email=email_of(person)),
    )


def account(
    standing: Standing | None = None,
    *,
    version: int = 5,
    open_claims: tuple[OpenClaim, ...] = (),
    **more: Any,
) -> Account:
    """The first person's account, asked for by import 1."""
    standing = Pending() if standing is None else standing
    order = order_of(requested())
    return Account(A, PROJECT.project_id, claim(1), order, standing, version, open_claims=open_claims, **more)


def waiting(import_: int, **if_exists: Any) -> OpenClaim:
    """A claim of another import nobody has answered."""
    return OpenClaim(claim(import_), IfExists(**if_exists), order_of(requested(import_)))


def new_account(person: int) -> Account:
    """A person's account, just asked for by import 1."""
    return Account(
        account_id_of(person), PROJECT.project_id, claim(1, person), order_of(requested(1, person))
    )


def stored(
    of: Account | None = None, *, partition: int = 0, request: AccountRequested | None = None
) -> Stored:
    """An account in the tables, perhaps with another order."""
    of = of or account()
    return Stored(of if request is None else replace(of, order=order_of(request)), partition)


def _base(version: int, of: int) -> dict[str, Any]:
    return {"account_id": A, "account_version": version, "claim": claim(of)}


def met(version: int, of: int = 2, found: Any = "ok") -> AccountFact:
    """A claim found the account there."""
    return AccountRequestMet(**_base(version, of), found=found)


def made(version: int, username: str = "ada", of: int = 1) -> AccountFact:
    """It was created."""
    return AccountCreated(
        **_base(version, of), attempt=1, created_at=NOW, personal=CreatedPersonal(username=username)
    )


def retried(version: int, of: int = 1, **changes: Any) -> AccountFact:
    """Another attempt will be made."""
    fields = {"attempt": 1, "cause": "TARGET_BUSY", "next_attempt_at": NOW, "asked_by": "policy"}
    said = {"life": 1, "series": 1, "effect": "none", "doubts": 0}
    return AccountRetried(**_base(version, of), **{**fields, **said, **changes})


def failed(version: int, code: str = "REFUSED", effect: Any = "none", of: int = 1) -> AccountFact:
    """Given up."""
    return AccountFailed(
        **_base(version, of), attempt=3, code=code, message="", can_retry=True, effect=effect
    )


def every_fact(version: int, of: int) -> list[AccountFact]:
    """One of each type, saying it is about the claim of import `of`."""
    base = _base(version, of)
    return [
        met(version, of),
        AccountRequestCancelled(**base),
        made(version, of=of),
        retried(version, of),
        failed(version, of=of),
        AccountCloseRequested(**base, cause="request"),
        AccountClosed(**base),
        AccountCloseFailed(**base, attempt=1, code="TARGET_BUSY"),
        AccountKept(**base, reason="other_claim"),
    ]
