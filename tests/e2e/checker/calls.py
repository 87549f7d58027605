"""Who asked the account service for what, as the failing provisioner notes it: beside the evidence, for figures."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from schemas.facts import AccountCreated, AccountFailed, AccountRetried
from schemas.ids import idempotency_key
from tests.e2e.checker.evidence import Evidence


class Call(NamedTuple):
    """One account that was asked for, and when (seconds)."""

    at: float
    key: UUID


def read(failpoints: Path) -> Mapping[int, Sequence[Call]]:
    """All calls, by the process that made them."""
    found: dict[int, list[Call]] = {}
    for file in (failpoints / "calls").iterdir():
        words = [line.split() for line in file.read_text().splitlines()]
        found[int(file.name)] = [Call(float(at), UUID(key)) for at, key in words]
    return found


def repeated(calls: Mapping[int, Sequence[Call]], evidence: Evidence) -> Counter[int]:
    """Calls made a second time because nobody wrote down the first, by the process that made the first.

    A process is to blame for a key if there are more calls than recorded attempts, and another process called later.
    """
    known = recorded(evidence)
    of_key: defaultdict[UUID, list[tuple[float, int]]] = defaultdict(list)
    for pid, made in calls.items():
        for call in made:
            if call.key in known:
                of_key[call.key].append((call.at, pid))
    blamed: Counter[int] = Counter()
    for key, made_for in of_key.items():
        made_for.sort()
        over = len(made_for) - known[key]
        passed_on = [a[1] for a, b in pairwise(made_for) if a[1] != b[1]]
        blamed.update(passed_on[: max(0, over)])
    return blamed


def recorded(evidence: Evidence) -> Mapping[UUID, int]:
    """How many attempts stand on the log for each key that was used."""
    attempts: dict[UUID, int] = {}
    for account, facts in evidence.outcomes.items():
        life = series = 1
        for fact in facts:
            if isinstance(fact, AccountRetried):
                life, series = fact.life, fact.series
            if isinstance(fact, AccountRetried | AccountCreated | AccountFailed):
                key = idempotency_key(account, life, series)
                attempts[key] = max(attempts.get(key, 0), fact.attempt)
    return attempts
