"""The entry of this read model in the registry."""

from services.projector.core.model import ReadModel
from services.projector.import_progress.api import router
from services.projector.import_progress.fold import HANDLES
from services.projector.import_progress.store import ProgressFold

IMPORT_PROGRESS = ReadModel(
    name="import_progress",
    package="services.projector.import_progress",
    version=3,
    handles=HANDLES,
    fold=ProgressFold,
    router=router,
    invariants=(
        "counts_are_the_rows",
        "endings_are_the_rows",
        "equation_holds",
        "counts_are_not_negative",
        "facts_are_counted",
        "waiting_has_begun",
    ),
)
