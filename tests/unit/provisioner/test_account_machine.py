"""One account through any life: requests, outcomes, repetitions; whoever folds its log ends at the same account.

The log is told as Kafka would: requests when they are sent, the provisioner's facts in their order but possibly
much later than decided, and any record again at any time.
"""

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from schemas.facts import AccountFact, AccountRequested
from services.provisioner.account import Account, Pending, answer_claims, evolve, record_outcome
from services.provisioner.account.outcome import Failed, Made, NotTried, Outcome, Unclear
from services.provisioner.retry import RetryPolicy, Rule
from tests.unit.provisioner.accounts import NOW, every_fact, requested

POLICY = RetryPolicy({"AWAY": Rule(attempts=None), "UNCERTAIN": Rule(attempts=3)})
OUTCOMES = [
    Made("ada"),
    Failed("REFUSED"),
    Failed("COURSE_ENDED", settles=False),
    Unclear("UNCERTAIN"),
    NotTried("AWAY"),
]

Said = AccountRequested | AccountFact


class OneAccount(RuleBasedStateMachine):
    """The provisioner's account, its outbox and the log."""

    def __init__(self) -> None:
        super().__init__()
        self.account: Account
        self.log: list[Said] = []
        self.outbox: list[AccountFact] = []
        self.keys_that_may_have_worked: set[object] = set()

    def _decided(self, fact: AccountFact) -> None:
        before = self.account
        self.account = evolve(before, fact) or before
        assert self.account.version == before.version + 1 == fact.account_version
        self.outbox.append(fact)

    def _ask(self, request: AccountRequested) -> None:
        self.log.append(request)
        self.account = evolve(self.account, request) or self.account
        for answer in answer_claims(self.account, NOW):
            self._decided(answer)

    @initialize()
    def first_request(self) -> None:
        """Somebody asks for the account."""
        request = requested(1)
        self.log.append(request)
        account = evolve(None, request)
        assert account is not None
        self.account = account

    @rule(
        import_=st.integers(1, 6),
        erred=st.sampled_from(["retry", "leave"]),
        closed=st.sampled_from(["reopen", "leave"]),
    )
    def request(self, import_: int, erred: str, closed: str) -> None:
        """An import asks, perhaps one that has asked before."""
        self._ask(requested(import_, erred=erred, closed=closed))

    @rule(outcome=st.sampled_from(OUTCOMES))
    def attempt(self, outcome: Outcome) -> None:
        """A call comes to something; the account may no longer wait for it."""
        key = self.account.idempotency_key
        if isinstance(self.account.standing, Pending):
            # A new key only when what the old ones may have done is settled.
            assert self.keys_that_may_have_worked <= {key}
        fact = record_outcome(self.account, outcome, now=NOW, policy=POLICY, jitter=0.0)
        assert (fact is None) == (not isinstance(self.account.standing, Pending))
        if fact is not None:
            self._decided(fact)
            if isinstance(outcome, Unclear):
                self.keys_that_may_have_worked.add(key)
            elif isinstance(outcome, Made) or (isinstance(outcome, Failed) and outcome.settles):
                self.keys_that_may_have_worked.clear()

    @precondition(
        lambda self: not isinstance(self.account.standing, Pending) and not self.keys_that_may_have_worked
    )
    @rule()
    def closes(self) -> None:
        """It is closed, as a later release will do."""
        (closed,) = (
            f for f in every_fact(self.account.version + 1, of=1) if type(f).__name__ == "AccountClosed"
        )
        self._decided(replace(closed, claim=self.account.creator))

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
    def no_claim_waits(self) -> None:
        """Each was answered as it came."""
        assert self.account.open_claims == ()
        assert answer_claims(self.account, NOW) == []


TestOneAccount = OneAccount.TestCase
TestOneAccount.settings = settings(max_examples=20, stateful_step_count=25)
TestOneAccount.__doc__ = (
    "Any life of one account can be read back from its log, and no doubt is ever given a new key."
)
