"""The canonical form of an e-mail address: what makes two spellings one account (D3, frozen).

NFC, lower case, domain as A-label. Dots and plus tags are kept: folding them is a provider's habit, no rule.
Whether an address is acceptable at all is the importer's question; this function only compares.
"""

import unicodedata

import idna


class NotAnAddress(ValueError):
    """The text has no canonical form: no single `@`, or a domain that IDNA refuses."""


def canonical_email(address: str) -> str:
    """Bring `address` (already trimmed) to its canonical form.

    Raises:
        NotAnAddress: if there is not exactly one separating `@` or the domain cannot be an A-label.
    """
    if address.isascii():
        local, at, domain = address.lower().rpartition("@")
        if not at or not local or not domain:
            raise NotAnAddress("an address has one @ with something on both sides")
        return f"{local}@{domain}"
    # Once more after lower(): small letters may compose where capitals have no composed form (Ϊ́ but ΐ).
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", address).lower())
    local, at, domain = folded.rpartition("@")
    if not at or not local or not domain:
        raise NotAnAddress("an address has one @ with something on both sides")
    try:
        a_label = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise NotAnAddress("the domain is not a valid internationalised name") from error
    return f"{local}@{a_label}"
