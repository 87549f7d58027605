"""What the checker finds, in the three words a person asks for: lost, doubled, contradicting."""

from collections.abc import Mapping, Sequence

from tests.e2e.checker.accounts import attempts_add_up, closes_hold, lives_in_order
from tests.e2e.checker.evidence import Evidence
from tests.e2e.checker.invariants import (
    INVARIANTS,
    all_terminal,
    causal_order,
    no_contradiction,
    no_invention,
    no_loss,
    one_effect,
)

_KINDS = {
    "lost": (no_loss, all_terminal, closes_hold),
    "doubled": (one_effect, lives_in_order),
    "contradicting": (no_contradiction, causal_order, no_invention, attempts_add_up),
}
assert {one for kind in _KINDS.values() for one in kind} == set(INVARIANTS)


def verdict(evidence: Evidence) -> Mapping[str, Sequence[str]]:
    """The sentences of each kind; all empty when every invariant holds."""
    return {
        kind: [f"{one.__name__}: {sentence}" for one in invariants for sentence in one(evidence)]
        for kind, invariants in _KINDS.items()
    }
