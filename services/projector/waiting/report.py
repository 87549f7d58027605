"""What waits, summed up by cause, project and import. Pure."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from schemas.codes import explain
from schemas.row_class import RowClass
from services.projector.import_progress.status import counts_of
from services.projector.web.answers import hex_id, utc

WAITED_FOR = "The account service is being waited for."


class Group(NamedTuple):
    """Some that wait for the same reason in the same import."""

    code: str | None
    import_id: UUID
    project_id: UUID | None
    number: int
    since: datetime | None
    next_attempt: datetime | None


@dataclass(slots=True)
class Sum:
    """Several groups together."""

    count: int = 0
    since: datetime | None = None
    next_attempt: datetime | None = None

    def add(self, group: Group) -> None:
        """Count one more group."""
        self.count += group.number
        self.since = _earlier(self.since, group.since)
        self.next_attempt = _earlier(self.next_attempt, group.next_attempt)

    def answer(self) -> dict[str, Any]:
        """As it is shown."""
        return {
            "count": self.count,
            "oldest_since": utc(self.since),
            "next_attempt": utc(self.next_attempt),
        }


def held_back(totals: Iterable[Any]) -> list[Group]:
    """The pending rows of imports while the account service is paused; nothing if it is not."""
    groups = []
    for import_ in totals:
        if not import_["paused"]:
            continue
        pending = counts_of({**import_, "paused": False})[RowClass.PENDING]
        if pending:
            since = max(import_["paused_since"], import_["submitted"])
            groups.append(
                Group(
                    import_["pause_reason"],
                    import_["import_id"],
                    import_["project_id"],
                    pending,
                    since,
                    import_["next_probe_at"],
                )
            )
    return groups


def report(
    retrying: Sequence[Group],
    pending: Sequence[Group],
    target: Mapping[str, Any],
    names: Mapping[UUID | None, str],
    *,
    imports: int,
) -> dict[str, Any]:
    """All that waits, except the single rows; `imports`: how many are shown, those with most first."""
    groups = [*retrying, *pending]
    whole = _sums(groups, lambda _: None).get(None, Sum())
    by_import = _sums(groups, lambda group: (group.import_id, group.project_id))
    return {
        "total": whole.count,
        "retrying": sum(group.number for group in retrying),
        "pending": sum(group.number for group in pending),
        "oldest_since": utc(whole.since),
        "next_attempt": utc(whole.next_attempt),
        "target": target_answer(target),
        "causes": [
            {"code": code, "sentence": sentence(code), **found.answer()}
            for code, found in _most_first(_sums(groups, lambda group: group.code))
        ],
        "projects": [
            {"project_uuid": hex_id(project), "project_name": names.get(project), **found.answer()}
            for project, found in _most_first(_sums(groups, lambda group: group.project_id))
        ],
        "imports": [
            {
                "import": import_id.hex,
                "project_uuid": hex_id(project),
                "project_name": names.get(project),
                **found.answer(),
            }
            for (import_id, project), found in _most_first(by_import)[:imports]
        ],
    }


def target_answer(target: Mapping[str, Any]) -> dict[str, Any]:
    """How the account service stands, as far as the log says."""
    if not target["paused"]:
        return {"state": "answering", "since": utc(target["changed"]), "code": None, "reason": None,
                "next_probe": None}  # fmt: skip
    return {
        "state": "paused",
        "since": utc(target["paused_since"]),
        "code": target["pause_reason"],
        "reason": sentence(target["pause_reason"]),
        "next_probe": utc(target["next_probe_at"]),
    }


def sentence(code: str | None) -> str:
    """Why something waits."""
    return explain(code).message if code else WAITED_FOR


def _sums(groups: Iterable[Group], key: Callable[[Group], Any]) -> dict[Any, Sum]:
    sums: dict[Hashable, Sum] = {}
    for group in groups:
        sums.setdefault(key(group), Sum()).add(group)
    return sums


def _most_first(sums: Mapping[Any, Sum]) -> list[tuple[Any, Sum]]:
    return sorted(sums.items(), key=lambda item: (-item[1].count, str(item[0])))


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((time for time in (one, other) if time is not None), default=None)
