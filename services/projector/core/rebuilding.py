"""Not ready while dropped tables are being read again: answers would lack what is not there yet."""

from collections.abc import Collection, Mapping
from typing import Protocol

import structlog

from services.common.process import Stuck
from services.common.records import TopicPartition

_log = structlog.get_logger(__name__)


class Reader(Protocol):
    """The part of the consumer that is needed here."""

    @property
    def ready(self) -> bool:
        """Whether partitions and positions are known."""
        ...

    @property
    def partitions(self) -> Collection[TopicPartition]:
        """Ours."""
        ...

    @property
    def positions(self) -> Mapping[TopicPartition, int]:
        """Next offset to handle, per partition."""
        ...

    @property
    def ends(self) -> Mapping[TopicPartition, int]:
        """Where each ended when it was assigned."""
        ...


class Rebuilding:
    """Whether the tables that were made anew have once held all that the log held; then it no longer matters."""

    def __init__(self, reader: Reader, *, rebuilding: bool) -> None:
        self._reader = reader
        self._rebuilding = rebuilding

    async def check(self) -> None:
        """Health check.

        Raises:
            Stuck: the tables were dropped and the log is still being read again; the text says how far.
        """
        if not self._rebuilding:
            return
        ends = self._reader.ends
        total = sum(ends.values())
        done = sum(min(self._reader.positions.get(here, 0), end) for here, end in ends.items())
        known = self._reader.ready and bool(self._reader.partitions)
        if not known or done < total:
            share = 100 * done // total if known and total else 0
            raise Stuck(f"the tables are being built anew from the log: {share} % read")
        self._rebuilding = False
        _log.info("tables_built_anew", records=total)
