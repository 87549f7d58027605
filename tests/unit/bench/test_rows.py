"""The rows of the benchmarks: like real ones, and the same every time."""

import pytest

from bench.rows import DOMAINS, LONGEST_DESCRIPTION, sample
from services.importer.domain.addresses.examine import BadAddress, check_address


def _canonical(email: str) -> str | None:
    try:
        return check_address(email)
    except BadAddress:
        return None


def test_the_same_arguments_give_the_same_rows() -> None:
    """Two runs, on two machines, work on the same bytes."""
    assert sample(500, 3).csv() == sample(500, 3).csv()
    assert sample(500, 3).csv() != sample(500, 4).csv()


def test_the_accounts_asked_for_are_counted_right() -> None:
    """By the importer's own rules: 2 % are no addresses, 3 % repeat one, and the rest are the accounts."""
    made = sample(2_000, 1)
    canonical = [_canonical(email) for email, _ in made.rows]
    assert canonical.count(None) == 40
    assert len({email for email in canonical if email}) == made.accounts == 2_000 - 40 - 60


def test_rows_look_like_real_ones() -> None:
    """Many domains, some with most of the people, and descriptions from none to the longest."""
    made = sample(5_000, 1)
    domains = {email.rpartition("@")[2].lower() for email, _ in made.rows if _canonical(email)}
    lengths = {len(description) for _, description in made.rows}
    assert 0.9 * DOMAINS < len(domains) <= DOMAINS
    assert min(lengths) == 0
    assert LONGEST_DESCRIPTION - 5 <= max(lengths) <= LONGEST_DESCRIPTION


def test_series_share_no_address() -> None:
    """The import of one pair finds no account of another."""
    first, second = ({_canonical(email) for email, _ in sample(1_000, n).rows} - {None} for n in (1, 2))
    assert not first & second


@pytest.mark.parametrize("count", [1, 2, 19])
def test_few_rows_are_possible(count: int) -> None:
    """Nothing has to be repeated or broken in a very small file."""
    made = sample(count, 0)
    assert len(made.rows) == made.accounts == count
