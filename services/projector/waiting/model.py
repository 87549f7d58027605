"""The entry of this read model in the registry."""

from services.projector.core.model import ReadModel
from services.projector.waiting.api import router
from services.projector.waiting.fold import HANDLES
from services.projector.waiting.store import WaitingFold

WAITING = ReadModel(
    name="waiting",
    package="services.projector.waiting",
    version=1,
    handles=HANDLES,
    fold=WaitingFold,
    router=router,
    invariants=("waiting_is_standing",),
)
