"""Whether a cell holds an e-mail address we can make an account for, its canonical form, and what is said of it."""

import re
import unicodedata
from typing import Final, NamedTuple

from email_validator import EmailNotValidError, validate_email

from services.importer.domain.addresses import characters
from services.importer.domain.addresses.domains import Domain, domains_of
from services.importer.domain.addresses.faults import Fault, length_fault, local_fault
from services.importer.domain.addresses.parts import found_in, taken_out
from services.importer.domain.policy import AddressPolicy
from services.importer.limits import MAX_EMAIL, MAX_LOCAL_PART
from services.importer.notes import RowNote, Suggestion

MAX_LOOKED_AT: Final = 4_096
"""Characters of a cell that are looked at; one that is longer is no address, nor a few of them."""

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++"
is_plain_local: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*+").fullmatch
"""The part before the @ of nearly all addresses. What it finds is as good as what the library finds (tested)."""

_SHOWN: Final = 80
_MOST_SPLIT: Final = 100


class BadAddress(Exception):
    """The text is no usable address; `code` is a key of `schemas.codes.ROW_CODES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Address(NamedTuple):
    """What a cell came to.

    Attributes:
        text: the address as it is taken, or what was typed; may be stored and shown.
        canonical: what makes two spellings one account; None if this is no address.
        fault: why it is not taken.
        notes: repairs, and what looks odd.
        suggestions: what would make it an address that is taken, or a likelier one.
    """

    text: str
    canonical: str | None
    fault: Fault | None = None
    notes: tuple[RowNote, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


def check_address(text: str) -> str:
    """The canonical form of an address, under the policy of a site that wants nothing special.

    Raises:
        BadAddress: with the reason.
    """
    found = examine(text, AddressPolicy())
    if found.fault is not None or found.canonical is None:
        raise BadAddress(found.fault.code if found.fault is not None else "EMAIL_INVALID")
    return found.canonical


def examine(text: str, policy: AddressPolicy, *, confirmed: bool = False, whole: bool = False) -> Address:
    """Look at one cell.

    Args:
        text: the cell.
        policy: what the site wants.
        confirmed: a person said that letters of other alphabets are meant so.
        whole: the text is an address or is not; nothing is taken out of it and nothing is suggested.
    """
    local, at, typed = text.partition("@")
    if at and len(text) <= MAX_EMAIL and len(local) <= MAX_LOCAL_PART and is_plain_local(local):
        domain = domains_of(policy)[typed]
        if domain.quiet:
            return Address(text, f"{local.lower()}@{domain.name}")
    return _Examination(policy, confirmed=confirmed, whole=whole).of(text)


class _Examination:
    """One cell that is not plainly an address. Steps answer when they find the cell to be theirs."""

    def __init__(self, policy: AddressPolicy, *, confirmed: bool, whole: bool) -> None:
        self._policy = policy
        self._confirmed = confirmed
        self._whole = whole
        self._notes: list[RowNote] = []

    def of(self, cell: str) -> Address:
        if len(cell) > MAX_LOOKED_AT:
            return self._refuse(cell, Fault("EMAIL_TOO_LONG", f"{len(cell)} characters"))
        text = self._trimmed(cell)
        if not text:
            return self._refuse("", Fault("EMAIL_MISSING"))
        steps = (self._in_pieces, self._unseen, self._typeset, self._shape)
        for step in steps:
            answer = step(text)
            if answer is not None:
                return answer
        return self._parts(self._composed(text))

    def _trimmed(self, cell: str) -> str:
        text, around = characters.trimmed(cell)
        if hidden := dict.fromkeys(characters.HIDDEN.findall(around)):
            self._notes.append(RowNote("HIDDEN_TRIMMED", characters.named(hidden)))
        return text

    def _composed(self, text: str) -> str:
        composed = unicodedata.normalize("NFC", text)
        if composed != text:
            self._notes.append(RowNote("COMPOSED"))
        return composed

    def _in_pieces(self, text: str) -> Address | None:
        """Several addresses, or one in a longer text."""
        if self._whole or text.count("@") == 0:
            return None
        found = found_in(text)
        distinct: dict[str, str] = {}
        for one in found:
            distinct.setdefault(one.lower(), one)
        if len(distinct) > 1:
            return self._several(text, list(distinct.values()))
        # One address, repeated: `a@b.ee, a@b.ee`.
        inner = found[0] if len(found) == text.count("@") > 1 else taken_out(text)
        if inner is None:
            return None
        address = examine(inner, self._policy, confirmed=self._confirmed)
        refused = address.fault is not None and address.canonical is None
        if refused and characters.CONTROL.search(text):
            return None  # what is stored shows the control character, and is refused for it
        self._notes.append(RowNote("ADDRESS_EXTRACTED", characters.visible(text[:_SHOWN])))
        if address.fault is not None and refused:
            return self._refuse(text, address.fault, address.suggestions)
        return address._replace(notes=(*self._notes, *address.notes))

    def _several(self, text: str, several: list[str]) -> Address:
        found = [examine(one, self._policy, whole=True) for one in several[:_MOST_SPLIT]]
        suggestions: list[Suggestion] = []
        if len(found) == len(several) and all(one.fault is None for one in found):
            suggestions.append(Suggestion("SPLIT", "\n".join(one.text for one in found), "EMAIL_SEVERAL"))
        if found[0].fault is None:
            suggestions.append(Suggestion("KEEP_FIRST", found[0].text, "EMAIL_SEVERAL"))
        return self._refuse(text, Fault("EMAIL_SEVERAL", f"{len(several)} addresses"), tuple(suggestions))

    def _unseen(self, text: str) -> Address | None:
        """Control characters, and characters that nobody can see."""
        for pattern, code in (
            (characters.CONTROL, "EMAIL_CONTROL_CHARACTER"),
            (characters.HIDDEN, "EMAIL_HIDDEN_CHARACTER"),
        ):
            if bad := pattern.search(text):
                without = characters.HIDDEN.sub("", characters.CONTROL.sub("", text))
                detail = f"{characters.name_of(bad[0])} {characters.place_of(text, bad.start())}"
                hint = self._suggest("REMOVE_HIDDEN", without, characters.name_of(bad[0]).partition(" ")[0])
                return self._refuse(text, Fault(code, detail), hint)
        return None

    def _typeset(self, text: str) -> Address | None:
        """Full-width letters, curly quotes and their like."""
        if text.isascii():
            return None
        plain, first = characters.typographic(unicodedata.normalize("NFC", text))
        if not first or "@" not in plain:
            return None
        hint = self._suggest("USE_PLAIN", taken_out(plain) or plain, f"U+{ord(first):04X}")
        return self._refuse(text, Fault("EMAIL_TYPOGRAPHIC", f"“{first}” {characters.name_of(first)}"), hint)

    def _shape(self, text: str) -> Address | None:
        """Not one @ between two texts without spaces."""
        local, at, domain = text.partition("@")
        if not at:
            return self._refuse(text, Fault("EMAIL_NO_AT"))
        if gap := re.search(r"\s+", text):
            beside = next((c for c in "@." if c in text[max(0, gap.start() - 1) : gap.end() + 1]), "")
            hint = self._suggest(
                "REMOVE_SPACES", "".join(text.split()), f"space beside {beside or 'letters'}"
            )
            return self._refuse(text, Fault("EMAIL_SPACE", characters.place_of(text, gap.start())), hint)
        if "@" in domain:
            return self._refuse(text, Fault("EMAIL_SEVERAL_AT", f"{text.count('@')} in one address"))
        if not local or not domain:
            return self._refuse(
                text, Fault("EMAIL_INCOMPLETE", f"nothing {'after' if local else 'before'} the @")
            )
        return None

    def _parts(self, text: str) -> Address:
        """One @ with something on both sides."""
        local, _, typed = text.partition("@")
        domain = Domain(None, quiet=False)
        fault = length_fault(local, typed) or local_fault(local)
        if fault is None:
            domain = domains_of(self._policy)[typed]
            fault = domain.fault or length_fault(local, domain.name or "")
        if fault is not None:
            return self._refuse(text, fault)
        strange = characters.lookalike(local) if not local.isascii() else ""
        detail = f"{strange}: {characters.name_of(strange)} in “{local}”" if strange else domain.strange
        if detail and not self._confirmed:
            return self._refuse(text, Fault("EMAIL_LOOKALIKE", detail), self._meant(text))
        if detail:
            self._notes.append(RowNote("CONFIRMED", detail))
        return self._judged(text, local, domain)

    def _judged(self, text: str, local: str, domain: Domain) -> Address:
        """An address; is it one that is wanted here?"""
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", local).lower())
        canonical = f"{folded}@{domain.name}"
        self._notes.extend(domain.notes)
        if not local.isascii():
            try:
                validate_email(f"{local}@example.org", check_deliverability=False)
            except EmailNotValidError:
                return self._refuse(text, Fault("EMAIL_CHARACTER", "before the @"))
            if fault := length_fault(folded, domain.name or ""):
                return self._refuse(text, fault)
            if not folded.isascii() and not self._policy.unicode_local:
                return self._refuse(
                    text,
                    Fault("EMAIL_UNICODE_LOCAL_UNSUPPORTED", next(c for c in local if not c.isascii())),
                    self._suggest("USE_PLAIN", characters.latin(text), "other alphabet"),
                )
        if domain.blocked:
            return Address(
                text, canonical, Fault("EMAIL_DOMAIN_BLOCKED", domain.name or ""), tuple(self._notes)
            )
        hint = (
            ()
            if domain.meant is None
            else self._suggest("USE_DOMAIN", f"{local}@{domain.meant}", domain.name or "")
        )
        return Address(text, canonical, None, tuple(self._notes), hint)

    def _meant(self, text: str) -> tuple[Suggestion, ...]:
        """For letters of several alphabets: plain ones, or just so."""
        local, _, domain = text.partition("@")
        shown = characters.shown_domain(domain)
        as_it_is = examine(text, self._policy, confirmed=True, whole=True)
        return (
            *self._suggest("USE_PLAIN", characters.latin(f"{local}@{shown}"), "EMAIL_LOOKALIKE"),
            *((Suggestion("KEEP_AS_IS", text, "EMAIL_LOOKALIKE"),) if as_it_is.fault is None else ()),
        )

    def _suggest(self, code: str, value: str, like: str) -> tuple[Suggestion, ...]:
        """The suggestion, if what it gives is taken."""
        if self._whole:
            return ()
        found = examine(value, self._policy, whole=True)
        return () if found.fault is not None else (Suggestion(code, found.text, like),)

    def _refuse(self, text: str, fault: Fault, suggestions: tuple[Suggestion, ...] = ()) -> Address:
        return Address(characters.visible(text), None, fault, tuple(self._notes), suggestions)
