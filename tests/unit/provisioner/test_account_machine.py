"""One account through any life: requests, calls, stops, releases, retries, closes; whoever folds its log ends there.

The log is told as Kafka would: requests when they are sent, the provisioner's facts in their order but possibly
much later than decided, and any record again at any time. Calls end late, in any order, twice at once, or never:
processes are killed and paused. Not told here: a call without an answer that arrives at the account service after
a look-up found nothing, and was then believed (docs/adr/0014 and 0017).
"""

from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from schemas.facts import (
    AccountClosed,
    AccountCloseRequested,
    AccountCreated,
    AccountFact,
    AccountFailed,
    AccountRequested,
    AccountRetried,
)
from schemas.row_class import Claim
from services.projector.accounts.evolve import evolve as project
from services.projector.accounts.view import AccountView
from services.provisioner.account import (
    Account,
    Closed,
    Closing,
    Conflict,
    Erred,
    How,
    Ok,
    Pending,
    Unwanted,
    answer_claims,
    claims_of,
    close,
    end_attempt,
    evolve,
    fate,
    release,
    retry,
    still_counts,
    stop,
)
from services.provisioner.account.outcome import Failed, Gone, Made, NotTried, Outcome, Unclear
from services.provisioner.retry import RetryPolicy, Rule
from tests.unit.provisioner.accounts import NOW, claim, requested
from tests.unit.provisioner.honest_target import HonestTarget

POLICY = RetryPolicy({"AWAY": Rule(attempts=None), "UNCERTAIN": Rule(attempts=3), "NO": Rule(attempts=2)})
IMPORTS = st.integers(1, 6)
CREATIONS = ["made", "refused", "unclear, made", "unclear, lost", "unclear, waited for", "away"]
CLOSINGS = ["closed", "refused", "unclear, closed", "unclear, lost", "away", "cannot look up"]
AT_ONCE = 3

Said = AccountRequested | AccountFact


