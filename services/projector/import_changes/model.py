"""The entry of this read model in the registry."""

from services.projector.core.model import ReadModel
from services.projector.import_changes.api import router
from services.projector.import_changes.fold import HANDLES
from services.projector.import_changes.store import ChangesFold

IMPORT_CHANGES = ReadModel(
    name="import_changes",
    package="services.projector.import_changes",
    version=1,
    handles=HANDLES,
    fold=ChangesFold,
    router=router,
    transient=True,
)
