"""The entry of this read model in the registry."""

from services.projector.account_lists.api import router
from services.projector.account_lists.fold import HANDLES
from services.projector.account_lists.store import ListsFold
from services.projector.core.model import ReadModel

ACCOUNT_LISTS = ReadModel(
    name="account_lists",
    package="services.projector.account_lists",
    version=2,
    handles=HANDLES,
    fold=ListsFold,
    router=router,
    invariants=("counts_are_accounts", "spans_are_accounts", "addresses_are_accounts"),
)
