"""The invariants of the whole system. Each gives the sentences that say how it is broken: none when it holds."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from uuid import UUID

from deploy.account_service.journal import Closed
from schemas.facts import (
    AccountClosed,
    AccountCreated,
    AccountFact,
    AccountFailed,
    AccountRequestCancelled,
    AccountRequested,
    AccountRetried,
    ImportAccepted,
    ImportCancelled,
    RowsSkipped,
)
from schemas.ids import request_id
from services.common.partitioner import partitions_for
from tests.e2e.checker.accounts import attempts_add_up, closes_hold, lives_in_order
from tests.e2e.checker.evidence import Evidence, Given

_TERMINAL = (AccountCreated, AccountFailed, AccountClosed)


def no_loss(evidence: Evidence) -> Iterator[str]:
    """I1: every valid row has its request, with the derived ids; every other row is told of as skipped."""
    requests = {request.claim.request_id: request for request in evidence.requests}
    for given in evidence.given:
        accepted = {
            f.rows
            for e in evidence.events
            if isinstance(f := e.fact, ImportAccepted) and f.import_id == given.import_id
        }
        if accepted != {given.rows}:
            yield f"import {given.import_id} of {given.rows} rows was accepted with {accepted or 'nothing'}"
        sent = _rows_sent(evidence, given)
        for wish in given.wishes:
            request = requests.get(wish.request_id)
            if request is None:
                if wish.row <= sent:
                    yield f"no request {wish.request_id}"
            elif wish.row > sent:
                yield f"request {wish.request_id} was sent although its import was cancelled before"
            elif (request.account_id, request.personal.canonical_email) != (wish.account_id, wish.email):
                yield f"request {wish.request_id} asks for another account"
        skipped = {
            row.row
            for e in evidence.events
            if isinstance(f := e.fact, RowsSkipped) and f.import_id == given.import_id
            for row in f.rows
        }
        if skipped != set(given.skipped) and not (sent < given.rows and skipped < set(given.skipped)):
            yield f"skipped rows {sorted(skipped)} are not {sorted(given.skipped)}"


def _rows_sent(evidence: Evidence, given: Given) -> int:
    """The last row whose request must be on the log: all, unless the import was cancelled."""
    for event in evidence.events:
        if isinstance(event.fact, ImportCancelled) and event.fact.import_id == given.import_id:
            return event.fact.last_row
    return given.rows


def no_invention(evidence: Evidence) -> Iterator[str]:
    """I2: every event derives from a row, by its id too; every account at the service was asked for."""
    wishes = {wish.request_id for given in evidence.given for wish in given.wishes}
    imports = {given.import_id for given in evidence.given}
    corrected = list(_corrections(evidence))
    wishes |= {request.claim.request_id for request in corrected}
    requested = {request.account_id for request in evidence.requests}
    for event in evidence.events:
        fact = event.fact
        if event.id != fact.event_id:
            yield f"event {event.id} of {type(fact).__name__} should be {fact.event_id}"
        if isinstance(fact, AccountRequested) and fact.claim.request_id not in wishes:
            yield f"request {fact.claim.request_id} stems from no row"
        if isinstance(fact, AccountFact) and fact.account_id not in requested:
            yield f"{type(fact).__name__} for {fact.account_id}, which nobody asked for"
        if isinstance(fact, AccountFact) and fact.claim.request_id not in wishes:
            yield f"{type(fact).__name__} answers {fact.claim.request_id}, which stems from no row"
        if isinstance(fact, ImportAccepted | RowsSkipped) and fact.import_id not in imports:
            yield f"import {fact.import_id} was never submitted"
    asked = {wish.email for given in evidence.given for wish in given.wishes}
    asked |= {request.personal.canonical_email for request in corrected}
    for made in evidence.created:
        if made.email.lower() not in asked:
            yield f"account {made.username} is for an address of no row"


def _corrections(evidence: Evidence) -> Iterator[AccountRequested]:
    """Requests of later revisions, where the row exists and the id is derived as it must be."""
    rows = {given.import_id: given.rows for given in evidence.given}
    for request in evidence.requests:
        claim = request.claim
        derived = request_id(claim.import_id, claim.row, claim.revision)
        if claim.revision > 0 and claim.row <= rows.get(claim.import_id, 0) and claim.request_id == derived:
            yield request


def one_effect(evidence: Evidence) -> Iterator[str]:
    """I3: never two accounts alive at one address, whatever the keys; exactly one effect behind each AccountCreated."""
    effects: Counter[str] = Counter()
    alive: defaultdict[str, set[str]] = defaultdict(set)
    addresses_of: dict[str, str] = {}
    bodies: defaultdict[str, set[str]] = defaultdict(set)
    for effect in evidence.effects:
        if isinstance(effect, Closed):
            alive[addresses_of[effect.username]].discard(effect.username)
            continue
        email = addresses_of[effect.username] = effect.email.lower()
        effects[email] += 1
        alive[email].add(effect.username)
        if len(alive[email]) > 1:
            yield f"{len(alive[email])} accounts alive at one address: a second effect in one life"
        if effect.key is not None:
            bodies[effect.key].add(effect.fingerprint)
    for key, fingerprints in bodies.items():
        if len(fingerprints) > 1:
            yield f"key {key} was used with {len(fingerprints)} bodies"
    addresses = {request.account_id: request.personal.canonical_email for request in evidence.requests}
    for account, facts in evidence.outcomes.items():
        made_here = sum(isinstance(fact, AccountCreated) for fact in facts)
        done = effects[addresses.get(account, "")]
        unsure = isinstance(facts[-1], AccountFailed) and facts[-1].effect == "unknown"
        if made_here != done and not unsure:
            yield f"account {account}: {made_here} times Created, {done} effects"


def all_terminal(evidence: Evidence) -> Iterator[str]:
    """I4: everything asked for has ended: Created, Closed, cancelled, or Failed for a stated reason."""
    outcomes = evidence.outcomes
    ends = (*_TERMINAL, AccountRequestCancelled)
    for account in {request.account_id for request in evidence.requests}:
        standing = [f for f in outcomes.get(account, ()) if isinstance(f, (*ends, AccountRetried))]
        last = standing[-1] if standing else None
        if not isinstance(last, ends):
            yield f"account {account} ends with {type(last).__name__ if last else 'nothing'}"
        elif isinstance(last, AccountFailed) and (last.effect == "unknown") != (
            last.code == "OUTCOME_UNKNOWN"
        ):
            yield f"account {account} failed with {last.code} and effect {last.effect}"


def no_contradiction(evidence: Evidence) -> Iterator[str]:
    """I5: never two ends in one life and series of attempts; the name is the one that the service gave."""
    given = defaultdict[str, set[str]](set)
    for made in evidence.created:
        given[made.email.lower()].add(made.username)
    addresses = {request.account_id: request.personal.canonical_email for request in evidence.requests}
    for account, facts in evidence.outcomes.items():
        ended: AccountFact | None = None
        for fact in facts:
            if isinstance(fact, AccountRetried):
                if ended is not None and fact.asked_by == "policy":
                    yield f"account {account} goes on by itself after its end"
                ended = None
            elif isinstance(fact, AccountCreated | AccountFailed):
                if ended is not None:
                    yield f"account {account}: {type(fact).__name__} after {type(ended).__name__}"
                ended = fact
            if isinstance(fact, AccountCreated):
                names = given[addresses.get(account, "")]
                if fact.personal.username not in names:
                    yield f"account {account} has a name that the service never gave"


def causal_order(evidence: Evidence) -> Iterator[str]:
    """I6: requests before outcomes, versions without gap, repetitions word for word, one key in one partition."""
    requested: set[UUID] = set()
    versions: defaultdict[UUID, int] = defaultdict(int)
    said: dict[tuple[UUID, int], AccountFact] = {}
    partitions: defaultdict[bytes, set[int]] = defaultdict(set)
    for record in sorted(evidence.log, key=lambda r: (r.partition, r.offset)):
        if record.event is None:
            continue
        fact = record.event.fact
        if record.key != str(fact.subject).encode():
            yield f"{type(fact).__name__} {record.event.id} has a key that is not its subject"
        else:
            partitions[record.key].add(record.partition)
        if isinstance(fact, AccountRequested):
            requested.add(fact.account_id)
        elif isinstance(fact, AccountFact):
            if fact.account_id not in requested:
                yield f"{type(fact).__name__} for {fact.account_id} comes before its request"
            known = said.setdefault((fact.account_id, fact.account_version), fact)
            if known != fact:
                yield f"version {fact.account_version} of {fact.account_id} was told in two ways"
            if fact.account_version > versions[fact.account_id] + 1:
                yield f"a gap before version {fact.account_version} of {fact.account_id}"
            versions[fact.account_id] = max(versions[fact.account_id], fact.account_version)
    keys = list(partitions)
    for key, right in zip(keys, partitions_for(keys, 12), strict=True):
        if partitions[key] != {right}:
            yield f"key {key.decode()} lies in {sorted(partitions[key])} instead of {right}"


INVARIANTS = (
    no_loss,
    no_invention,
    one_effect,
    all_terminal,
    no_contradiction,
    causal_order,
    lives_in_order,
    attempts_add_up,
    closes_hold,
)
