"""What all facts have in common.

Facts are pydantic dataclasses, frozen and slotted. Pydantic is the contract: it validates at the edges and
writes the JSON Schemas. msgspec reads and writes the same classes on the hot path (`schemas.codec`); a
constraint is therefore stated for both, by the aliases below (docs/adr/0003).
"""

from datetime import datetime
from typing import Annotated, Any, ClassVar, TypeVar, dataclass_transform
from uuid import UUID

import msgspec
from pydantic import AwareDatetime, ConfigDict, Field
from pydantic.dataclasses import dataclass

_Class = TypeVar("_Class")

MAX_INT = 2_147_483_647
"""The largest number a fact holds: what a Postgres `integer` takes, so that no fold meets one it cannot store."""

MAX_FEW = 32_767
"""The same for a count that stays small: what a `smallint` takes."""

Count = Annotated[int, Field(ge=0, le=MAX_INT), msgspec.Meta(ge=0, le=MAX_INT)]
Few = Annotated[int, Field(ge=0, le=MAX_FEW), msgspec.Meta(ge=0, le=MAX_FEW)]
Positive = Annotated[int, Field(ge=1, le=MAX_INT), msgspec.Meta(ge=1, le=MAX_INT)]
Moment = Annotated[datetime, AwareDatetime, msgspec.Meta(tz=True)]
Row = Annotated[
    int,
    Field(ge=1, le=MAX_INT, description="number of the record in its file, from 1"),
    msgspec.Meta(ge=1, le=MAX_INT),
]
Line = Annotated[
    int,
    Field(ge=1, le=MAX_INT, description="physical line where the record starts"),
    msgspec.Meta(ge=1, le=MAX_INT),
]
Revision = Annotated[
    int,
    Field(ge=0, le=MAX_INT, description="0 at submission, +1 for each accepted correction"),
    msgspec.Meta(ge=0, le=MAX_INT),
]
AccountVersion = Annotated[
    int,
    Field(ge=1, le=MAX_INT, description="1, 2, 3 … per account, never reset"),
    msgspec.Meta(ge=1, le=MAX_INT),
]


@dataclass_transform(kw_only_default=True, frozen_default=True)
def value(cls: type[_Class]) -> type[_Class]:
    """Make `cls` an immutable value, made by keyword only.

    Unknown fields are ignored when reading, so that an older reader survives a newer writer.
    """
    config = ConfigDict(extra="ignore", strict=True)
    decorated: Any = dataclass(frozen=True, slots=True, kw_only=True, config=config)(cls)
    return decorated  # type: ignore[no-any-return]


@value
class Fact:
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


@value
class ClaimRef:
    """One row's wish for an account."""

    request_id: UUID
    import_id: UUID
    row: Row
    revision: Revision = 0
