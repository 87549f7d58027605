"""A checker that cannot fail proves nothing: each invariant is shown a history that breaks it, and a good one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

import pytest

from deploy.account_service.journal import Closed, Created, Effect
from schemas import ids
from schemas.codec import Event
from schemas.facts import (
    AccountClosed,
    AccountCloseFailed,
    AccountCloseRequested,
    AccountCreated,
    AccountFailed,
    AccountRequestCancelled,
    AccountRequested,
    AccountRetried,
    ClaimRef,
    CreatedPersonal,
    Fact,
    IfExists,
    ImportAccepted,
    ImportCancelled,
    ProjectSnapshot,
    RequestedPersonal,
    RowsSkipped,
    SkippedPersonal,
    SkippedRow,
    Verdicts,
)
from services.common.partitioner import partitions_for
from tests.e2e.checker.accounts import attempts_add_up, closes_hold, lives_in_order
from tests.e2e.checker.evidence import Evidence, Given, Logged, of_project
from tests.e2e.checker.folding import differences, fold, provisioner_differences
from tests.e2e.checker.invariants import (
    INVARIANTS,
    all_terminal,
    causal_order,
    no_contradiction,
    no_invention,
    no_loss,
    one_effect,
)

_NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
_PROJECT = ProjectSnapshot(
    project_id=uuid5(ids.NAMESPACE, "checked"),
    name="Checked",
    slug="checked",
    start_date=date(2026, 3, 1),
    end_date=date(2099, 6, 30),
)
_IMPORT = uuid5(ids.NAMESPACE, "checked import")
_CSV = "email,description\nanna@example.org,\nbert@example.org,\nnobody,\nanna@example.org,\n"
_ANNA, _BERT = (ids.account_id(_PROJECT.project_id, f"{name}@example.org") for name in ("anna", "bert"))


def _claim(row: int) -> ClaimRef:
    return ClaimRef(request_id=ids.request_id(_IMPORT, row, 0), import_id=_IMPORT, row=row)


def _requested(row: int, name: str) -> AccountRequested:
    email = f"{name}@example.org"
    return AccountRequested(
        account_id=ids.account_id(_PROJECT.project_id, email),
        claim=_claim(row),
        line=row + 1,
        project=_PROJECT,
        requested_by="staff",
        personal=RequestedPersonal(email=email, canonical_email=email),
    )


def _made(account: UUID, row: int, *, version: int = 1, username: str | None = None) -> AccountCreated:
    return AccountCreated(
        account_id=account,
        account_version=version,
        claim=_claim(row),
        attempt=1,
        created_at=_NOW,
        personal=CreatedPersonal(username=username or ("checked-1" if account == _ANNA else "checked-2")),
    )


def _failed(account: UUID, row: int, *, version: int = 1, **changes: Any) -> AccountFailed:
    fields = {"attempt": 1, "code": "REFUSED", "message": "No.", "can_retry": True, "effect": "none"}
    return AccountFailed(
        account_id=account, account_version=version, claim=_claim(row), **{**fields, **changes}
    )


def _effect(number: int, name: str, **changes: Any) -> Created:
    made = Created(
        "now",
        number,
        f"checked-{number}",
        f"{name}@example.org",
        "checked",
        "staff",
        None,
        str(ids.idempotency_key(ids.account_id(_PROJECT.project_id, f"{name}@example.org"), 1, 1)),
        name,
    )
    return Created(**{**{field: getattr(made, field) for field in made.__struct_fields__}, **changes})


_ACCEPTED = ImportAccepted(
    import_id=_IMPORT,
    project=_PROJECT,
    rows=4,
    requested=2,
    verdicts=Verdicts(new=2, duplicate=1, invalid=1),
    choices=IfExists(),
    author="staff",
    source="file",
)
_SKIPPED = RowsSkipped(
    import_id=_IMPORT,
    rows=(
        SkippedRow(
            row=3, line=4, verdict="invalid", code="EMAIL_INVALID", personal=SkippedPersonal(email="nobody")
        ),
        SkippedRow(
            row=4,
            line=5,
            verdict="duplicate",
            code="DUPLICATE",
            duplicate_of=1,
            personal=SkippedPersonal(email="anna@example.org"),
        ),
    ),
)
_GOOD: tuple[Fact, ...] = (
    _ACCEPTED,
    _SKIPPED,
    _requested(1, "anna"),
    _requested(2, "bert"),
    _made(_ANNA, 1),
    _made(_BERT, 2),
)
_EFFECTS = (_effect(1, "anna"), _effect(2, "bert"))


def _logged(facts: Sequence[Fact]) -> list[Logged]:
    found: list[Logged] = []
    for fact in facts:
        key = str(fact.subject).encode()
        [partition] = partitions_for([key], 12)
        offset = sum(record.partition == partition for record in found)
        found.append(Logged(partition, offset, key, Event(fact.event_id, _NOW, "test", fact)))
    return found


def _history(facts: Sequence[Fact] = _GOOD, effects: Sequence[Effect] = _EFFECTS) -> Evidence:
    given = [Given.read(_CSV, import_id=_IMPORT, project_id=_PROJECT.project_id)]
    return of_project(_PROJECT.project_id, _PROJECT.slug, given, _logged(facts), effects)


def _without(*unwanted: Fact) -> list[Fact]:
    return [fact for fact in _GOOD if fact not in unwanted]


def test_a_good_history_breaks_nothing() -> None:
    """Also with everything told twice."""
    for facts in (_GOOD, (*_GOOD, *_GOOD)):
        assert [sentence for invariant in INVARIANTS for sentence in invariant(_history(facts))] == []


_CANCELLED = ImportCancelled(import_id=_IMPORT, author="staff", last_row=1)
_STOPPED = AccountRequestCancelled(account_id=_BERT, account_version=1, claim=_claim(2))


def test_a_cancelled_import_breaks_nothing() -> None:
    """Whether the row was still to be sent, or sent and then stopped."""
    unsent = [*_without(_requested(2, "bert"), _made(_BERT, 2)), _CANCELLED]
    stopped = [*_without(_made(_BERT, 2)), replace(_CANCELLED, last_row=2), _STOPPED]
    for facts in (unsent, stopped):
        evidence = _history(facts, _EFFECTS[:1])
        assert [sentence for invariant in INVARIANTS for sentence in invariant(evidence)] == []


def _closing(version: int) -> AccountCloseRequested:
    return AccountCloseRequested(
        account_id=_ANNA, account_version=version, claim=_claim(1), cause="request", author="staff"
    )


def _closed(version: int) -> AccountClosed:
    return AccountClosed(account_id=_ANNA, account_version=version, claim=_claim(1))


def _again(version: int, **changes: Any) -> AccountRetried:
    fields = {"attempt": 0, "cause": "REOPENED", "next_attempt_at": _NOW, "asked_by": "claim", "life": 2}
    said = {"series": 1, "effect": "none", "doubts": 0}
    return AccountRetried(
        account_id=_ANNA, account_version=version, claim=_claim(1), **{**fields, **said, **changes}
    )


_SECOND_KEY = str(ids.idempotency_key(_ANNA, 2, 1))
_TWO_LIVES = (*_GOOD, _closing(2), _closed(3), _again(4), _made(_ANNA, 1, version=5, username="checked-3"))
_TWO_EFFECTS = (*_EFFECTS, Closed(at="later", username="checked-1"), _effect(3, "anna", key=_SECOND_KEY))


def test_two_lives_break_nothing() -> None:
    """Made, closed, asked for again and made again: two effects, one in each life."""
    evidence = _history(_TWO_LIVES, _TWO_EFFECTS)
    assert [sentence for invariant in INVARIANTS for sentence in invariant(evidence)] == []


def _persons(version: int, **changes: Any) -> AccountRetried:
    fields = {"cause": "REFUSED", "asked_by": "person", "author": "staff", "life": 1, "series": 2}
    return _again(version, **{**fields, **changes})


def _retried_by_a_person(*, doubtful: bool = False, **changes: Any) -> list[Fact]:
    code, effect = ("OUTCOME_UNKNOWN", "unknown") if doubtful else ("REFUSED", "none")
    failed = _failed(_ANNA, 1, code=code, effect=effect)
    return [*_without(_made(_ANNA, 1)), failed, _persons(2, **changes), _made(_ANNA, 1, version=3)]


def test_a_persons_retry_breaks_nothing() -> None:
    """After a refusal under a new key; of an effect in doubt under the old one, attempts counted on."""
    second = str(ids.idempotency_key(_ANNA, 1, 2))
    refused = _history(_retried_by_a_person(), [_effect(1, "anna", key=second), _EFFECTS[1]])
    kept = _retried_by_a_person(doubtful=True, series=1, attempt=1, effect="unknown")
    kept[-1] = replace(_made(_ANNA, 1, version=3), attempt=2)
    for evidence in (refused, _history(kept)):
        assert [sentence for invariant in INVARIANTS for sentence in invariant(evidence)] == []


_STRANGER = ids.account_id(_PROJECT.project_id, "stranger@example.org")
_RETRIED = AccountRetried(
    account_id=_ANNA,
    account_version=1,
    claim=_claim(1),
    attempt=1,
    cause="TARGET_UNREACHABLE",
    next_attempt_at=_NOW,
    asked_by="policy",
    life=1,
    series=1,
    effect="none",
    doubts=0,
)
_Invariant = Callable[[Evidence], Iterator[str]]
_PLANTED: list[tuple[_Invariant, str, Evidence]] = [
    (no_loss, "no request", _history(_without(_requested(2, "bert")))),
    (no_loss, "was accepted with", _history(_without(_ACCEPTED))),
    (no_loss, "skipped rows", _history(_without(_SKIPPED))),
    (no_loss, "no request", _history([*_without(_requested(1, "anna")), _CANCELLED])),
    (no_loss, "cancelled before", _history([*_GOOD, _CANCELLED])),
    (
        no_loss,
        "asks for another account",
        _history([*_without(_requested(2, "bert")), _requested(2, "anna")]),
    ),
    (no_invention, "stems from no row", _history([*_GOOD, _requested(9, "stranger")])),
    (
        no_invention,
        "stems from no row",
        _history(
            [
                *_GOOD,
                replace(_requested(2, "bert"), claim=replace(_claim(2), request_id=_STRANGER, revision=1)),
            ]
        ),
    ),
    (no_invention, "nobody asked for", _history([*_GOOD, _made(_STRANGER, 2)])),
    (no_invention, "never submitted", _history([*_GOOD, replace(_ACCEPTED, import_id=_STRANGER)])),
    (no_invention, "address of no row", _history(effects=[*_EFFECTS, _effect(3, "stranger")])),
    (
        one_effect,
        "2 accounts alive at one address",
        _history(effects=[*_EFFECTS, _effect(3, "anna", key="another")]),
    ),
    (one_effect, "used with 2 bodies", _history(effects=[*_EFFECTS, _effect(3, "anna", fingerprint="x")])),
    (one_effect, "1 times Created, 0 effects", _history(effects=_EFFECTS[:1])),
    (
        one_effect,
        "0 times Created, 1 effects",
        _history([*_without(_made(_BERT, 2)), _failed(_BERT, 2)]),
    ),
    (all_terminal, "ends with nothing", _history(_without(_made(_BERT, 2)))),
    (all_terminal, "ends with AccountRetried", _history([*_without(_made(_ANNA, 1)), _RETRIED])),
    (
        all_terminal,
        "failed with REFUSED and effect unknown",
        _history([*_without(_made(_ANNA, 1)), _failed(_ANNA, 1, effect="unknown")]),
    ),
    (no_contradiction, "AccountFailed after", _history([*_GOOD, _failed(_ANNA, 1, version=2)])),
    (
        no_contradiction,
        "goes on by itself",
        _history([*_GOOD, replace(_RETRIED, account_version=2)]),
    ),
    (
        no_contradiction,
        "never gave",
        _history([*_without(_made(_ANNA, 1)), _made(_ANNA, 1, username="another")]),
    ),
    (
        causal_order,
        "before its request",
        _history([_made(_ANNA, 1), *_without(_made(_ANNA, 1))]),
    ),
    (causal_order, "a gap before version 3", _history([*_GOOD, _failed(_ANNA, 1, version=3)])),
    (causal_order, "told in two ways", _history([*_GOOD, _made(_ANNA, 1, username="another")])),
    (one_effect, "a second effect in one life", _history(_TWO_LIVES, [*_EFFECTS, _TWO_EFFECTS[-1]])),
    (lives_in_order, "Created 2 times in life 1", _history([*_GOOD, _made(_ANNA, 1, version=2)])),
    (lives_in_order, "before life 1 has ended", _history([*_GOOD, _again(2)])),
    (lives_in_order, "life 3 begins", _history([*_TWO_LIVES[:-2], _again(4, life=3)])),
    (
        lives_in_order,
        "under a key of no life",
        _history(effects=[_effect(1, "anna", key=_SECOND_KEY), _EFFECTS[1]]),
    ),
    (
        attempts_add_up,
        "counts attempt 2 after 0",
        _history([*_without(_made(_ANNA, 1)), replace(_made(_ANNA, 1), attempt=2)]),
    ),
    (
        attempts_add_up,
        "counts attempt 1 after 1",
        _history([*_without(_made(_ANNA, 1)), _RETRIED, replace(_RETRIED, account_version=2)]),
    ),
    (
        attempts_add_up,
        "2 doubts after 0",
        _history([*_without(_made(_ANNA, 1)), replace(_RETRIED, doubts=2)]),
    ),
    (
        attempts_add_up,
        "the policy changed the key",
        _history([*_without(_made(_ANNA, 1)), replace(_RETRIED, series=2)]),
    ),
    (attempts_add_up, "had not failed", _history([*_GOOD, _persons(2)])),
    (attempts_add_up, "without the person", _history(_retried_by_a_person(author=None))),
    (attempts_add_up, "under another key", _history(_retried_by_a_person(doubtful=True))),
    (attempts_add_up, "definite refusal", _history(_retried_by_a_person(series=1))),
    (closes_hold, "shall be closed, and is not", _history([*_GOOD, _closing(2)])),
    (
        closes_hold,
        "still to be closed",
        _history(
            [
                *_GOOD,
                _closing(2),
                AccountCloseFailed(
                    account_id=_ANNA,
                    account_version=3,
                    claim=_claim(1),
                    attempt=1,
                    code="CLOSE_UNCERTAIN",
                    next_attempt_at=_NOW,
                ),
            ]
        ),
    ),
    (closes_hold, "is open", _history([*_GOOD, _closing(2), _closed(3)])),
    (closes_hold, "closed or not there", _history(effects=_TWO_EFFECTS[:3])),
    (closes_hold, "nobody had asked for that", _history(effects=_TWO_EFFECTS[:3])),
    (closes_hold, "comes first of all", _history([*_without(_made(_ANNA, 1)), _closed(1)])),
]


@pytest.mark.parametrize(
    ("invariant", "says", "evidence"), _PLANTED, ids=[f"{case[0].__name__}: {case[1]}" for case in _PLANTED]
)
def test_a_planted_violation_is_found(invariant: _Invariant, says: str, evidence: Evidence) -> None:
    """By the invariant it breaks, in words that name it."""
    assert any(says in sentence for sentence in invariant(evidence)), list(invariant(evidence))


def test_an_event_with_another_id_is_found() -> None:
    """The id is derived; a random one is an invention."""
    evidence = _history()
    first = evidence.log[0]
    assert first.event is not None
    wrong = replace(first, event=first.event._replace(id=_STRANGER))
    assert any("should be" in s for s in no_invention(replace(evidence, log=[wrong, *evidence.log[1:]])))


@pytest.mark.parametrize("change", [{"key": b"random"}, {"partition": 99}], ids=["key", "partition"])
def test_a_record_under_another_key_or_elsewhere_is_found(change: dict[str, Any]) -> None:
    """One key, one partition: the one that Kafka's own partitioner names."""
    evidence = _history()
    wrong = replace(evidence.log[-1], **change)
    assert list(causal_order(replace(evidence, log=[*evidence.log[:-1], wrong])))


def test_tables_that_are_not_the_fold_are_found() -> None:
    """A read model or an account of the provisioner that lags, lacks or invents."""
    log = _logged(_GOOD)
    ends = {record.partition: record.offset + 1 for record in log}
    right = fold(log, ends)
    assert list(differences(right, fold(log, ends))) == []
    assert right.accounts.keys() == {_ANNA, _BERT}
    for behind in ends:
        assert list(differences(fold(log, {**ends, behind: ends[behind] - 1}), right))
    there = {_ANNA: (1, 2, 1, 1, "checked-1"), _BERT: (1, 2, 1, 1, "checked-2")}
    assert list(provisioner_differences(there, log)) == []
    assert list(provisioner_differences({_ANNA: there[_ANNA]}, log))
    assert list(provisioner_differences({**there, _ANNA: (1, 1, 1, 1, None)}, log))
