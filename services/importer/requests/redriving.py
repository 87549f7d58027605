"""A request that was parked, taken once more: judged by the rules and settings of now, as any other request."""

from collections.abc import Awaitable, Callable

from services.common.database import Connection
from services.common.parked.doors import Door, Entry
from services.common.records import Record
from services.importer.requests.handler import Repeated, RequestsHandler


def requests_door(handler: RequestsHandler, projects_known: Callable[[], Awaitable[None]]) -> Door:
    """The door of the requests topic; `projects_known` returns once projects have been read, or raises.

    The import's id follows from the request, so it is made once, whoever else is at it. Who asked got an answer when
    the request was refused, and gets no second refusal; ImportAccepted on the log is what they see if it is taken.
    """

    async def door(record: Record) -> Entry:
        await projects_known()
        try:
            ready = await handler.prepare(record, project_within_s=0)
        except Repeated:
            return _nothing

        async def entry(connection: Connection) -> None:
            await handler.add(connection, ready)

        return entry

    return door


async def _nothing(connection: Connection) -> None:
    """It is there already."""
