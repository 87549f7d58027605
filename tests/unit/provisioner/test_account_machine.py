"""One account through any life: requests, outcomes, stops, releases; whoever folds its log ends at the same account.

The log is told as Kafka would: requests when they are sent, the provisioner's facts in their order but possibly
much later than decided, and any record again at any time.
"""

from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from schemas.facts import AccountFact, AccountRequested
from schemas.row_class import Claim
from services.projector.accounts.evolve import evolve as project
from services.projector.accounts.view import AccountView
from services.provisioner.account import (
    Account,
    Closed,
    Closing,
    How,
    Ok,
    Pending,
    Unwanted,
    answer_claims,
    claims_of,
    evolve,
    fate,
    record_close,
    record_outcome,
    release,
    stop,
)
from services.provisioner.account.outcome import Failed, Gone, Made, NotTried, Outcome, Unclear
from services.provisioner.retry import RetryPolicy, Rule
from tests.unit.provisioner.accounts import NOW, claim, requested

POLICY = RetryPolicy({"AWAY": Rule(attempts=None), "UNCERTAIN": Rule(attempts=3), "NO": Rule(attempts=2)})
OUTCOMES = [
    Made("ada"),
    Failed("REFUSED"),
    Failed("COURSE_ENDED", settles=False),
    Unclear("UNCERTAIN"),
    NotTried("AWAY"),
]

CLOSINGS = [Gone(), Failed("NO"), Failed("CANNOT_LOOK_UP"), Unclear("UNCERTAIN"), NotTried("AWAY")]

Said = AccountRequested | AccountFact


class OneAccount(RuleBasedStateMachine):
    """The provisioner's account, its outbox and the log."""

    def __init__(self) -> None:
        super().__init__()
        self.account: Account
        self.log: list[Said] = []
        self.outbox: list[AccountFact] = []
        self.keys_that_may_have_worked: set[object] = set()
        self.stopped: set[UUID] = set()

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

    @rule(import_=st.integers(1, 6), no_effect=st.booleans())
    def stop(self, import_: int, no_effect: bool) -> None:
        """An import is stopped: without a doubt nothing of it is left, and the oldest that followed goes on."""
        self.stopped.add(claim(import_).import_id)
        before = self.account
        no_effect = no_effect and not self.keys_that_may_have_worked
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

    @rule(import_=st.integers(1, 6), cause=st.sampled_from(["undo", "correction"]))
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

    @rule(outcome=st.sampled_from(CLOSINGS))
    def attempt_to_close(self, outcome: Outcome) -> None:
        """A call to close comes to something; what waited for the end of it is answered."""
        fact = record_close(self.account, outcome, now=NOW, policy=POLICY, jitter=0.0)
        is_closing = isinstance(self.account.standing, Closing) and self.account.needs_call
        assert (fact is not None) == is_closing
        if fact is not None:
            self._decided(fact)
            if isinstance(outcome, Gone):
                assert self.account.standing == Closed()
                self.keys_that_may_have_worked.clear()
            self._answer()

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


TestOneAccount = OneAccount.TestCase
TestOneAccount.settings = settings(max_examples=20, stateful_step_count=25)
TestOneAccount.__doc__ = (
    "Any life of one account can be read back from its log, and no doubt is ever given a new key."
)
