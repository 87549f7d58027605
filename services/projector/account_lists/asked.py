"""What a request asks of the list of accounts: Waldur's parameters, as its clients send them.

What Waldur takes is taken: parameters that nobody knows say nothing, empty ones say nothing, and a page of more than
300 has 300. What Waldur refuses is refused.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from fastapi import Query
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.common.http import SignedIn
from services.common.http.account_answer import AccountState
from services.projector.account_lists.filters import AccountFilter
from services.projector.account_lists.statement import ORDERS
from services.projector.web.answers import bad_request, id_of
from services.projector.web.parameters import NO_NUL, IdText

MOST_ON_A_PAGE: Final = 300
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIELD: Final = f"-?({'|'.join(ORDERS)})"


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of the accounts that fit, in an order: names of `ORDERS`, `-` in front reverses."""

    only: AccountFilter
    order: list[str]
    page: int
    page_size: int


def _day(text: Any) -> Any:
    """A day as text, and nothing else: a number would be taken for seconds since 1970."""
    if text in (None, ""):
        return None
    if not (isinstance(text, str) and _DAY.fullmatch(text)):
        raise PydanticCustomError("day", "Write a day as 2026-09-01.")
    return text


PageSize = Annotated[
    int,
    AfterValidator(lambda size: min(size, MOST_ON_A_PAGE)),
    Query(ge=1, description=f"accounts on a page; more than {MOST_ON_A_PAGE} are as many as that"),
]
Day = Annotated[date | None, BeforeValidator(_day)]
Code = Annotated[str, Query(pattern=r"^[A-Z0-9_]{1,64}$")]
Order = Annotated[str, WithJsonSchema({"type": "string", "pattern": f"^({_FIELD}(,{_FIELD})*)?$"})]


async def asked(
    principal: SignedIn,
    page: Annotated[int, Query(ge=1, description="from 1; one beyond the last is 404")] = 1,
    page_size: PageSize = 10,
    email: Annotated[
        str | None, Query(max_length=320, pattern=NO_NUL, description="a part of the address, in any case")
    ] = None,
    username: Annotated[
        str | None, Query(max_length=320, pattern=NO_NUL, description="the whole user name")
    ] = None,
    state: Annotated[
        list[AccountState] | None, Query(max_length=20, description="those in one of these states")
    ] = None,
    error_code: Annotated[
        list[Code] | None,
        Query(max_length=20, description="those that are Erred for one of these reasons; needs project_uuid"),
    ] = None,
    project_uuid: Annotated[IdText | None, Query(description="those of this project")] = None,
    project_start_date_after: Annotated[Day, Query(description="the project begins then or later")] = None,
    project_start_date_before: Annotated[Day, Query(description="the project begins then or earlier")] = None,
    project_end_date_after: Annotated[Day, Query(description="the project ends then or later")] = None,
    project_end_date_before: Annotated[Day, Query(description="the project ends then or earlier")] = None,
    o: Annotated[
        list[Order] | None,
        Query(
            max_length=20,
            description="the order: names of fields, `-` in front reverses; several with commas or repeated. "
            "Without one the newest come first.",
        ),
    ] = None,
) -> Asked:
    """The parameters of one request, and of whose accounts it is."""
    project_id = id_of("project_uuid", project_uuid)
    if error_code and project_id is None:
        raise bad_request("error_code", "Name the project as well, with project_uuid.")
    only = AccountFilter(
        email=email or None,
        username=username or None,
        states=tuple(dict.fromkeys(state)) if state else None,
        codes=tuple(dict.fromkeys(error_code)) if error_code else None,
        project_id=project_id,
        starts_from=project_start_date_after,
        starts_until=project_start_date_before,
        ends_from=project_end_date_after,
        ends_until=project_end_date_before,
        among=principal.projects,
    )
    return Asked(only, order_of(o), page, page_size)


def order_of(given: list[str] | None) -> list[str]:
    """Names of fields in their order; a field that comes again has been decided already.

    Raises:
        Problem: 400, there is no such field.
    """
    fields: dict[str, str] = {}
    for name in (name for part in given or () for name in part.split(",") if name):
        field = name.removeprefix("-")
        if field not in ORDERS:
            raise bad_request("o", f"Order by some of {', '.join(ORDERS)}; a - in front reverses.")
        fields.setdefault(field, name)
    return list(fields.values())
