"""A draft as it is stored."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.importer.domain.submission import DraftState


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The uploaded bytes. The name is a hint, and personal."""

    name: str | None
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """One upload. `layout`, `notes`, `fault` and `seen_before` are shown as they are."""

    draft_id: UUID
    state: DraftState
    project_id: UUID
    created_at: datetime
    created_by: str
    expires_at: datetime
    file: SourceFile
    layout: dict[str, Any] | None = None
    notes: list[dict[str, Any]] = field(default_factory=list)
    fault: dict[str, Any] | None = None
    rows: int = 0
    blank: int = 0
    verdicts: dict[str, int] | None = None
    preview_hash: str | None = None
    seen_before: dict[str, Any] | None = None
