"""The entry of this read model in the registry."""

from services.projector.core.model import ReadModel
from services.projector.target.fold import HANDLES
from services.projector.target.store import TargetFold

TARGET = ReadModel(
    name="target",
    package="services.projector.target",
    version=1,
    handles=HANDLES,
    fold=TargetFold,
)
