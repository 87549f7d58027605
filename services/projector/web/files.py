"""Long answers as CSV files, made while they are sent."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Any

from fastapi import Response
from fastapi.responses import StreamingResponse

from services.projector.web.cells import csv_lines

Line = Sequence[str | int | None]


def csv_file(
    name: str, header: Line, pages: AsyncIterator[Iterable[Any]], line: Callable[[Any], Line]
) -> Response:
    """A file called `name`: the header, then a line for each row of the pages as they come."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}
    return StreamingResponse(
        _pieces(header, pages, line), media_type="text/csv; charset=utf-8", headers=headers
    )


async def _pieces(
    header: Line, pages: AsyncIterator[Iterable[Any]], line: Callable[[Any], Line]
) -> AsyncIterator[bytes]:
    yield csv_lines([header])
    async for page in pages:
        yield csv_lines(map(line, page))
