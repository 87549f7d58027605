"""Magic addresses are recognised by the start of their local part, and nothing else is."""

import pytest

from deploy.account_service.magic import Attempts, Magic, magic_of


@pytest.mark.parametrize("magic", list(Magic))
def test_every_magic_has_its_prefix(magic: Magic) -> None:
    """The documented form works, in any case."""
    assert magic_of(f"{magic.value}+ada@example.org") is magic
    assert magic_of(f"{magic.value.upper()}+Ada@example.org") is magic


@pytest.mark.parametrize(
    "email",
    ["ada@example.org", "refused@example.org", "ada+refused@example.org", "refusedly+a@x.org", "taken@a+b"],
)
def test_other_addresses_are_ordinary(email: str) -> None:
    """A word that looks alike, or stands elsewhere, means nothing."""
    assert magic_of(email) is None


def test_attempts_are_counted_per_address_within_bounds() -> None:
    """Only the most recent addresses are remembered."""
    attempts = Attempts(limit=2)
    assert [attempts.count(("a", "s")), attempts.count(("a", "s")), attempts.count(("b", "s"))] == [1, 2, 1]
    attempts.count(("c", "s"))
    assert attempts.count(("a", "s")) == 1
