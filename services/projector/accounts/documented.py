"""Answers about accounts, for the API document: what `answers.py` and `export.py` make."""

from typing import Any, Final

from services.common.http.account_answer import EXAMPLE, CourseAccount
from services.common.http.documented import answer_headers, file_answer
from services.common.http.problem_answer import problems

TAG: Final = "course accounts"

ACCOUNT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": CourseAccount, "description": "The account as the lists show it."},
    **problems(400, 404),
}

FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: file_answer(
        "The accounts, each once, in no order that means anything. A cell that looks like a formula has an "
        "apostrophe in front.",
        example="email,description,username,state,error_code,error,project_name,project_uuid,created,modified,"
        "account_uuid\r\n"
        f"{EXAMPLE['email']},{EXAMPLE['description']},{EXAMPLE['username']},OK,,,{EXAMPLE['project_name']},"
        f"{EXAMPLE['project']},{EXAMPLE['created']},{EXAMPLE['modified']},{EXAMPLE['uuid']}\r\n",
    )
    | {"headers": answer_headers(Content_Disposition="a name for the file")},
    **problems(400),
}
