"""The provisioner's composition root, with somebody who listens at its steps."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from services.common.subscription import Tuning
from services.provisioner.bootstrap import Provisioner
from services.provisioner.bootstrap import bootstrap as real
from services.provisioner.retry import RetryPolicy
from services.provisioner.settings import ProvisionerSettings
from tests.support.failing.edges import noting, watch_calls, watch_sending
from tests.support.failing.points import Points


@asynccontextmanager
async def bootstrap(settings: ProvisionerSettings) -> AsyncIterator[Provisioner]:
    """As the real one; `FAILPOINT` names what fails.

    `SESSION_TIMEOUT_MS` says how soon Kafka gives a silent copy up, `RETRY_CAP_S` how long nobody waits longer for
    another attempt.
    """
    points = Points(os.environ.get("FAILPOINT", ""))
    watch_calls(points.reached, noting(points.folder / "calls" if points.folder else None))
    watch_sending(points.reached)
    session = int(os.environ.get("SESSION_TIMEOUT_MS", Tuning().session_timeout_ms))
    tuning = Tuning(session_timeout_ms=session, heartbeat_interval_ms=min(session // 3, 3000))
    cap = float(os.environ.get("RETRY_CAP_S", "inf"))
    rules = {code: replace(rule, cap=min(rule.cap, cap)) for code, rule in RetryPolicy().rules.items()}
    async with real(
        settings, policy=RetryPolicy(rules), reached=points.reached, tuning=tuning
    ) as provisioner:
        yield provisioner
