"""Which service owns which path and method: the table, and nothing but the table."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Owner(StrEnum):
    """A service that serves routes of its own."""

    IMPORTER = "importer"
    PROVISIONER = "provisioner"
    PROJECTOR = "projector"


IMP, PROV, PROJ = Owner.IMPORTER, Owner.PROVISIONER, Owner.PROJECTOR

ACCOUNTS = "/api/marketplace-course-accounts"
IMPORTS = "/api/course-imports"

# `{}` is one segment, a final `**` anything below. HEAD goes where GET goes. First match wins.
TABLE: tuple[tuple[str, dict[str, Owner]], ...] = (
    (ACCOUNTS, {"GET": PROJ, "POST": IMP}),
    (f"{ACCOUNTS}/create_bulk", {"POST": IMP}),
    (f"{ACCOUNTS}/export.csv", {"GET": PROJ}),
    (f"{ACCOUNTS}/{{}}", {"GET": PROJ, "DELETE": PROV}),
    (f"{ACCOUNTS}/{{}}/retry", {"POST": PROV}),
    (f"{ACCOUNTS}/{{}}/history", {"GET": PROJ}),
    ("/api/import-drafts/**", {"GET": IMP, "POST": IMP, "PATCH": IMP}),
    (IMPORTS, {"GET": PROJ}),
    (f"{IMPORTS}/{{}}", {"GET": PROJ}),
    (f"{IMPORTS}/{{}}/rows", {"GET": PROJ}),
    (f"{IMPORTS}/{{}}/rows/{{}}", {"GET": PROJ, "PATCH": IMP}),
    (f"{IMPORTS}/{{}}/events", {"GET": PROJ}),
    (f"{IMPORTS}/{{}}/rows.csv", {"GET": PROJ}),
    (f"{IMPORTS}/{{}}/failures.csv", {"GET": PROJ}),
    (f"{IMPORTS}/{{}}/accounts.csv", {"GET": PROJ}),
    (f"{IMPORTS}/{{}}/cancel", {"POST": IMP}),
    (f"{IMPORTS}/{{}}/undo", {"POST": IMP}),
    (f"{IMPORTS}/{{}}/retry", {"POST": PROV}),
    ("/api/course-projects", {"GET": PROJ, "POST": IMP}),
    ("/api/course-projects/{}/record", {"GET": IMP}),
    ("/api/course-projects/{}", {"GET": PROJ, "PUT": IMP, "PATCH": IMP, "DELETE": IMP}),
    ("/api/session", {"GET": IMP, "POST": IMP, "DELETE": IMP}),
    ("/api/sign-ins", {"POST": IMP}),
    ("/api/tokens/**", {"GET": IMP, "POST": IMP, "DELETE": IMP}),
    ("/api/audit", {"GET": IMP}),
    ("/api/replays/**", {"GET": PROJ, "POST": PROJ}),
    ("/api/jobs/**", {"GET": PROV, "POST": PROV}),
    ("/api/parked/importer/**", {"GET": IMP, "POST": IMP}),
    ("/api/parked/provisioner/**", {"GET": PROV, "POST": PROV}),
    ("/api/parked/projector/**", {"GET": PROJ, "POST": PROJ}),
    ("/api/unclosed-accounts", {"GET": PROV}),
    ("/api/waiting", {"GET": PROJ}),
    ("/api/read-models", {"GET": PROJ}),
    ("/api/target/**", {"GET": PROV, "POST": PROV, "PATCH": PROV}),
)

ENDLESS = re.compile(
    rf"{IMPORTS}/[^/]+/events/?|/api/target/orphans/?|{ACCOUNTS}/export\.csv|{IMPORTS}/[^/]+/rows\.csv"
)
"""Answers that go on for ever (server-sent events), or for as long as it takes: only idleness ends them."""

_SEGMENT = re.compile(r"[A-Za-z0-9_~.-]{1,200}")


@dataclass(frozen=True, slots=True)
class Forward:
    """The request belongs to `owner`."""

    owner: Owner
    endless: bool = False


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """The path exists, the method does not."""

    allow: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody serves this path (or nobody outside may know who does)."""


Decision = Forward | NotAllowed | Unknown


def decide(method: str, path: str) -> Decision:
    """Say where a request goes. `path` is as it came, still percent-encoded, without its query.

    Segments are ids, row numbers and words; encoded or dotted ones (`..`, `%2e`) match nothing, so a path
    cannot mean one thing here and another at the service.
    """
    row = row_of(path)
    if row is None:
        return Unknown()
    owners = TABLE[row][1]
    owner = owners.get("GET" if method == "HEAD" else method)
    if owner is None:
        return NotAllowed(tuple(sorted({*owners, *(("HEAD",) if "GET" in owners else ())})))
    return Forward(owner, endless=ENDLESS.fullmatch(path) is not None)


def row_of(path: str) -> int | None:
    """The row of the table that a path belongs to, counted from 0; None: nobody serves it."""
    segments = _split(path)
    if segments is None:
        return None
    return next((row for row, pattern in enumerate(_PATTERNS) if _matches(pattern, segments)), None)


def _split(path: str) -> tuple[str, ...] | None:
    if not path.startswith("/"):
        return None
    segments = tuple(path[1:].removesuffix("/").split("/"))
    if any(_SEGMENT.fullmatch(part) is None or part in {".", ".."} for part in segments):
        return None
    return segments


def _matches(pattern: tuple[str, ...], segments: tuple[str, ...]) -> bool:
    if pattern[-1] == "**":
        fixed = pattern[:-1]
        return segments[: len(fixed)] == fixed
    return len(pattern) == len(segments) and all(
        want in ("{}", got) for want, got in zip(pattern, segments, strict=True)
    )


_PATTERNS = tuple(tuple(pattern[1:].split("/")) for pattern, _ in TABLE)
