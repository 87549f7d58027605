"""The journal: what the account service did, one JSON line per effect, and how to read it back."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import msgspec

_KIND = "kind"
# Entries hold no containers: kept out of the garbage collector, as there may be millions of them.


class Created(msgspec.Struct, frozen=True, gc=False, tag="created", tag_field=_KIND):
    """An account came into being."""

    at: str
    number: int
    username: str
    email: str
    scope: str
    owner: str
    expires_at: str | None
    key: str | None
    fingerprint: str


class Closed(msgspec.Struct, frozen=True, gc=False, tag="closed", tag_field=_KIND):
    """An account was closed."""

    at: str
    username: str


class Refused(msgspec.Struct, frozen=True, gc=False, tag="refused", tag_field=_KIND):
    """A keyed request was refused for good: no effect, kept so that the same key gets the same answer."""

    at: str
    key: str
    fingerprint: str
    status: int
    code: str
    message: str


Effect = Created | Closed
Entry = Created | Closed | Refused

_decoder = msgspec.json.Decoder(Entry)
_encoder = msgspec.json.Encoder()


class JournalDamaged(Exception):
    """A line before the last one cannot be read: not a crash's torn tail, but damage."""


def encode(entry: Entry) -> bytes:
    """The entry's line, newline included."""
    return _encoder.encode(entry) + b"\n"


def scan(file: BinaryIO) -> tuple[list[Entry], int]:
    """All entries, and the length in bytes up to the end of the last whole one.

    A crash can tear only the end of the file, so an unreadable last line is left out.

    Raises:
        JournalDamaged: an unreadable line is followed by others.
    """
    entries: list[Entry] = []
    good = 0
    torn: int | None = None
    for number, line in enumerate(file, start=1):
        if torn is not None:
            raise JournalDamaged(f"Line {torn} of the journal cannot be read, and others follow it.")
        try:
            entry = _decoder.decode(line) if line.endswith(b"\n") else None
        except msgspec.DecodeError:
            entry = None
        if entry is None:
            torn = number
            continue
        entries.append(entry)
        good += len(line)
    return entries, good


def read(path: str | os.PathLike[str]) -> list[Effect]:
    """What happened, in order; safe on the journal of a running service. No file: nothing happened.

    Raises:
        JournalDamaged: see `scan`.
    """
    if not Path(path).exists():
        return []
    with Path(path).open("rb") as file:
        entries, _ = scan(file)
    return [entry for entry in entries if not isinstance(entry, Refused)]


def created(effects: Iterable[Effect]) -> list[Created]:
    """The creations among the effects."""
    return [effect for effect in effects if isinstance(effect, Created)]


def created_twice(effects: Iterable[Effect]) -> list[tuple[str, str]]:
    """Each (email, scope) that was created again while its account was still alive: must be empty."""
    alive: dict[tuple[str, str], set[str]] = {}
    address_of: dict[str, tuple[str, str]] = {}
    twice: list[tuple[str, str]] = []
    for effect in effects:
        if isinstance(effect, Created):
            address = (effect.email.lower(), effect.scope)
            holders = alive.setdefault(address, set())
            if holders:
                twice.append(address)
            holders.add(effect.username)
            address_of[effect.username] = address
        else:
            closed = address_of.get(effect.username)
            if closed is not None:
                alive[closed].discard(effect.username)
    return twice
