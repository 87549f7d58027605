"""What all facts have in common."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Row = Annotated[int, Field(ge=1, description="number of the record in its file, from 1")]
Line = Annotated[int, Field(ge=1, description="physical line where the record starts, as an editor shows it")]
Revision = Annotated[int, Field(ge=0, description="0 at submission, +1 for each accepted correction")]
AccountVersion = Annotated[int, Field(ge=1, description="1, 2, 3 … per account, never reset")]


class Frozen(BaseModel):
    """An immutable value. Unknown fields are ignored, so that an older reader survives a newer writer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Fact(Frozen):
    """Something that happened, in the past tense. Its type name is a deployed identifier."""

    TYPE: ClassVar[str]

    @property
    def event_id(self) -> UUID:
        """The deterministic id of the event that carries this fact."""
        raise NotImplementedError

    @property
    def subject(self) -> UUID:
        """What the fact is about; also its key on the log."""
        raise NotImplementedError

    @property
    def correlation_id(self) -> UUID | None:
        """The import this fact belongs to, if it belongs to one."""
        raise NotImplementedError


class ClaimRef(Frozen):
    """One row's wish for an account."""

    request_id: UUID
    import_id: UUID
    row: Row
    revision: Revision = 0
