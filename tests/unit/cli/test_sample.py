"""The sample course of the demo holds every outcome."""

import csv
from collections import Counter

from cli.tour import DOMAIN, SAMPLE
from deploy.account_service.magic import Magic, magic_of
from services.importer.domain.addresses.examine import BadAddress, check_address


def test_every_outcome_occurs() -> None:
    """300 rows: 280 to be created, 9 to fail, 5 duplicates, 6 invalid, as examples/README.md says."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    outcomes: Counter[str] = Counter()
    seen: set[str] = set()
    for row in rows:
        try:
            address = check_address(row["email"].strip())
        except BadAddress:
            outcomes["invalid"] += 1
            continue
        if address in seen:
            outcomes["duplicate"] += 1
            continue
        seen.add(address)
        assert address.endswith(f"@{DOMAIN}")
        outcomes[magic_of(address) or "plain"] += 1
    failed = outcomes[Magic.REFUSED] + outcomes[Magic.TAKEN]
    created = outcomes["plain"] + outcomes[Magic.FLAKY] + outcomes[Magic.SLOW] + outcomes[Magic.LOST]
    assert len(rows) == 300
    assert (created, failed, outcomes["duplicate"], outcomes["invalid"]) == (280, 9, 5, 6)
    # that an account cannot be closed only shows when an import is undone
    assert all(outcomes[kind] for kind in Magic if kind != "unclosable")
