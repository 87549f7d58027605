"""What surrounds the operations: who we are, where, how one signs in, and answers that many operations share. Pure."""

from typing import Any, Final

from deploy.openapi.tidying import KEY, Document, operations
from services.common.http.problem_answer import COMPONENT, ProblemAnswer, problems
from services.common.http.repeated import LONGEST_KEY

VERSION: Final = "1.0.0"
"""Of the contract, not of the program: the first number rises when something that worked no longer does."""

_TAGS: Final = {
    "course accounts": "Accounts, one by one, as Waldur has them: an unchanged client of Waldur works.",
    "imports": "What became of a list of people: counts that always add up, rows, live events, files, commands.",
    "import drafts": "A file before anything is created: what would become of each row, and corrections.",
    "projects": "Courses: when they begin and end, who manages them.",
    "jobs": "Orders about many accounts: how far they are, and what could not be done.",
    "access": "Tokens, the session of the page, and who did what.",
    "target": "The account service: pause, resume, rate, and a comparison with what it has.",
    "parked records": "Records of the log that nobody could read, and what to do with them.",
    "replays": (
        "The read models built again from the log, compared, and swapped. Staff may ask another set than the usual "
        "one, with the header `Read-Model-Set`, about imports, accounts and projects. A set that is "
        "not there is 404 `SET_UNKNOWN`."
    ),
    "operators": "What waits and why, how far the read models are behind, what should be closed and is not.",
}

_DESCRIPTION: Final = (
    "Temporary accounts for a whole course. Times are UTC (RFC 3339). Ids are written as 32 hex digits; with "
    "dashes they are read, too. A path without its last slash is the same path. An error is a problem (RFC 9457) "
    "with a stable `code`. A client must ignore fields that it does not know: new ones may come at any time. "
    "Events on Kafka are described at /docs/events."
)

_SECURITY: Final = {
    "token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Token`, a blank, and an API token.",
    },
    "bearer": {"type": "http", "scheme": "bearer", "description": "The same token as `Bearer`."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "course_accounts_session",
        "description": "The page's session. A request that changes something must come from the same site.",
    },
}

_REQUEST_ID: Final = {
    "description": "Names the request in our logs; the caller's own, if it sent a harmless one.",
    "schema": {"type": "string"},
}
_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": (
        "The same request under the same key is done once, and answered again as it was; "
        "409 while it runs, 422 for another request."
    ),
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_KEY,
        "pattern": "^[!-~]([ -~]*[!-~])?$",
    },
    "example": "3f0c7a52-import-monday",
}
_OPEN: Final = frozenset({"sign_in", "sign_out"})
"""Operations for people who are not signed in yet."""


def framed(document: Document) -> Document:
    """The whole document."""
    schemas = {**document["components"]["schemas"], COMPONENT: _problem_schema()}
    shared = {f"Problem{status}": answer for status, answer in _shared().items()}
    for _, _, operation in operations(document):
        operation["responses"] = {
            status: _shared_or_own(status, answer, shared)
            for status, answer in operation["responses"].items()
        }
        if operation["operationId"] in _OPEN:
            operation["security"] = []
    for answer in shared.values():
        _identify(answer)
    used = {tag for _, _, operation in operations(document) for tag in operation.get("tags", ())}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Course accounts", "version": VERSION, "description": _DESCRIPTION},
        "servers": [{"url": "/", "description": "the address that `course-accounts up` prints"}],
        "security": [{name: []} for name in _SECURITY],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items() if name in used],
        "paths": document["paths"],
        "components": {
            "securitySchemes": _SECURITY,
            "headers": {"RequestId": _REQUEST_ID},
            "parameters": {KEY: _KEY},
            "responses": shared,
            "schemas": {name: schemas[name] for name in sorted(schemas)},
        },
    }


def _problem_schema() -> dict[str, Any]:
    schema = ProblemAnswer.model_json_schema()
    return {**schema, "title": COMPONENT}


def _shared() -> dict[str, dict[str, Any]]:
    wanted = (400, 401, 403, 404, 408, 409, 413, 422, 429, 502, 503, 504)
    return {str(status): answer for status, answer in problems(*wanted).items()}


def _shared_or_own(status: str, answer: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    name = f"Problem{status}"
    if answer == shared.get(name):
        return {"$ref": f"#/components/responses/{name}"}
    _identify(answer)
    return answer


def _identify(answer: dict[str, Any]) -> None:
    """Every answer names the request."""
    answer["headers"] = {
        **answer.get("headers", {}),
        "X-Request-ID": {"$ref": "#/components/headers/RequestId"},
    }