class OneAccount(RuleBasedStateMachine):
    """The provisioner's account, its outbox and the log."""

    def __init__(self) -> None:
        super().__init__()
        self.account: Account
        self.log: list[Said] = []
        self.outbox: list[AccountFact] = []
        self.stopped: set[UUID] = set()
        self.target = HonestTarget()
        self.calls: list[Account] = []
        self.closers: list[tuple[Account, UUID | None]] = []
        self.unrecorded: set[UUID] = set()

    def _decided(self, fact: AccountFact) -> None:
        before = self.account
        self.account = evolve(before, fact) or before
        assert self.account.version == before.version + 1 == fact.account_version
        self.outbox.append(fact)

    def _ask(self, request: AccountRequested) -> None:
        self.log.append(request)
        self.account = evolve(self.account, request) or self.account
        self._answer()

    def _answer(self) -> None:
        for answer in answer_claims(self.account, NOW, self.stopped):
            self._decided(answer)

    def _ends(self, ours: Account, outcome: Outcome) -> None:
        """An attempt that began on `ours` is recorded, as the recorder does."""
        if not still_counts(ours, outcome, self.account):
            return
        facts, after = end_attempt(
            self.account, outcome, now=NOW, policy=POLICY, jitter=0.0, stopped=self.stopped
        )
        for fact in facts:
            self._decided(fact)
        assert after == self.account

    def _asked(self) -> bool:
        """Whether a call was sent under the present key of which nothing is recorded yet, or ever will be."""
        key = self.account.idempotency_key
        return key in self.unrecorded or any(call.idempotency_key == key for call in self.calls)

    def _is_looked_for(self, key: UUID) -> bool:
        """Whether whoever has to do with the account next asks the account service about this key."""
        standing = self.account.standing
        return key == self.account.idempotency_key and isinstance(standing, Pending)

    def _live_others(self) -> list[UUID]:
        return [o.claim.import_id for o in self.account.others if o.how is not How.ENDED]

    @initialize()
    def first_request(self) -> None:
        """Somebody asks for the account."""
        request = requested(1)
        self.log.append(request)
        account = evolve(None, request)
        assert account is not None
        self.account = account

    @rule(
        import_=IMPORTS,
        erred=st.sampled_from(["retry", "leave"]),
        closed=st.sampled_from(["reopen", "leave"]),
    )
    def request(self, import_: int, erred: str, closed: str) -> None:
        """An import asks, perhaps one that has asked before."""
        self._ask(requested(import_, erred=erred, closed=closed))

    @precondition(lambda self: isinstance(self.account.standing, Pending) and len(self.calls) < AT_ONCE)
    @rule()
    def call(self) -> None:
        """A call is made, perhaps by a process that has taken over from one that still waits for its own."""
        self.target.is_sent(self.account)
        self.calls.append(self.account)

    @precondition(lambda self: self.calls)
    @rule(data=st.data(), how=st.sampled_from(CREATIONS))
    def call_ends(self, data: st.DataObject, how: str) -> None:
        """One of the calls comes to something, whatever became of the account meanwhile."""
        ours = self.calls.pop(data.draw(st.integers(0, len(self.calls) - 1)))
        outcome: Outcome = NotTried("AWAY")
        if how in ("made", "refused"):
            made = self.target.hears(ours, willing=how == "made")
            outcome = Made(ours.idempotency_key.hex) if made else Failed("REFUSED")
        elif how == "unclear, made" and self._is_looked_for(ours.idempotency_key):
            self.target.hears(ours, willing=True)
            outcome = Unclear("UNCERTAIN")
        elif how.startswith("unclear"):
            outcome = Unclear("UNCERTAIN", counts=how != "unclear, waited for")
        if not still_counts(ours, outcome, self.account):
            self.unrecorded.add(ours.idempotency_key)
        self._ends(ours, outcome)

    @precondition(lambda self: self.calls)
    @rule(data=st.data(), arrives=st.booleans())
    def process_dies(self, data: st.DataObject, arrives: bool) -> None:
        """With it what one of its calls came to."""
        ours = self.calls.pop(data.draw(st.integers(0, len(self.calls) - 1)))
        if arrives and self._is_looked_for(ours.idempotency_key):
            self.target.hears(ours, willing=True)
        self.unrecorded.add(ours.idempotency_key)

    @precondition(lambda self: isinstance(self.account.standing, Pending))
    @rule()
    def course_ends_before_the_call(self) -> None:
        """The account fails without a call; one that may have been made before leaves a doubt."""
        self._ends(self.account, Failed("COURSE_ENDED", settles=False, doubtful=self._asked()))

    @precondition(lambda self: not self.calls)
    @rule()
    def settle(self) -> None:
        """What nobody wants any more, and a dead process may have called for, is only looked for."""
        account = self.account
        unwanted = isinstance(account.standing, Pending) and account.creator.import_id in self.stopped
        if unwanted and not account.in_doubt:
            key = account.idempotency_key
            self._ends(account, Made(key.hex, adopted=True) if key in self.target.live else Gone())

    @rule(course_over=st.booleans())
    def person_retries(self, course_over: bool) -> None:
        """Only what failed can be tried again, and not for a course that is over."""
        before = self.account
        facts = retry(before, author="ada", now=NOW, course_over=course_over)
        assert isinstance(facts, Conflict) == (course_over or not isinstance(before.standing, Erred))
        if not isinstance(facts, Conflict):
            for fact in facts:
                self._decided(fact)
            assert isinstance(self.account.standing, Pending)
            assert self.account.in_doubt == before.in_doubt

    @rule(cause=st.sampled_from(["request", "course_ended"]), certain=st.booleans())
    def close(self, cause: Any, certain: bool) -> None:
        """A person, or the end of the course, closes it: at once only what certainly was never made."""
        untouched = certain and not self._asked()
        for fact in close(self.account, cause=cause, author=None, now=NOW, untouched=untouched):
            self._decided(fact)
        assert isinstance(self.account.standing, Closing | Closed | Unwanted)
        self._answer()

    @rule(import_=IMPORTS, no_effect=st.booleans())
    def stop(self, import_: int, no_effect: bool) -> None:
        """An import is stopped: without a doubt nothing of it is left, and the oldest that followed goes on."""
        self.stopped.add(claim(import_).import_id)
        before = self.account
        no_effect = no_effect and not self._asked()
        facts, after = stop(before, self.stopped, NOW, no_effect=no_effect)
        for fact in facts:
            self._decided(fact)
        assert after == self.account
        followers = [o.claim for o in before.others if o.how is How.FOLLOWER]
        wanting = [c for c in (before.creator, *followers) if c.import_id not in self.stopped]
        if not isinstance(before.standing, Pending):
            assert after.standing == before.standing
        elif not no_effect or before.in_doubt:
            assert (after.creator, after.standing) == (before.creator, before.standing)
        elif wanting:
            assert after.creator == wanting[0]
            assert isinstance(after.standing, Pending)
        else:
            assert after.standing == Unwanted()
        assert stop(after, self.stopped, NOW, no_effect=no_effect)[0] == []

    @rule(import_=IMPORTS, cause=st.sampled_from(["undo", "correction"]))
    def release(self, import_: int, cause: str) -> None:
        """An import gives up its claims: an account it alone wants is closed, and doing it again changes nothing."""
        before, import_id = self.account, claim(import_).import_id
        others = [i for i in self._live_others() if i != import_id]
        for request in claims_of(before, import_id):
            comes_to = fate(self.account, request, cause)
            for fact in release(self.account, request, cause, "manager"):
                self._decided(fact)
            assert comes_to == "pending" or release(self.account, request, cause, "manager") == []
        self._answer()
        if isinstance(before.standing, Ok):
            last = (before.creator.import_id == import_id or before.kept) and claims_of(before, import_id)
            assert isinstance(self.account.standing, Closing if last and not others else Ok)
        if isinstance(before.standing, Pending):
            assert self.account.standing == before.standing

    @precondition(lambda self: isinstance(self.account.standing, Closing) and len(self.closers) < AT_ONCE)
    @rule()
    def call_to_close(self) -> None:
        """A close begins; what has no name yet is looked for."""
        account, standing = self.account, self.account.standing
        assert isinstance(standing, Closing)
        key = UUID(standing.username) if standing.username else account.idempotency_key
        found = key if standing.username or key in self.target.live else None
        if account.needs_call:
            self.closers.append((account, found))

    @precondition(lambda self: self.closers)
    @rule(data=st.data(), how=st.sampled_from(CLOSINGS))
    def call_to_close_ends(self, data: st.DataObject, how: str) -> None:
        """It comes to something; what waited for the end of it is answered."""
        ours, found = self.closers.pop(data.draw(st.integers(0, len(self.closers) - 1)))
        outcome: Outcome = {
            "closed": Gone(),
            "refused": Failed("NO"),
            "unclear, closed": Unclear("UNCERTAIN"),
            "unclear, lost": Unclear("UNCERTAIN"),
            "away": NotTried("AWAY"),
            "cannot look up": Failed("CANNOT_LOOK_UP"),
        }[how]
        if found is None:
            outcome = Gone()
        elif outcome == Gone() or how == "unclear, closed":
            self.target.live.discard(found)
        self._ends(ours, outcome)

    @precondition(lambda self: self.outbox)
    @rule(data=st.data())
    def relay(self, data: st.DataObject) -> None:
        """Some of what was decided reaches the log; we meet it there and know it already."""
        for _ in range(data.draw(st.integers(1, len(self.outbox)))):
            fact = self.outbox.pop(0)
            self.log.append(fact)
            assert evolve(self.account, fact) is self.account

    @rule(data=st.data())
    def again(self, data: st.DataObject) -> None:
        """Any earlier record comes again: the relay of a twin that woke late, a request sent twice."""
        record = data.draw(st.sampled_from(self.log))
        self.log.append(record)
        assert evolve(self.account, record) is self.account

    @invariant()
    def whoever_folds_the_log_ends_here(self) -> None:
        """From nothing, all that was said and all that will be."""
        current: Account | None = None
        for fact in (*self.log, *self.outbox):
            current = evolve(current, fact)
        assert current == self.account

    @invariant()
    def one_effect_a_life(self) -> None:
        """However often it was asked for, by however many processes."""
        for life in range(1, self.account.life + 1):
            assert len(self.target.made_in(life)) <= 1

    @invariant()
    def what_is_there_is_known(self) -> None:
        """Of this life nothing is there that nobody will ask about; what has ended, or failed, left nothing."""
        account = self.account
        here = self.target.made_in(account.life) & self.target.live
        assert here <= {account.idempotency_key}
        if isinstance(account.standing, Closed | Unwanted | Erred) and not account.in_doubt:
            assert not here

    @invariant()
    def no_failure_is_taken_back(self) -> None:
        """Within one key's time nothing is created after it failed, unless somebody asked for something between."""
        failed = False
        for fact in (*(f for f in self.log if isinstance(f, AccountFact)), *self.outbox):
            if isinstance(fact, AccountFailed):
                failed = True
            elif isinstance(fact, AccountRetried | AccountCloseRequested | AccountClosed):
                failed = False
            assert not (failed and isinstance(fact, AccountCreated))

    @invariant()
    def the_read_models_name_the_same_creator(self) -> None:
        """Whoever shows the account from the log alone shows it as made for the row we make it for."""
        view: AccountView | None = None
        for fact in (*self.log, *self.outbox):
            view = project(view, fact, NOW) or view
        if view is None or not isinstance(self.account.standing, Pending | Ok):
            return
        creators = [c for c in view.claims if c.live and c.claim is Claim.CREATOR]
        assert [(c.import_id, c.row) for c in creators] == [
            (self.account.creator.import_id, self.account.creator.row)
        ]

    @invariant()
    def no_claim_waits(self) -> None:
        """Each was answered as it came, unless the account is being closed; none of a stopped import does."""
        if not (isinstance(self.account.standing, Closing) and self.account.needs_call):
            assert self.account.open_claims == ()
        assert all(o.claim.import_id not in self.stopped for o in self.account.open_claims)
        assert answer_claims(self.account, NOW, self.stopped) == []

    @invariant()
    def every_claim_is_remembered_once(self) -> None:
        """Whoever asked is known, in one place, so that nobody is answered twice."""
        account = self.account
        claims = [
            account.creator,
            *(o.claim for o in account.others),
            *(o.claim for o in account.open_claims),
        ]
        asked = {r.claim.request_id for r in self.log if isinstance(r, AccountRequested)}
        assert sorted(c.request_id for c in claims) == sorted(asked)
        assert 0 <= account.place <= len(account.others)


class OneAccountAndItsTarget(OneAccount):
    """The same with fewer things that can happen, so that calls that cross each other do so often."""

    stop = settle = release = relay = again = None  # type: ignore[assignment]


TestOneAccount = OneAccount.TestCase
TestOneAccount.settings = settings(max_examples=20, stateful_step_count=25)
TestOneAccount.__doc__ = (
    "Any life of one account can be read back from its log, and no doubt is ever given a new key."
)
TestItsTarget = OneAccountAndItsTarget.TestCase
TestItsTarget.settings = settings(max_examples=50, stateful_step_count=30)
TestItsTarget.__doc__ = "However calls cross each other: one effect a life, and nothing is left behind."
