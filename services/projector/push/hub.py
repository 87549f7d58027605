"""One hub a process: each watched import is read once, and the same bytes go to all who watch it."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

from services.common.http import Problem
from services.common.loops import patiently
from services.projector.import_changes.news import News, Versions, known_at, news_since
from services.projector.import_progress.query import Tag
from services.projector.push import metrics
from services.projector.push.events import Told, many_event, rows_event, told
from services.projector.push.source import Source
from services.projector.push.stream import Stream

MOST_STREAMS = 10_000
MOST_ROWS = 100
"""Changed rows that are sent in full with one event."""
SEND_TIMEOUT_S = 20.0
"""How long a reader may take nothing."""
LEAST_REST_S = 0.1
"""Between two statuses of one import: nobody reads faster."""
_NEWS_WITHIN_S = 30.0
MOST_A_SECOND = 5_000
"""Statuses that are sent to all streams together: about a third of a process, which also answers polls."""
_RETRY_MS = (1000, 3000)
"""Spread, so that readers do not all come back at once."""

_log = structlog.get_logger(__name__)


class Channel:
    """One watched import and its streams."""

    def __init__(self, import_id: UUID) -> None:
        self.import_id = import_id
        self.tag = Tag(0, 0)
        self.versions: Versions = {}
        self.streams: set[Stream] = set()
        self.opened: asyncio.Task[bool]
        self.follower: asyncio.Task[None] | None = None


class Hub:
    """Streams of events by import. All of it is bounded; nothing runs while nobody watches."""

    def __init__(
        self,
        source: Source,
        *,
        most_streams: int = MOST_STREAMS,
        send_timeout_s: float = SEND_TIMEOUT_S,
        clock: Callable[[], float] = time.monotonic,
        rest: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.send_timeout_s = send_timeout_s
        self._source = source
        self._most_streams = most_streams
        self._clock = clock
        self._rest = rest
        self._channels: dict[UUID, Channel] = {}
        self._streams: dict[Stream, Channel] = {}

    def __len__(self) -> int:
        return len(self._streams)

    async def subscribe(self, import_id: UUID, last: int | None) -> Stream | None:
        """A new stream: from the present status on, or from version `last`; None if there is no such import (yet).

        Raises:
            Problem: 503, there are as many streams as this process serves.
        """
        if len(self._streams) >= self._most_streams:
            raise Problem(
                503,
                "TOO_MANY_STREAMS",
                "This server sends as many streams of events as it can. Poll the status, or try again later.",
                headers={"Retry-After": "15"},
            )
        stream = Stream(clock=self._clock, retry_ms=random.randint(*_RETRY_MS))  # noqa: S311 - spreads retries
        channel = self._join(stream, import_id)
        try:
            # What is published from here on reaches the stream; what came before is in what it reads now.
            if await asyncio.shield(channel.opened) and await self._begin(stream, import_id, last):
                return stream
        except BaseException:
            self.leave(stream)
            raise
        self.leave(stream)
        return None

    def leave(self, stream: Stream) -> None:
        """Forget a stream; the last one of an import ends what was done for it."""
        stream.drop()
        channel = self._streams.pop(stream, None)
        metrics.STREAMS.set(len(self._streams))
        if channel is None:
            return
        channel.streams.discard(stream)
        if not channel.streams:
            self._channels.pop(channel.import_id, None)
            channel.opened.cancel()
            if channel.follower is not None:
                channel.follower.cancel()

    async def close(self) -> None:
        """End all streams with a reset: their clients connect again, to whoever serves then."""
        for channel in list(self._channels.values()):
            self._end(channel)

    def _join(self, stream: Stream, import_id: UUID) -> Channel:
        channel = self._channels.get(import_id)
        if channel is None:
            channel = self._channels[import_id] = Channel(import_id)
            channel.opened = asyncio.create_task(self._open(channel), name="open-channel")
        self._streams[stream] = channel
        channel.streams.add(stream)
        metrics.STREAMS.set(len(self._streams))
        return channel

    async def _open(self, channel: Channel) -> bool:
        """See where an import stands, and follow it from there; False if there is no such import (yet)."""
        ring = await self._source.ring(channel.import_id)
        status = await self._source.status(channel.import_id)
        if ring is None or status is None:
            return False
        channel.tag, channel.versions = status.tag, ring.versions
        channel.follower = asyncio.create_task(self._follow(channel), name="follow-import")
        return True

    async def _begin(self, stream: Stream, import_id: UUID, last: int | None) -> bool:
        """Give a new stream what it starts with; False if the import has gone."""
        ring = await self._source.ring(import_id)
        status = await self._source.status(import_id)
        if ring is None or status is None:
            return False
        now = told(status.tag, status.body)
        known = None if last is None else known_at(last, ring.versions)
        news = None if known is None else news_since(known, ring, most=MOST_ROWS)
        if (
            news is not None
            and news.complete
            and (event := await self._rows(import_id, news, now)) is not None
        ):
            stream.rows(event)
        stream.status(now)
        if last is not None and (news is None or not news.complete):
            stream.reset()
        return True

    async def _follow(self, channel: Channel) -> None:
        try:
            while True:
                await patiently("push", lambda: self._step(channel))
        except Exception:  # noqa: BLE001 - a mistake of ours: its readers are told, and connect again
            _log.exception("import_not_followed")
            self._end(channel)

    async def _step(self, channel: Channel) -> None:
        if await self._source.news(channel.import_id, channel.tag, within_s=_NEWS_WITHIN_S):
            await self._publish(channel)
            await self._rest(max(LEAST_REST_S, len(self._streams) / MOST_A_SECOND))
        for stream in [s for s in channel.streams if s.sending_for > 2 * self.send_timeout_s]:
            self.leave(stream)

    async def _publish(self, channel: Channel) -> None:
        status = await self._source.status(channel.import_id)
        ring = await self._source.ring(channel.import_id)
        if status is None or ring is None:  # the tables are being made anew
            self._end(channel)
            return
        now = told(status.tag, status.body)
        news = news_since(channel.versions, ring, most=MOST_ROWS)
        if status.tag.target_changes != channel.tag.target_changes:
            news = News(news.versions, None, None)  # what is pending waits now, or no longer
        rows = await self._rows(channel.import_id, news, now)
        channel.tag, channel.versions = status.tag, news.versions
        for stream in channel.streams:
            if rows is not None:
                stream.rows(rows)
            stream.status(now)
        metrics.EVENTS.inc(len(channel.streams))

    def _end(self, channel: Channel) -> None:
        for stream in list(channel.streams):
            stream.end()
            self.leave(stream)

    async def _rows(self, import_id: UUID, news: News, now: Told) -> bytes | None:
        """The event about changed rows; None if there are none."""
        version = now.tag.version
        if news.rows is None:
            return many_event(version, news.ranges)
        if not news.rows:
            return None
        return rows_event(version, await self._source.rows(import_id, news.rows))
