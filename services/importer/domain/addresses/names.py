"""The one name of a domain, however it is written: its lower-case A-label."""

import email_validator

from schemas.canonical import NotAnAddress, canonical_email
from services.importer.domain.addresses.faults import Fault, domain_fault

# The library refuses .test, .local and the like. They are domains to us: of demos, tests and closed networks. This
# list is its documented way to say so.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()

_SHOWN = 80


def domain_name(typed: str) -> str | Fault:
    """The lower-case A-label of a domain, or why it is none. Takes tens of microseconds, hundreds for IDNA."""
    fault = domain_fault(typed)
    if fault is not None:
        return fault
    try:
        email_validator.validate_email(f"x@{typed}", check_deliverability=False, strict=True)
        name = canonical_email(f"x@{typed}").partition("@")[2]
    except (email_validator.EmailNotValidError, NotAnAddress):
        return Fault("EMAIL_DOMAIN_INVALID", typed[:_SHOWN])
    return domain_fault(name) or name
