"""The class of a row, over its whole domain."""

from itertools import product

from schemas.row_class import FINAL, Claim, RowClass, Standing, row_class

# Claim down, account across: pending, waiting, ok, erred, closed.
TABLE = """
invalid    invalid    invalid    invalid    invalid    invalid
duplicate  duplicate  duplicate  duplicate  duplicate  duplicate
creator    pending    waiting    created    failed     closed
follower   pending    waiting    existing   failed     closed
met        existing   existing   existing   existing   existing
cancelled  cancelled  cancelled  cancelled  cancelled  cancelled
"""
ACROSS = (Standing.PENDING, Standing.WAITING, Standing.OK, Standing.ERRED, Standing.CLOSED)
ORDER = ["invalid", "duplicate", "existing", "cancelled", "closed", "created", "failed", "waiting", "pending"]


def _table() -> dict[tuple[Claim, Standing], RowClass]:
    rows = [line.split() for line in TABLE.strip().splitlines()]
    return {
        (Claim(claim), standing): RowClass(cell)
        for claim, *cells in rows
        for standing, cell in zip(ACROSS, cells, strict=True)
    }


def test_whole_domain() -> None:
    """Every claim with every standing has the class that the table says."""
    domain = set(product(Claim, Standing))
    assert {pair: row_class(*pair) for pair in domain} == _table()


def test_every_class_occurs() -> None:
    """No class is only a word: each is the class of some row, so the equation of counts has no idle term."""
    assert {row_class(*pair) for pair in product(Claim, Standing)} == set(RowClass)
    assert set(ORDER) == {str(one) for one in RowClass}


def test_first_match_wins() -> None:
    """What a row is by itself goes before what became of its account, and closed before created."""

    def matches(claim: Claim, account: Standing) -> list[str]:
        """Every class whose condition holds, read from the design's list, in its order."""
        live = claim in (Claim.CREATOR, Claim.FOLLOWER)
        holds = {
            "invalid": claim is Claim.INVALID,
            "duplicate": claim is Claim.DUPLICATE,
            "existing": claim is Claim.MET or (claim is Claim.FOLLOWER and account is Standing.OK),
            "cancelled": claim is Claim.CANCELLED,
            "closed": live and account is Standing.CLOSED,
            "created": live and account is Standing.OK,
            "failed": live and account is Standing.ERRED,
            "waiting": live and account is Standing.WAITING,
            "pending": True,
        }
        return [name for name in ORDER if holds[name]]

    for claim, account in product(Claim, Standing):
        assert row_class(claim, account) == matches(claim, account)[0]


def test_final_classes_wait_for_nothing() -> None:
    """Only pending and waiting rows keep an import running."""
    assert set(RowClass) - FINAL == {RowClass.PENDING, RowClass.WAITING}
