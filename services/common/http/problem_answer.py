"""Problems (RFC 9457) as the OpenAPI document shows them: one model, and what each status says."""

from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPE: Final = "application/problem+json"
COMPONENT: Final = "Problem"
"""The name of the model in the document; `deploy.openapi` puts it there."""

_EXAMPLE: Final[dict[str, Any]] = {
    "type": "urn:course-accounts:problem:invalid-request",
    "title": "Invalid request",
    "status": 400,
    "code": "INVALID_REQUEST",
    "detail": "The request is not as documented.",
    "errors": {"page_size": ["Input should be less than or equal to 300"]},
    "request_id": "9f86d081884c7d65",
}


class ProblemAnswer(BaseModel):
    """Why there is no other answer. `code` never changes its meaning; some problems say more than is named here."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [_EXAMPLE]})

    type: str = Field(description="`urn:course-accounts:problem:` and the code in small letters, with dashes")
    title: str = Field(description="the code in words")
    status: int = Field(ge=400, le=599, description="the status of the answer")
    code: str = Field(pattern="^[A-Z][A-Z0-9_]*$", description="what programs decide by")
    detail: str = Field(description="a sentence for people: what is the matter and what to do")
    errors: dict[str, list[str]] | None = Field(
        default=None, description="by field, cell or parameter, where some are to blame"
    )
    request_id: str | None = Field(default=None, description="what to quote when asking for help")


class _Meaning(NamedTuple):
    """What a status says everywhere, and the problem that most often says it."""

    description: str
    code: str
    detail: str


_MEANINGS: Final = {
    400: _Meaning(
        "The request is not as documented: `errors` says where.", "INVALID_REQUEST", _EXAMPLE["detail"]
    ),
    401: _Meaning(
        "There is no valid token or session.",
        "NOT_SIGNED_IN",
        "Send a valid API token: Authorization: Token <token>.",
    ),
    403: _Meaning("It is seen, but may not be done.", "NOT_ALLOWED", "Your token does not allow this."),
    404: _Meaning(
        "There is nothing here, or nothing that you may see.",
        "NOT_FOUND",
        "There is nothing at this address.",
    ),
    405: _Meaning(
        "The address does not take that method.",
        "METHOD_NOT_ALLOWED",
        "This address does not take that method.",
    ),
    408: _Meaning(
        "The body stopped coming.",
        "UPLOAD_STALLED",
        "The upload stopped before its end. Nothing was kept of it: send it again.",
    ),
    409: _Meaning(
        "It does not go with the state of things.",
        "WRONG_STATE",
        "This is not possible in the state it is in.",
    ),
    410: _Meaning(
        "It was there, and its time of keeping is over.", "GONE", "This was kept long enough and is gone."
    ),
    412: _Meaning(
        "What was shown has changed since.", "PREVIEW_CHANGED", "This is not the preview you have seen."
    ),
    413: _Meaning(
        "The body is larger than is taken.",
        "BODY_TOO_LARGE",
        "The upload is larger than allowed. Send less at once.",
    ),
    415: _Meaning(
        "The body is of a kind that is not taken.",
        "MEDIA_TYPE",
        "A body of this content type is not taken here.",
    ),
    422: _Meaning(
        "It was understood, and cannot be done.",
        "CANNOT_BE_READ",
        "The file cannot be read as it is.",
    ),
    429: _Meaning(
        "Too much at once: `Retry-After` says when to go on.",
        "TOO_MANY_REQUESTS",
        "This token asks too often. Wait as long as Retry-After says.",
    ),
    500: _Meaning(
        "Our mistake.",
        "INTERNAL_ERROR",
        "This is our mistake, and it is in our log under the request id. Nothing was changed halfway.",
    ),
    501: _Meaning(
        "The account service cannot do this.", "NOT_POSSIBLE", "The account service does not offer this."
    ),
    502: _Meaning(
        "A service went away before it answered.",
        "ANSWER_LOST",
        "The service went away before it answered. Sending the request again is safe: nothing is created twice.",
    ),
    503: _Meaning(
        "A part does not answer right now: `Retry-After` says when to try again.",
        "TEMPORARILY_UNAVAILABLE",
        "A part of the system does not answer right now. Nothing is lost; try again in a moment.",
    ),
    504: _Meaning(
        "A service has not answered in time.",
        "ANSWER_LATE",
        "The service has not answered in time; look at the state first, or send the request again.",
    ),
}

_HEADERS: Final[dict[int, dict[str, str]]] = {
    401: {"WWW-Authenticate": "how to sign in"},
    405: {"Allow": "the methods there are"},
    429: {"Retry-After": "seconds"},
    503: {"Retry-After": "seconds"},
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For FastAPI's `responses=`: these statuses as problems.

    Those of `usual_problems` need not be named: every operation gets them.

    Raises:
        KeyError: nobody has said yet what the status means.
    """
    return {status: _response(status) for status in statuses}


def usual_problems() -> dict[int | str, dict[str, Any]]:
    """What every operation may answer: signing in, rights, rates, and parts that are away."""
    return problems(401, 403, 429, 503)


def _response(status: int) -> dict[str, Any]:
    meaning = _MEANINGS[status]
    example = {
        "type": f"urn:course-accounts:problem:{meaning.code.lower().replace('_', '-')}",
        "title": meaning.code.replace("_", " ").capitalize(),
        "status": status,
        "code": meaning.code,
        "detail": meaning.detail,
        "request_id": _EXAMPLE["request_id"],
    }
    schema = {"$ref": f"#/components/schemas/{COMPONENT}"}
    response: dict[str, Any] = {
        "description": meaning.description,
        "content": {MEDIA_TYPE: {"schema": schema, "example": example}},
    }
    if headers := _HEADERS.get(status):
        response["headers"] = {
            name: {"description": text, "schema": {"type": "string"}} for name, text in headers.items()
        }
    return response
