"""What the account service will be told about an account, frozen with the idempotency key it is sent under."""

from dataclasses import dataclass
from datetime import date

from schemas.facts import AccountRequested
from services.provisioner.backends.body import creation_body


@dataclass(frozen=True, slots=True)
class Order:
    """The call, and the last day on which it makes sense."""

    email: str
    scope: str
    owner: str
    course_ends: date | None
    body: bytes


def order_of(request: AccountRequested) -> Order:
    """The order of a claim, from the request alone."""
    project = request.project
    return Order(
        email=request.personal.canonical_email,
        scope=project.slug,
        owner=request.requested_by,
        course_ends=project.end_date,
        body=creation_body(
            owner_username=request.requested_by,
            email=request.personal.canonical_email,
            description=request.personal.description,
            scope_name=project.name,
            scope_slug=project.slug,
            scope_valid_from=project.start_date,
            scope_valid_to=project.end_date,
        ),
    )
