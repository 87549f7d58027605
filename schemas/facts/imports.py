"""Facts of an import, published by the importer."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from schemas import ids
from schemas.facts.base import ClaimRef, Fact, Frozen, Line, Row

Source = Literal["file", "paste", "api", "topic"]
IfErred = Literal["retry", "leave"]
IfClosed = Literal["reopen", "leave"]


class ProjectSnapshot(Frozen):
    """A course project as it was when the fact was written; dates are days in the site's time zone."""

    project_id: UUID
    name: str
    slug: str
    start_date: date | None = None
    end_date: date | None = None


class IfExists(Frozen):
    """What a claim asks for when its account is already there."""

    erred: IfErred = "retry"
    closed: IfClosed = "reopen"


class Verdicts(Frozen):
    """Rows per verdict of the preview that was submitted."""

    new: int = Field(default=0, ge=0)
    existing_ok: int = Field(default=0, ge=0)
    existing_pending: int = Field(default=0, ge=0)
    existing_erred: int = Field(default=0, ge=0)
    existing_closed: int = Field(default=0, ge=0)
    duplicate: int = Field(default=0, ge=0)
    invalid: int = Field(default=0, ge=0)


class Fingerprint(Frozen):
    """The uploaded bytes, so that the same file is recognised under another name."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0, description="bytes")


class ImportFact(Fact):
    """A fact about an import as a whole."""

    import_id: UUID

    @property
    def subject(self) -> UUID:
        """The import."""
        return self.import_id

    @property
    def correlation_id(self) -> UUID:
        """The import."""
        return self.import_id


class ImportPersonal(Frozen):
    """What may name a person."""

    file_name: str | None = None


class ImportAccepted(ImportFact):
    """An import was submitted: its rows are fixed, and AccountRequested facts follow in row order."""

    TYPE: ClassVar[str] = "org.course-accounts.import-accepted.v1"

    project: ProjectSnapshot
    rows: int = Field(ge=0, description="all records, blank ones left out")
    requested: int = Field(ge=0, description="AccountRequested facts that follow")
    verdicts: Verdicts
    choices: IfExists
    author: str
    source: Source
    fingerprint: Fingerprint | None = None
    personal: ImportPersonal = ImportPersonal()

    @property
    def event_id(self) -> UUID:
        """One per import."""
        return ids.import_event_id(self.import_id, "accepted")


class SkippedPersonal(Frozen):
    """The cells of a skipped row, as they were."""

    email: str
    description: str = ""


class SkippedRow(Frozen):
    """A row that asks for nothing, and why."""

    row: Row
    line: Line
    verdict: Literal["invalid", "duplicate"]
    code: str
    duplicate_of: int | None = None
    personal: SkippedPersonal


class RowsSkipped(ImportFact):
    """Up to 500 rows that ask for nothing: invalid ones and repetitions."""

    TYPE: ClassVar[str] = "org.course-accounts.rows-skipped.v1"

    rows: tuple[SkippedRow, ...] = Field(min_length=1, max_length=500)

    @property
    def event_id(self) -> UUID:
        """One per first row of the group; groups are cut the same way in every process."""
        return ids.import_event_id(self.import_id, f"skipped/{self.rows[0].row}")


class RequestedPersonal(Frozen):
    """Who asks: the address as typed, its canonical form, and the description."""

    email: str
    canonical_email: str
    description: str = ""


class AccountRequested(Fact):
    """One row's claim on an account, with all that is needed to make the call from this fact alone."""

    TYPE: ClassVar[str] = "org.course-accounts.account-requested.v1"

    account_id: UUID
    claim: ClaimRef
    line: Line
    if_exists: IfExists = IfExists()
    project: ProjectSnapshot
    requested_by: str
    personal: RequestedPersonal

    @property
    def event_id(self) -> UUID:
        """The request itself."""
        return self.claim.request_id

    @property
    def subject(self) -> UUID:
        """The account."""
        return self.account_id

    @property
    def correlation_id(self) -> UUID:
        """The import of the row."""
        return self.claim.import_id


class ImportCancelled(ImportFact):
    """What has not started shall not start; `last_row` is the last row whose request may have been sent."""

    TYPE: ClassVar[str] = "org.course-accounts.import-cancelled.v1"

    author: str
    reason: str = ""
    last_row: int = Field(ge=0)

    @property
    def event_id(self) -> UUID:
        """One per import."""
        return ids.import_event_id(self.import_id, "cancelled")


class ImportUndoStarted(ImportFact):
    """Accounts that only this import created shall be closed."""

    TYPE: ClassVar[str] = "org.course-accounts.import-undo-started.v1"

    author: str
    reason: str = ""

    @property
    def event_id(self) -> UUID:
        """One per import."""
        return ids.import_event_id(self.import_id, "undo-started")
