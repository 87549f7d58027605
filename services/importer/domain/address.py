"""Whether a text is an e-mail address we can make an account for, and its canonical form."""

import re
import unicodedata
from typing import Final

from email_validator import EmailNotValidError, validate_email

from schemas.canonical import NotAnAddress, canonical_email
from services.importer.limits import MAX_EMAIL, MAX_LOCAL_PART

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_TOP: Final = r"[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])"
_ASCII_ADDRESS: Final = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?:{_LABEL}\.)+{_TOP}")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})


class BadAddress(Exception):
    """The text is no usable address; `code` is a key of `schemas.codes.ROW_CODES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_address(text: str) -> str:
    """Return the canonical form of a trimmed address.

    Reserved domains such as example.org are addresses like any other; no name server is asked.

    Raises:
        BadAddress: with the reason.
    """
    match = _ASCII_ADDRESS.fullmatch(text)
    if match is None:
        return _check_unusual(text)
    if len(text) > MAX_EMAIL or len(match["local"]) > MAX_LOCAL_PART:
        raise BadAddress("EMAIL_TOO_LONG")
    return canonical_email(text)


def _check_unusual(text: str) -> str:
    if not text:
        raise BadAddress("EMAIL_MISSING")
    if any(unicodedata.category(character) in _INVISIBLE for character in text):
        raise BadAddress("EMAIL_CONTROL_CHARACTER")
    if len(text) > MAX_EMAIL:
        raise BadAddress("EMAIL_TOO_LONG")
    if text.isascii():
        raise BadAddress("EMAIL_INVALID")
    try:
        validate_email(text, check_deliverability=False, globally_deliverable=False)
        canonical = canonical_email(text)
    except (EmailNotValidError, NotAnAddress):
        raise BadAddress("EMAIL_INVALID") from None
    if not canonical.isascii():
        raise BadAddress("EMAIL_UNICODE_LOCAL_UNSUPPORTED")
    match = _ASCII_ADDRESS.fullmatch(canonical)
    if match is None:
        raise BadAddress("EMAIL_INVALID")
    if len(canonical) > MAX_EMAIL or len(match["local"]) > MAX_LOCAL_PART:
        raise BadAddress("EMAIL_TOO_LONG")
    return canonical
