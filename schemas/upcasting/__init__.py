"""Old versions of facts, raised to the newest at the door: readers know one version of each (docs/adr/0030).

An old version is a frozen model of what was written then, and one pure, total step to the version after it. It is
never removed: the log never expires. The decoder of an old version stands where that of a new one would, so
that reading the newest costs nothing.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import msgspec

from schemas.facts import FACTS_BY_TYPE, Fact
from schemas.upcasting import account_retried_v1

_Read = TypeVar("_Read", covariant=True)

STEPS: dict[type[Fact], Callable[[Any], Fact]] = {
    account_retried_v1.AccountRetriedV1: account_retried_v1.raised,
}
"""By old version: what makes it the version after it."""

OLD_FACTS_BY_TYPE: dict[str, type[Fact]] = {old.TYPE: old for old in STEPS}

READABLE_TYPES = frozenset({*FACTS_BY_TYPE, *OLD_FACTS_BY_TYPE})
"""Types of facts that can be read, in any version."""


def newest(fact: Fact) -> Fact:
    """The fact in its newest version; one that is the newest comes back as it is."""
    while (step := STEPS.get(type(fact))) is not None:
        fact = step(fact)
    return fact


class Decoder(Protocol[_Read]):
    """Reads the values of one type: one of msgspec, or that of an old version."""

    def decode(self, value: bytes, /) -> _Read:
        """Read one; raises msgspec.DecodeError."""
        ...


class OldDecoder:
    """Reads one old version, and gives the newest."""

    def __init__(self, old: type[Fact]) -> None:
        self._decoder = msgspec.json.Decoder(old)

    def decode(self, value: bytes, /) -> Fact:
        """Decode, then raise.

        Raises:
            msgspec.DecodeError: the value does not fit the old version.
        """
        return newest(self._decoder.decode(value))


def decoders() -> dict[bytes, Decoder[Fact]]:
    """What reads the facts, by the name of their type: the newest by msgspec alone."""
    return {
        **{name.encode(): msgspec.json.Decoder(model) for name, model in FACTS_BY_TYPE.items()},
        **{name.encode(): OldDecoder(old) for name, old in OLD_FACTS_BY_TYPE.items()},
    }


def newest_type(type_name: str) -> str:
    """The type name of the newest version of the same fact, for example `….account-retried.v2`."""
    name = type_name.rpartition(".")[0]
    return next(known for known in FACTS_BY_TYPE if known.rpartition(".")[0] == name)
