"""The part after the @: its one name, and what is worth saying about it. Each domain is looked at once."""

from functools import lru_cache
from typing import Final, NamedTuple

import idna

from services.importer.domain.addresses.characters import lookalike, name_of
from services.importer.domain.addresses.faults import Fault
from services.importer.domain.addresses.names import domain_name
from services.importer.domain.addresses.typos import meant_domain
from services.importer.domain.policy import AddressPolicy
from services.importer.notes import RowNote

_MOST: Final = 8_192
"""Domains remembered for a policy; more than any course has."""


class Domain(NamedTuple):
    """A domain as typed, judged.

    Attributes:
        name: its lower-case A-label; None if it is no domain.
        quiet: it is ASCII, and there is nothing to say about it.
        fault: why it is no domain.
        blocked: the site does not take its addresses.
        strange: the letter with which it mixes alphabets, if it does.
        notes: what looks odd about it.
        meant: the well-known domain that it nearly is.
    """

    name: str | None
    quiet: bool
    fault: Fault | None = None
    blocked: bool = False
    strange: str = ""
    notes: tuple[RowNote, ...] = ()
    meant: str | None = None


class Domains(dict[str, Domain]):
    """Domains by what was typed, looked at when first asked for; bounded."""

    def __init__(self, policy: AddressPolicy) -> None:
        super().__init__()
        self._policy = policy

    def __missing__(self, typed: str) -> Domain:
        if len(self) >= _MOST:
            self.clear()
        found = self[typed] = _look_at(typed, self._policy)
        return found


@lru_cache(maxsize=8)
def domains_of(policy: AddressPolicy) -> Domains:
    """What is known of domains under this policy, shared by all who ask."""
    return Domains(policy)


def _look_at(typed: str, policy: AddressPolicy) -> Domain:
    name = domain_name(typed)
    if isinstance(name, Fault):
        return Domain(None, quiet=False, fault=name)
    blocked = _within(name, policy.blocked)
    strange = _strange(name)
    meant = meant_domain(name)
    notes = (
        *((RowNote("DOMAIN_DISPOSABLE", name),) if _within(name, policy.disposable) else ()),
        *((RowNote("DOMAIN_TYPO", f"{name}, like {meant}"),) if meant else ()),
    )
    quiet = typed.isascii() and not (blocked or strange or notes)
    return Domain(name, quiet, None, blocked, strange, notes, meant)


def _within(name: str, domains: frozenset[str]) -> bool:
    """Whether `name` is one of `domains` or lies below one."""
    while name:
        if name in domains:
            return True
        name = name.partition(".")[2]
    return False


def _strange(name: str) -> str:
    if "xn--" not in name:
        return ""
    for label in idna.decode(name).split("."):
        if letter := lookalike(label):
            return f"{letter}: {name_of(letter)} in “{label}”"
    return ""
