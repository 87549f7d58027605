"""A steady load: requests put on a provisioner's log at an even pace, whether or not it keeps up (open loop)."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from bench.works.own_provisioner import OwnProvisioner
from services.common.records import Message

STEP_S: Final = 0.02


async def steadily(own: OwnProvisioner, requests: Iterable[Message], per_second: float) -> float:
    """Put all on the log, `per_second` of them each second; the most seconds by which we were late."""
    left: Iterator[Message] = iter(requests)
    began = time.perf_counter()
    sent, step, late = 0, 0, 0.0
    while True:
        due = round((step + 1) * STEP_S * per_second) - sent
        if due:
            part = list(islice(left, due))
            if not part:
                return late
            await own.ask(part)
            sent += due
        step += 1
        ahead = began + step * STEP_S - time.perf_counter()
        late = max(late, -ahead)
        await asyncio.sleep(max(0.0, ahead))
