"""The audit trail: who changed what, when, and with which token or session. It holds ids and fixed words only."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from services.common.access.principal import Principal
from services.common.database import Pool
from services.common.sql import load_queries

_SQL = load_queries("services.common.access", "audit.sql")
_HARMLESS: Final = re.compile(r"[A-Za-z0-9._~-]{1,100}")
_ID: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_MOST_OBJECTS: Final = 50


@dataclass(slots=True)
class Deed:
    """What an endpoint may add to what can be seen from outside."""

    principal: Principal | None = None
    """Who did it, where the request itself signed somebody in."""
    project_id: UUID | None = None
    objects: list[str] = field(default_factory=list)
    """Further ids; up to fifty are kept."""
    nothing_changed: bool = False
    """It was only a question after all, as a dry run is."""


def objects_of(path_parameters: Mapping[str, Any], location: str | None, more: Iterable[str]) -> list[str]:
    """The ids of what a request was about: those in its path, that of what it made, and those it named.

    Ids are 32 hex digits; a number is kept with its name, as `row/3`. Anything else is left out: it may be personal.
    """
    found: dict[str, None] = {}
    for name, value in path_parameters.items():
        text = str(value)
        if text.isascii() and text.isdigit() and len(text) < 20:
            found[f"{name}/{text}"] = None
        elif (plain := _plain(text)) is not None:
            found[plain] = None
    for text in _ID.findall(location or ""):
        found[text] = None
    for one in more:
        if (plain := _plain(one)) is not None:
            found[plain] = None
    return list(found)[:_MOST_OBJECTS]


def _plain(text: str) -> str | None:
    try:
        return UUID(text).hex
    except ValueError:
        return text if _HARMLESS.fullmatch(text) else None


class Audit:
    """Writes into the audit trail."""

    def __init__(self, pool: Pool, service: str) -> None:
        self._pool = pool
        self._service = service

    async def record(
        self,
        principal: Principal,
        action: str,
        *,
        objects: list[str],
        project_id: UUID | None,
        status: int,
        request_id: str,
    ) -> None:
        """Write down one deed.

        Raises:
            OSError, TimeoutError, asyncpg.PostgresError: it could not be written.
        """
        await self._pool.execute(
            _SQL["record"],
            principal.user_id,
            principal.staff,
            principal.credential,
            self._service,
            action,
            objects,
            project_id,
            status,
            request_id,
        )
