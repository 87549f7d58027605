"""What a site wants of addresses, beyond their being addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from services.importer.domain.addresses.faults import Fault
from services.importer.domain.addresses.names import domain_name

_DISPOSABLE: Final = """
    10minutemail.com burnermail.io discard.email dispostable.com dropmail.me emailondeck.com fakeinbox.com
    getairmail.com getnada.com grr.la guerrillamail.com guerrillamail.info guerrillamail.net guerrillamail.org
    guerrillamailblock.com inboxkitten.com mail-temp.com mailcatch.com maildrop.cc mailexpire.com mailinator.com
    mailinator.net mailnesia.com mailnull.com mintemail.com moakt.com mohmal.com mytemp.email mytrashmail.com
    sharklasers.com spam4.me spamgourmet.com temp-mail.io temp-mail.org tempail.com tempinbox.com tempmail.com
    tempmailo.com tempr.email throwawaymail.com tmail.io trash-mail.com trashmail.com trashmail.de trashmail.net
    yopmail.com yopmail.fr yopmail.net
    """

DISPOSABLE: Final = frozenset(_DISPOSABLE.split())
"""Well-known domains for throw-away addresses: a hint, not a defence. Sites set their own list."""


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """What a site wants of addresses. Make it with `of` unless the names are canonical already.

    Attributes:
        blocked: domains whose addresses are refused, as lower-case A-labels; their subdomains too.
        disposable: domains that are worth a note, likewise.
        unicode_local: the account service takes letters beyond ASCII before the @.
    """

    blocked: frozenset[str] = frozenset()
    disposable: frozenset[str] = DISPOSABLE
    unicode_local: bool = False

    @classmethod
    def of(
        cls,
        *,
        blocked: Iterable[str] = (),
        disposable: Iterable[str] | None = None,
        unicode_local: bool = False,
    ) -> "AddressPolicy":
        """From names as people write them (`Käse.de`, `@mailinator.com`); `disposable` None: a short list of ours.

        Raises:
            ValueError: a name is no domain.
        """
        return cls(
            frozenset(map(_canonical_domain, blocked)),
            DISPOSABLE if disposable is None else frozenset(map(_canonical_domain, disposable)),
            unicode_local,
        )


def _canonical_domain(written: str) -> str:
    """Whole endings (`.example`) may be named too."""
    name = domain_name(f"x.{written.strip().removeprefix('@').strip('.')}")
    if isinstance(name, Fault):
        raise ValueError("this is no domain name")  # noqa: TRY004 - a setting, not a mistake in the program
    return name.removeprefix("x.")
