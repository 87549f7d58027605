"""The entry of this read model in the registry."""

from services.projector.core.model import ReadModel
from services.projector.import_rows.api import router
from services.projector.import_rows.fold import HANDLES
from services.projector.import_rows.store import RowsFold, seed

IMPORT_ROWS = ReadModel(
    name="import_rows",
    package="services.projector.import_rows",
    version=2,
    handles=HANDLES,
    fold=RowsFold,
    seed=seed,
    router=router,
    invariants=(
        "rows_have_their_account",
        "rows_are_claims",
        "rows_are_of_the_import",
        "whole_imports_have_every_row",
        "nothing_is_asked_after_a_cancel",
        "failed_rows_are_marked",
    ),
)
