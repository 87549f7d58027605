"""The fold of a batch: accounts as stored and facts in, accounts to store and facts to publish out. Pure."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from schemas.facts import AccountFact, AccountRequested
from services.provisioner.account import Account, Change, Stored, answer_claims, evolve, stop, told


@dataclass(slots=True)
class Folded:
    """What a batch came to."""

    new: list[Stored] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    decided: list[tuple[int, AccountFact]] = field(default_factory=list)
    due: list[Stored] = field(default_factory=list)
    """Accounts that have something to do since this batch; one that had before is in a chunk already."""
    fresh: set[UUID] = field(default_factory=set)
    """Those of them that had nothing to do before."""
    learned: bool = False
    """Whether, where the log was not read to its end, an outcome of ours was news: the tables are older than it."""
    stray: int = 0
    """Outcomes of accounts nobody asked for."""

    def add(self, other: "Folded") -> None:
        """What another part of the batch came to; an account is in one part."""
        self.new += other.new
        self.changed += other.changed
        self.decided += other.decided
        self.due += other.due
        self.fresh |= other.fresh
        self.learned |= other.learned
        self.stray += other.stray


def fold(
    known: Mapping[UUID, Stored],
    facts: Mapping[UUID, Sequence[AccountRequested | AccountFact]],
    partitions: Mapping[UUID, int],
    *,
    live: frozenset[int],
    now: datetime,
    stopped: Container[UUID] = frozenset(),
    live_before: frozenset[int] | None = None,
) -> Folded:
    """Fold facts into accounts. In `live` partitions claims are answered at once; elsewhere they wait.

    A partition is not live until its log was read to the end: before that, an answer may already be there. What
    `stopped` imports ask for is cancelled at once where it was live before (`live_before`, if not the same): else
    it may have been worked on before the tables were lost.
    """
    folded = Folded()
    for account_id, of_account in facts.items():
        stored = known.get(account_id)
        before = stored.account if stored else None
        after = before
        asked: Account | None = None
        partition = partitions[account_id]
        caught_up = partition in (live if live_before is None else live_before)
        for fact in of_account:
            was, after = after, evolve(after, fact)
            if was is None:
                asked = after
            if not caught_up and after is not was and isinstance(fact, AccountFact):
                folded.learned = True
        if after is None:
            folded.stray += 1
            continue
        if partition in live:
            if before is None and after.creator.import_id in stopped:
                facts_now, after = stop(after, stopped, now, no_effect=caught_up)
            else:
                facts_now, after = told(
                    after, answer_claims(after, now, stopped) if after.open_claims else []
                )
            folded.decided.extend((partition, fact) for fact in facts_now)
        result = Stored(after, partition)
        if asked is not None:
            # Inserted as it was asked for; whatever the same batch says of it later is a change.
            folded.new.append(Stored(asked, partition))
            if after is not asked:
                folded.changed.append(Change(asked, after))
            due = needs_work(after)
        else:
            assert before is not None  # noqa: S101 - else it was asked for just now
            if after is not before:
                folded.changed.append(Change(before, after))
            due = needs_work(after) and (after.needs_answer or not needs_work(before))
        if due:
            folded.due.append(result)
            if stored is None or not needs_work(stored.account):
                folded.fresh.add(account_id)
    return folded


def needs_work(account: Account) -> bool:
    """Whether something remains to be done for an account: a call, or an answer."""
    return account.needs_call or account.needs_answer
