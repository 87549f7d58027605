"""Why a text with one @ is no address: the rules of RFC 5321 and of host names, each with its own code."""

import re
from typing import Final, NamedTuple

from services.importer.domain.addresses.characters import place_of
from services.importer.limits import MAX_EMAIL, MAX_LOCAL_PART

_MAX_LABEL: Final = 63
_NOT_LOCAL: Final = re.compile(r"[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.\u0080-\U0010ffff-]")
_NOT_DOMAIN: Final = re.compile(r"[^A-Za-z0-9.\u0080-\U0010ffff-]")
_ASCII_DOMAIN: Final = re.compile(r"[A-Za-z0-9.-]+")


class Fault(NamedTuple):
    """A key of `schemas.codes.ROW_CODES`, and what it is about."""

    code: str
    detail: str = ""


def length_fault(local: str, domain: str) -> Fault | None:
    """Longer than an address can be; measured in bytes, as mail servers do."""
    whole = len(local.encode(errors="replace")) + 1 + len(domain.encode(errors="replace"))
    if whole > MAX_EMAIL:
        return Fault("EMAIL_TOO_LONG", f"{len(local) + 1 + len(domain)} characters")
    if (size := len(local.encode(errors="replace"))) > MAX_LOCAL_PART:
        return Fault("EMAIL_TOO_LONG", f"{size} bytes before the @")
    return None


def local_fault(local: str) -> Fault | None:
    """What is wrong before the @, as far as ASCII goes."""
    if dots := _dots(local, "before the @"):
        return dots
    if bad := _NOT_LOCAL.search(local):
        return Fault("EMAIL_CHARACTER", f"“{bad[0]}” {place_of(local, bad.start())}")
    return None


def domain_fault(domain: str) -> Fault | None:
    """What is wrong after the @, as far as ASCII goes. A domain without a fault may still be refused by IDNA."""
    if dots := _dots(domain, "after the @"):
        return dots
    if bad := _NOT_DOMAIN.search(domain):
        return Fault("EMAIL_DOMAIN_INVALID", f"“{bad[0]}” {place_of(domain, bad.start())}")
    labels = domain.split(".")
    for label in labels:
        if label.startswith("-") or label.endswith("-"):
            return Fault("EMAIL_DOMAIN_INVALID", f"“{label[:_MAX_LABEL]}” begins or ends with a hyphen")
        if len(label) > _MAX_LABEL:
            return Fault(
                "EMAIL_DOMAIN_INVALID", f"a part of {len(label)} characters, {_MAX_LABEL} are allowed"
            )
    if len(labels) == 1:
        return Fault("EMAIL_NO_TOP_LEVEL", domain)
    top = labels[-1]
    if _ASCII_DOMAIN.fullmatch(top) and (len(top) < 2 or not top[-1].isalpha()):
        return Fault("EMAIL_NO_TOP_LEVEL", f".{top}")
    return None


def _dots(part: str, where: str) -> Fault | None:
    if part.startswith("."):
        return Fault("EMAIL_DOTS", f"a dot at the beginning, {where}")
    if part.endswith("."):
        return Fault("EMAIL_DOTS", f"a dot at the end, {where}")
    if (at := part.find("..")) >= 0:
        return Fault("EMAIL_DOTS", f"two dots {place_of(part, at)}")
    return None
