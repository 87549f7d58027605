"""Facts of an import, published by the importer."""

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

import msgspec
from pydantic import Field

from schemas import ids
from schemas.facts.base import ClaimRef, Count, Fact, Line, Row, value

Source = Literal["file", "paste", "api", "topic"]
IfErred = Literal["retry", "leave"]
IfClosed = Literal["reopen", "leave"]
MAX_SIZE = 2**53 - 1  # beyond this a JSON number is no longer exact everywhere
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$"), msgspec.Meta(pattern="^[0-9a-f]{64}$")]


@value
class ProjectSnapshot:
    """A course project as it was when the fact was written; dates are days in the site's time zone."""

    project_id: UUID
    name: str
    slug: str
    start_date: date | None = None
    end_date: date | None = None


@value
class IfExists:
    """What a claim asks for when its account is already there."""

    erred: IfErred = "retry"
    closed: IfClosed = "reopen"


@value
class Verdicts:
    """Rows per verdict of the preview that was submitted."""

    new: Count = 0
    existing_ok: Count = 0
    existing_pending: Count = 0
    existing_erred: Count = 0
    existing_closed: Count = 0
    duplicate: Count = 0
    invalid: Count = 0


@value
class Fingerprint:
    """The uploaded bytes, so that the same file is recognised under another name."""

    sha256: Sha256
    size: Annotated[int, Field(ge=0, le=MAX_SIZE, description="bytes"), msgspec.Meta(ge=0, le=MAX_SIZE)]


@value
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


@value
class ImportPersonal:
    """What may name a person."""

    file_name: str | None = None


@value
class ImportAccepted(ImportFact):
    """An import was submitted: its rows are fixed; `requested` AccountRequested facts follow in row order."""

    TYPE: ClassVar[str] = "org.course-accounts.import-accepted.v1"

    project: ProjectSnapshot
    rows: Annotated[Count, Field(description="all records, blank ones left out")]
    requested: Annotated[Count, Field(description="AccountRequested facts that follow")]
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


@value
class SkippedPersonal:
    """The cells of a skipped row, as they were."""

    email: str
    description: str = ""


@value
class SkippedRow:
    """A row that asks for nothing, and why."""

    row: Row
    line: Line
    verdict: Literal["invalid", "duplicate"]
    code: str
    duplicate_of: Row | None = None
    personal: SkippedPersonal


@value
class RowsSkipped(ImportFact):
    """Up to 500 rows that ask for nothing: invalid ones and repetitions."""

    TYPE: ClassVar[str] = "org.course-accounts.rows-skipped.v1"

    rows: Annotated[
        tuple[SkippedRow, ...],
        Field(min_length=1, max_length=500),
        msgspec.Meta(min_length=1, max_length=500),
    ]

    @property
    def event_id(self) -> UUID:
        """One per first row of the group; groups are cut the same way in every process."""
        return ids.import_event_id(self.import_id, f"skipped/{self.rows[0].row}")


@value
class RequestedPersonal:
    """Who asks: the address as typed, its canonical form, and the description."""

    email: str
    canonical_email: str
    description: str = ""


@value
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


@value
class ImportCancelled(ImportFact):
    """What has not started shall not start; `last_row` is the last row whose request may have been sent."""

    TYPE: ClassVar[str] = "org.course-accounts.import-cancelled.v1"

    author: str
    reason: str = ""
    last_row: Count

    @property
    def event_id(self) -> UUID:
        """One per import."""
        return ids.import_event_id(self.import_id, "cancelled")


@value
class ImportUndoStarted(ImportFact):
    """Accounts that only this import created shall be closed."""

    TYPE: ClassVar[str] = "org.course-accounts.import-undo-started.v1"

    author: str
    reason: str = ""

    @property
    def event_id(self) -> UUID:
        """One per import."""
        return ids.import_event_id(self.import_id, "undo-started")
