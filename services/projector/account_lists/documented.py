"""The list of accounts, for the API document."""

from typing import Any, Final

from services.common.http.account_answer import CourseAccount
from services.common.http.documented import answer_headers
from services.common.http.problem_answer import problems

_HEADERS: Final = answer_headers(
    X_Result_Count="how many accounts fit, exactly",
    Link="where the first, previous, next and last page are (RFC 8288)",
)

LIST: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "model": list[CourseAccount],
        "description": "A page of the accounts that fit.",
        "headers": _HEADERS,
    },
    **problems(400, 404),
}
COUNT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "How many accounts fit.", "headers": _HEADERS},
    **problems(400, 404),
}
