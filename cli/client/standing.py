"""What the projector tells operators: the story of an account, what waits, and how far its tables are."""

from collections.abc import Iterator

import msgspec

from cli.client.api import Api, read
from cli.client.paging import by_cursor

_ACCOUNTS = "/api/marketplace-course-accounts/"


class Event(msgspec.Struct, frozen=True):
    """Something that happened to an account; `by` is the person who asked for it."""

    time: str
    event: str
    sentence: str
    by: str | None = None
    import_id: str | None = msgspec.field(name="import", default=None)
    row: int | None = None


class Sum(msgspec.Struct, frozen=True):
    """Some that wait: for one cause, of one project, or of one import."""

    count: int
    oldest_since: str | None = None
    next_attempt: str | None = None
    sentence: str = ""
    project_uuid: str | None = None
    project_name: str | None = None
    import_id: str | None = msgspec.field(name="import", default=None)


class WaitingRow(msgspec.Struct, frozen=True):
    """A row that waits."""

    import_id: str = msgspec.field(name="import")
    row: int
    sentence: str = ""
    since: str | None = None
    attempts: int = 0
    next_attempt: str | None = None


class TargetState(msgspec.Struct, frozen=True):
    """How the account service stands, as far as the log says."""

    state: str
    since: str | None = None
    reason: str | None = None
    next_probe: str | None = None


class Waiting(msgspec.Struct, frozen=True):
    """All that waits."""

    total: int
    target: TargetState
    causes: tuple[Sum, ...] = ()
    projects: tuple[Sum, ...] = ()
    imports: tuple[Sum, ...] = ()
    oldest: tuple[WaitingRow, ...] = ()


class ReadModel(msgspec.Struct, frozen=True):
    """How far a read model is behind the log; `records_ahead` is None where the log did not answer."""

    name: str
    version: int
    question: str = ""
    set: str = ""
    records_ahead: int | None = None
    oldest_unprocessed_seconds: float | None = None


def history(api: Api, account: str) -> Iterator[bytes]:
    """What happened to an account, in order, each event as its JSON bytes."""
    return by_cursor(api, f"{_ACCOUNTS}{account}/history/", {"page_size": 1000})


def waiting(api: Api) -> tuple[Waiting, bytes]:
    """What waits, and the answer's bytes."""
    response = api.get("/api/waiting/")
    return read(response, Waiting), response.content


def read_models(api: Api) -> Iterator[bytes]:
    """The read models, each as its JSON bytes."""
    return by_cursor(api, "/api/read-models/", {})
