"""What the front itself may have to say: RFC 9457 problems in plain words, each with a stable code."""

import json
from dataclasses import dataclass, field

from aiohttp import web

MEDIA_TYPE = "application/problem+json"
_SAFE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""As the services have them on every answer."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error answer. `code` never changes its meaning; `detail` is for people."""

    status: int
    code: str
    title: str
    detail: str
    headers: dict[str, str] = field(default_factory=dict)

    def response(self, request_id: str) -> web.Response:
        """The answer to send; it names the request, so that a person can quote it."""
        body = {
            "type": f"urn:course-accounts:problem:{self.code.lower().replace('_', '-')}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "request_id": request_id,
        }
        response = web.Response(
            status=self.status,
            body=json.dumps(body).encode(),
            headers={"Content-Type": MEDIA_TYPE, **_SAFE, **self.headers},
        )
        if self.status in (408, 413):
            response.force_close()  # the rest of the body is not read, so the connection has no next request
        return response


def not_found() -> Problem:
    """No service owns the path."""
    return Problem(404, "NOT_FOUND", "Not found", "There is nothing at this address.")


def malformed() -> Problem:
    """What came is no request that HTTP knows, or its first line or a header is too long."""
    detail = (
        "The request cannot be read: its first line or a header is malformed, or longer than 8,190 bytes."
    )
    return Problem(400, "MALFORMED_REQUEST", "Malformed request", detail)


def internal_error() -> Problem:
    """Our mistake."""
    detail = "This is our mistake, and it is in our log under the request id. Send the request again."
    return Problem(500, "INTERNAL_ERROR", "Internal error", detail)


def method_not_allowed(method: str, allow: tuple[str, ...]) -> Problem:
    """The path is known, the method is not."""
    allowed = ", ".join(allow)
    detail = f"{method} is not possible here; possible: {allowed}."
    return Problem(405, "METHOD_NOT_ALLOWED", "Method not allowed", detail, {"Allow": allowed})


def too_large(limit: int) -> Problem:
    """The body is larger than any service takes; `limit` in bytes."""
    detail = f"The upload is larger than {limit // 2**20} MiB. Split the file and import its parts."
    return Problem(413, "BODY_TOO_LARGE", "Too large", detail)


def stalled() -> Problem:
    """The client stopped sending in the middle of its body."""
    detail = "The upload stopped before its end. Nothing was kept of it: send it again."
    return Problem(408, "UPLOAD_STALLED", "The upload stopped", detail)


def away(service: str, retry_after: int) -> Problem:
    """No copy of the service takes connections; the request was not sent to any."""
    detail = (
        f"The {service} is not running at the moment; it is usually back within seconds. "
        "Nothing was done: send the request again."
    )
    return Problem(503, "SERVICE_AWAY", "Not available", detail, {"Retry-After": str(retry_after)})


def cut_off(service: str, retry_after: int) -> Problem:
    """The service went away after the request was sent, before it answered."""
    detail = (
        f"The {service} went away before it answered, so what became of the request is not known. "
        "Sending it again is safe: nothing is created twice."
    )
    return Problem(502, "ANSWER_LOST", "The answer was lost", detail, {"Retry-After": str(retry_after)})


def too_slow(service: str) -> Problem:
    """The service took the request and did not answer in time."""
    detail = (
        f"The {service} has not answered in time; what became of the request is not known. "
        "Look at the state first, or send it again: nothing is created twice."
    )
    return Problem(504, "ANSWER_LATE", "No answer in time", detail)
