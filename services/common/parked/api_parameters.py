"""What may be asked of parked records: parameters, and the body of an order; all bounded, and storable."""

from typing import Annotated, Literal

import msgspec
from fastapi import Header, Query
from pydantic import Field

from services.common.http.bodies import Reason
from services.common.http.repeated import LONGEST_KEY
from services.common.parked.orders import FASTEST, MOST_RECORDS, SLOWEST, TRY_FIRST, USUAL_RATE

_MOST_NAMED = 1_000
TOO_LARGE = f"At most {_MOST_NAMED:,} records may be named at once."

_CODE = "^[A-Z0-9_]{1,64}$"
_TOPIC = "^[A-Za-z0-9._-]{1,249}$"

Code = Annotated[str, msgspec.Meta(pattern=_CODE)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=LONGEST_KEY)]
Cursor = Annotated[str | None, Query(max_length=2000)]
Codes = Annotated[list[Annotated[str, Field(pattern=_CODE)]], Query(max_length=100)]
States = Annotated[list[Literal["parked", "redriven", "dropped"]], Query(max_length=3)]
Topic = Annotated[str | None, Query(pattern=_TOPIC)]


class OrderBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which records: those named; else all that wait, or those with one of these codes, or of this topic."""

    records: Annotated[list[str], msgspec.Meta(min_length=1, max_length=_MOST_NAMED)] | None = None
    codes: Annotated[list[Code], msgspec.Meta(max_length=100)] = []
    topic: Annotated[str, msgspec.Meta(pattern=_TOPIC)] | None = None
    all: bool = False
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_RECORDS)] = TRY_FIRST
    rate: Annotated[float, msgspec.Meta(ge=SLOWEST, le=FASTEST)] = USUAL_RATE
    reason: Reason = ""
    dry_run: bool = False
