"""Invariants of one account: its lives, its attempts, and how it is closed."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from deploy.account_service.journal import Closed, Created
from schemas.facts import (
    AccountClosed,
    AccountCloseFailed,
    AccountCloseRequested,
    AccountCreated,
    AccountFact,
    AccountFailed,
    AccountRequestCancelled,
    AccountRetried,
)
from schemas.ids import idempotency_key
from tests.e2e.checker.evidence import Evidence


def lives_in_order(evidence: Evidence) -> Iterator[str]:
    """Created at most once a life; a life follows an end; each effect's key is that of a life and series of the log."""
    for account, facts in evidence.outcomes.items():
        life, over = 1, False
        created: Counter[int] = Counter()
        for fact in facts:
            match fact:
                case AccountRetried() if fact.life != life:
                    if fact.life != life + 1 or not over:
                        yield f"account {account}: life {fact.life} begins before life {life} has ended"
                    life, over = fact.life, False
                case AccountCreated():
                    created[life] += 1
                    over = False
                case AccountClosed() | AccountRequestCancelled():
                    over = True
        for number, times in created.items():
            if times > 1:
                yield f"account {account}: Created {times} times in life {number}"
    yield from _keys_told(evidence)


def _keys_told(evidence: Evidence) -> Iterator[str]:
    known: set[str] = set()
    for account in {request.account_id for request in evidence.requests}:
        facts = evidence.outcomes.get(account, ())
        series = {(1, 1), *((f.life, f.series) for f in facts if isinstance(f, AccountRetried))}
        # Whoever inherits a cancelled claim asks under a key of its own, in the next series.
        heirs = sum(isinstance(fact, AccountRequestCancelled) for fact in facts)
        series |= {(life, number + further) for life, number in series for further in range(1, heirs + 1)}
        known |= {str(idempotency_key(account, *one)) for one in series}
    for made in evidence.created:
        if made.key is not None and made.key not in known:
            yield f"account {made.username} was made under a key of no life and series on the log"


def attempts_add_up(evidence: Evidence) -> Iterator[str]:
    """Attempts are counted one by one; a person's retry follows a failure, and keeps the key of an effect in doubt."""
    for account, facts in evidence.outcomes.items():
        run = _Run()
        for fact in facts:
            for sentence in run.follow(fact):
                yield f"account {account}, version {fact.account_version}: {sentence}"


@dataclass
class _Run:
    """What was said of attempts so far."""

    life: int = 1
    series: int = 1
    attempt: int = 0
    doubts: int = 0
    inherited: bool = False
    failed: AccountFailed | None = None

    def follow(self, fact: AccountFact) -> Iterator[str]:
        match fact:
            case AccountRetried(asked_by="policy"):
                yield from self._counted(fact.attempt, fact)
                yield from self._doubted(fact)
                if (fact.life, fact.series) != (self.life, self.series) and not self.inherited:
                    yield "the policy changed the key"
                self._now(fact)
            case AccountRetried():
                yield from self._asked_again(fact)
                self._now(fact)
            case AccountCreated() | AccountFailed():
                if not (isinstance(fact, AccountCreated) and fact.attempt == 1):
                    yield from self._counted(fact.attempt, fact)
                self.attempt = fact.attempt
                self.failed = fact if isinstance(fact, AccountFailed) else None
            case AccountRequestCancelled():
                self.inherited = True
            case AccountCloseRequested() | AccountClosed():
                self.failed = None

    def _counted(self, attempt: int, fact: AccountFact) -> Iterator[str]:
        if attempt != self.attempt + 1 and not (self.inherited and attempt == 1):
            yield f"{type(fact).__name__} counts attempt {attempt} after {self.attempt}"

    def _doubted(self, fact: AccountRetried) -> Iterator[str]:
        before = 0 if self.inherited and fact.attempt == 1 else self.doubts
        if not before <= fact.doubts <= min(before + 1, fact.attempt):
            yield f"{fact.doubts} doubts after {before}, in {fact.attempt} attempts"

    def _asked_again(self, fact: AccountRetried) -> Iterator[str]:
        if fact.asked_by == "person" and self.failed is None:
            yield "a person's retry of an account that had not failed"
        if fact.asked_by == "person" and not fact.author:
            yield "a person's retry without the person"
        if self.failed is None:
            return
        same = (fact.life, fact.series) == (self.life, self.series)
        if self.failed.effect == "unknown" and not same:
            yield "an effect in doubt, and asked again under another key"
        if self.failed.effect == "none" and same:
            yield "asked again under the key of a definite refusal"

    def _now(self, fact: AccountRetried) -> None:
        self.life, self.series, self.attempt = fact.life, fact.series, fact.attempt
        self.doubts, self.inherited, self.failed = fact.doubts, False, None


def closes_hold(evidence: Evidence) -> Iterator[str]:
    """Who shall be closed is closed, or it is said that it cannot be; nobody else is; both sides say the same."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    closed = {effect.username for effect in evidence.effects if isinstance(effect, Closed)}
    for effect in evidence.effects:
        if isinstance(effect, Created):
            names[effect.email.lower()].append(effect.username)
    addresses = {request.account_id: request.personal.canonical_email for request in evidence.requests}
    for account, facts in evidence.outcomes.items():
        made = names[addresses.get(account, "")]
        yield from _closing(account, facts, made, closed)


_LIVING = (
    AccountCreated,
    AccountFailed,
    AccountRetried,
    AccountClosed,
    AccountCloseRequested,
    AccountCloseFailed,
)


def _closing(
    account: UUID, facts: Sequence[AccountFact], made: Sequence[str], closed: set[str]
) -> Iterator[str]:
    for before, fact in zip((None, *facts), facts, strict=False):
        if isinstance(fact, AccountCloseFailed | AccountClosed) and before is None:
            yield f"account {account}: {type(fact).__name__} comes first of all"
    last = next((fact for fact in reversed(facts) if isinstance(fact, _LIVING)), None)
    match last:
        case AccountCloseRequested():
            yield f"account {account} shall be closed, and is not"
        case AccountCloseFailed() if last.next_attempt_at is not None:
            yield f"account {account} is still to be closed"
        case AccountClosed() if not closed.issuperset(made):
            yield f"account {account} is told of as closed, and is open"
        case AccountCreated() if not made or made[-1] in closed:
            yield f"account {account} is told of as created, and is closed or not there"
    if not any(isinstance(fact, AccountCloseRequested | AccountClosed) for fact in facts) and closed & set(
        made
    ):
        yield f"account {account} was closed, and nobody had asked for that"
