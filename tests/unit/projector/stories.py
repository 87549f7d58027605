"""Histories as the importer and the provisioner would write them, told one fact at a time."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from schemas import ids
from schemas.facts import (
    AccountClosed,
    AccountCloseFailed,
    AccountCloseRequested,
    AccountCreated,
    AccountFailed,
    AccountKept,
    AccountRequestCancelled,
    AccountRequested,
    AccountRequestMet,
    AccountRetried,
    ClaimRef,
    CreatedPersonal,
    Fact,
    IfExists,
    ImportAccepted,
    ImportCancelled,
    ImportUndoStarted,
    ProjectSnapshot,
    RequestedPersonal,
    RowsSkipped,
    SkippedPersonal,
    SkippedRow,
    TargetPaused,
    TargetResumed,
    Verdicts,
)

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PROJECT = ProjectSnapshot(
    project_id=uuid5(ids.NAMESPACE, "a course"),
    name="Parallel programming",
    slug="parallel",
    start_date=date(2026, 3, 1),
    end_date=date(2099, 6, 30),
)


def import_of(name: str) -> UUID:
    """The id of the import a test calls `name`."""
    return uuid5(ids.NAMESPACE, f"import {name}")


def account_of(person: str) -> UUID:
    """The id of the account of `person`."""
    return ids.account_id(PROJECT.project_id, f"{person}@example.org")


def claim(name: str, row: int, revision: int = 0) -> ClaimRef:
    """The claim of one row of the import `name`."""
    import_id = import_of(name)
    request_id = ids.request_id(import_id, row, revision)
    return ClaimRef(request_id=request_id, import_id=import_id, row=row, revision=revision)


@dataclass
class Story:
    """Facts in the order of the log, one second apart; versions of accounts are counted along."""

    facts: list[tuple[datetime, Fact]] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)

    def tell(self, fact: Fact) -> "Story":
        """Add any fact."""
        self.facts.append((START + timedelta(seconds=len(self.facts)), fact))
        return self

    def accepted(self, name: str, rows: int, requested: int | None = None) -> "Story":
        """An import was submitted."""
        return self.tell(
            ImportAccepted(
                import_id=import_of(name),
                project=PROJECT,
                rows=rows,
                requested=rows if requested is None else requested,
                verdicts=Verdicts(new=rows),
                choices=IfExists(),
                author="manager",
                source="file",
            )
        )

    def skipped(self, name: str, **rows: str) -> "Story":
        """Rows that ask for nothing, as `_3="invalid"`."""
        skipped = tuple(
            SkippedRow(
                row=int(row[1:]),
                line=int(row[1:]) + 1,
                verdict=verdict,  # type: ignore[arg-type]
                code="EMAIL_INVALID" if verdict == "invalid" else "DUPLICATE",
                duplicate_of=1 if verdict == "duplicate" else None,
                personal=SkippedPersonal(email=f"=row{row[1:]}", description="as it was"),
            )
            for row, verdict in rows.items()
        )
        return self.tell(RowsSkipped(import_id=import_of(name), rows=skipped))

    def requested(self, name: str, row: int, person: str, *, revision: int = 0, **wishes: Any) -> "Story":
        """A row asks for the account of `person`."""
        email = f"{person}@example.org"
        return self.tell(
            AccountRequested(
                account_id=account_of(person),
                claim=claim(name, row, revision),
                line=row + 1,
                if_exists=IfExists(**wishes),
                project=PROJECT,
                requested_by="manager",
                personal=RequestedPersonal(email=email, canonical_email=email, description=f"row {row}"),
            )
        )

    def met(self, person: str, of: ClaimRef, found: Any) -> "Story":
        """A later claim got its answer."""
        return self.tell(AccountRequestMet(**self._next(person, of), found=found))

    def stopped(self, person: str, of: ClaimRef) -> "Story":
        """A claim was cancelled."""
        return self.tell(AccountRequestCancelled(**self._next(person, of)))

    def created(self, person: str, of: ClaimRef) -> "Story":
        """The account was made."""
        return self.tell(
            AccountCreated(
                **self._next(person, of),
                attempt=1,
                created_at=START,
                personal=CreatedPersonal(username=f"u-{person}"),
            )
        )

    def retried(
        self,
        person: str,
        of: ClaimRef,
        asked_by: Any = "policy",
        *,
        life: int = 1,
        attempt: int = 1,
        at: datetime = START + timedelta(minutes=5),
    ) -> "Story":
        """Another attempt follows."""
        return self.tell(
            AccountRetried(
                **self._next(person, of),
                attempt=attempt,
                cause="TARGET_UNREACHABLE",
                next_attempt_at=at,
                asked_by=asked_by,
                life=life,
                series=1,
                effect="none",
                doubts=0,
            )
        )

    def failed(self, person: str, of: ClaimRef, code: str = "REFUSED", effect: Any = "none") -> "Story":
        """The account was given up."""
        return self.tell(
            AccountFailed(
                **self._next(person, of),
                attempt=1,
                code=code,
                message="No.",
                can_retry=True,
                effect=effect,
            )
        )

    def closing(self, person: str, of: ClaimRef) -> "Story":
        """The account shall be closed."""
        return self.tell(AccountCloseRequested(**self._next(person, of), cause="request"))

    def close_failed(self, person: str, of: ClaimRef, *, again: bool = True) -> "Story":
        """It could not be closed yet, or never."""
        at = START + timedelta(minutes=7) if again else None
        return self.tell(
            AccountCloseFailed(
                **self._next(person, of), attempt=1, code="TARGET_UNREACHABLE", next_attempt_at=at
            )
        )

    def closed(self, person: str, of: ClaimRef) -> "Story":
        """It is closed."""
        return self.tell(AccountClosed(**self._next(person, of)))

    def kept(self, person: str, of: ClaimRef, reason: Any = "other_claim") -> "Story":
        """An undo left it alone."""
        return self.tell(AccountKept(**self._next(person, of), reason=reason))

    def cancelled(self, name: str, last_row: int) -> "Story":
        """The import was cancelled."""
        return self.tell(
            ImportCancelled(
                import_id=import_of(name), author="manager", reason="a mistake", last_row=last_row
            )
        )

    def undo_started(self, name: str) -> "Story":
        """The import is being undone."""
        return self.tell(
            ImportUndoStarted(import_id=import_of(name), author="manager", reason="wrong course")
        )

    def paused(self, change: int = 1) -> "Story":
        """The account service is being waited for."""
        return self.tell(
            TargetPaused(target="default", change=change, since=START, reason="TARGET_UNREACHABLE")
        )

    def resumed(self, change: int = 2) -> "Story":
        """It answers again."""
        return self.tell(TargetResumed(target="default", change=change, since=START))

    def _next(self, person: str, of: ClaimRef) -> dict[str, Any]:
        version = self.versions.get(person, 0) + 1
        self.versions[person] = version
        return {"account_id": account_of(person), "account_version": version, "claim": of}
