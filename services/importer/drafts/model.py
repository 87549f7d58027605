"""A draft as it is stored."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from services.importer.domain.submission import DraftState
from services.importer.reading import Choices

Source = Literal["file", "paste", "api", "topic"]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The uploaded bytes. The name is a hint, and personal."""

    name: str | None
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """One upload. `layout`, `notes`, `fault`, `problems` and `seen_before` are shown (nearly) as they are.

    Attributes:
        choices: what a person chose of how to read it.
        reading: which reading this is, from 1; a new one stores from the start.
        attempts: how often this reading was begun.
        bytes_read: how much of the file has been taken in.
        edition: how often staged rows were changed.
        has_file: its bytes are still kept.
    """

    draft_id: UUID
    state: DraftState
    project_id: UUID
    created_at: datetime
    created_by: str
    expires_at: datetime
    file: SourceFile
    source: Source = "file"
    choices: Choices = Choices()  # noqa: RUF009 - frozen
    reading: int = 1
    attempts: int = 1
    edition: int = 0
    has_file: bool = True
    layout: dict[str, Any] | None = None
    notes: list[dict[str, Any]] = field(default_factory=list)
    fault: dict[str, Any] | None = None
    problems: list[dict[str, Any]] = field(default_factory=list)
    rows: int = 0
    blank: int = 0
    bytes_read: int = 0
    verdicts: dict[str, int] | None = None
    preview_hash: str | None = None
    seen_before: dict[str, Any] | None = None


def preview_hash(draft_id: UUID, reading: int, edition: int) -> str:
    """The fingerprint of a preview. Staged rows change only with one of the three, so it need not look at them."""
    return hashlib.sha256(f"{draft_id.hex}/{reading}/{edition}".encode()).hexdigest()
