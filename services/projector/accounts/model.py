"""The entry of this read model in the registry."""

from services.projector.accounts.api import router
from services.projector.accounts.fold import HANDLES
from services.projector.accounts.store import AccountsFold
from services.projector.core.model import ReadModel

ACCOUNTS = ReadModel(
    name="accounts",
    package="services.projector.accounts",
    version=3,
    handles=HANDLES,
    fold=AccountsFold,
    router=router,
    invariants=(
        "trouble_has_a_cause",
        "versions_count_outcomes",
        "requested_means_claimed",
        "claims_are_rows",
    ),
)
