"""The read models of a history, folded in memory; what a batch leaves behind passes through its stored form."""

from collections import Counter
from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import datetime
from uuid import UUID

from schemas.facts import AccountFact, AccountRequested, Fact
from schemas.row_class import RowClass, Standing
from services.projector.account_lists.fold import HANDLES as ABOUT_LISTS
from services.projector.account_lists.fold import ListsInMemory
from services.projector.account_story.fold import HANDLES as ABOUT_STORIES
from services.projector.account_story.fold import Entry, StoriesInMemory
from services.projector.accounts import store
from services.projector.accounts.fold import HANDLES as ABOUT_ACCOUNTS
from services.projector.accounts.fold import AccountsInMemory
from services.projector.accounts.view import AccountView, Ending, class_of, ending_of
from services.projector.core.model import Located
from services.projector.import_progress.fold import HANDLES as ABOUT_PROGRESS
from services.projector.import_progress.fold import ImportFacts, Progress, ProgressInMemory
from services.projector.import_rows.fold import HANDLES as ABOUT_ROWS
from services.projector.import_rows.fold import Key, RowsInMemory, RowText, Stand
from services.projector.waiting.fold import HANDLES as ABOUT_WAITING
from services.projector.waiting.fold import Wait, WaitingInMemory, waiting_among


class Tables:
    """What the tables would hold."""

    def __init__(self) -> None:
        self.views: dict[UUID, AccountView] = {}
        self.rows: dict[Key, tuple[RowText, Stand]] = {}
        self.progress: dict[int, Progress] = {}
        self.imports: dict[UUID, ImportFacts] = {}
        self.stories: dict[tuple[UUID, int, int], Entry] = {}
        self.waits: dict[UUID, Wait] = {}
        self.numbers: Counter[tuple[UUID, int, Standing]] = Counter()
        self.addresses: dict[UUID, str] = {}

    def fold(self, facts: Sequence[tuple[datetime, Fact]], *, cuts: Iterable[int] = ()) -> "Tables":
        """Fold a history in batches that end at `cuts`."""
        ends = sorted({min(cut, len(facts)) for cut in cuts} | {len(facts)})
        start = 0
        for end in ends:
            self._batch(facts[start:end])
            start = end
        return self

    def counts(self, import_id: UUID) -> dict[RowClass, int]:
        """Counted classes over all partitions, without the zeros."""
        total = dict.fromkeys(RowClass, 0)
        for progress in self.progress.values():
            if progress.import_id == import_id:
                for row_class, number in progress.counts.items():
                    total[row_class] += number
        return {row_class: number for row_class, number in total.items() if number}

    def recounted(self, import_id: UUID) -> dict[RowClass, int]:
        """The same, counted row by row from what the rows and accounts say: the oracle."""
        total = dict.fromkeys(RowClass, 0)
        for view in self.views.values():
            for claim in view.claims:
                if claim.import_id == import_id:
                    total[class_of(claim, view.standing)] += 1
        for key, (text, stand) in self.rows.items():
            if key.import_id == import_id and text.account_id is None:
                total[RowClass(stand.claim)] += 1
        return {row_class: number for row_class, number in total.items() if number}

    def endings(self, import_id: UUID) -> dict[Ending, int]:
        """What an undo comes to, as counted over all partitions, without the zeros."""
        total = dict.fromkeys(Ending, 0)
        for progress in self.progress.values():
            if progress.import_id == import_id:
                total[Ending.OPEN] += progress.to_close
                total[Ending.KEPT] += progress.kept
                total[Ending.FAILED] += progress.unclosed
        return {ending: number for ending, number in total.items() if number}

    def recounted_endings(self, import_id: UUID) -> dict[Ending, int]:
        """The same, claim by claim: the oracle."""
        total = dict.fromkeys(Ending, 0)
        for view in self.views.values():
            for claim in view.claims:
                ending = ending_of(claim, view)
                if claim.import_id == import_id and ending is not None:
                    total[ending] += 1
        return {ending: number for ending, number in total.items() if number}

    def version(self, import_id: UUID) -> int:
        """Distinct events folded for an import."""
        return sum(p.version for p in self.progress.values() if p.import_id == import_id)

    def story(self, account_id: UUID) -> list[Entry]:
        """What happened to one account, in order."""
        return sorted(entry for key, entry in self.stories.items() if key[0] == account_id)

    def _batch(self, facts: Sequence[tuple[datetime, Fact]]) -> None:
        accounts = AccountsInMemory({key.int: stored(view) for key, view in self.views.items()})
        rows = RowsInMemory()
        progress = ProgressInMemory(
            deepcopy(list(self.progress.values())), deepcopy(list(self.imports.values()))
        )
        lists = ListsInMemory({key: v.standing for key, v in accounts.views.items() if v.requested})
        stories = StoriesInMemory()
        waiting = WaitingInMemory([self.waits[one] for one in waiting_among(accounts.views.values())])
        for time, fact in facts:
            event = Located(partition_of(fact), time, fact)
            change = accounts.apply(event) if isinstance(fact, ABOUT_ACCOUNTS) else None
            if isinstance(fact, ABOUT_ROWS):
                rows.apply(event, change)
            if isinstance(fact, ABOUT_PROGRESS):
                progress.apply(event, change)
            if isinstance(fact, ABOUT_LISTS):
                lists.apply(event, change)
            if isinstance(fact, ABOUT_STORIES):
                stories.apply(event, change)
            if isinstance(fact, ABOUT_WAITING):
                waiting.apply(event, change)
        self.views = {view.account_id: stored(view) for view in accounts.views.values()}
        self.rows = {**rows.inserted, **self.rows}
        for key, stand in rows.changed.items():
            self.rows[key] = (self.rows[key][0], stand)
        self.progress, self.imports = progress.progress, progress.imports
        told = {entry[:3]: entry for entry in stories.told}
        assert len(told) == len(stories.told), "a place twice in a story"
        assert not told.keys() & self.stories.keys(), "an event told twice"
        self.stories |= told
        for difference in lists.differences.values():
            for standing, number in difference.by.items():
                self.numbers[difference.import_id, difference.partition, standing] += number
        assert not {account for account, *_ in lists.addresses} & self.addresses.keys(), "an address twice"
        self.addresses |= {account: address for account, _, _, address in lists.addresses}
        self.waits = {wait.account_id: wait for wait in waiting.waits.values()}


def stored(view: AccountView) -> AccountView:
    """The view as it comes back from the table."""
    return store.from_row((*store.to_row(view), view.requested))


def partition_of(fact: Fact) -> int:
    """A partition that follows from the key, as Kafka's would."""
    key = fact.account_id if isinstance(fact, AccountRequested | AccountFact) else fact.subject
    return key.int % 3
