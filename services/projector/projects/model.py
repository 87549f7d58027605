"""The entry of this read model in the registry."""

from services.projector.core.model import ReadModel
from services.projector.projects.api import router
from services.projector.projects.fold import HANDLES
from services.projector.projects.store import ProjectsFold

PROJECTS = ReadModel(
    name="projects",
    package="services.projector.projects",
    version=2,
    handles=HANDLES,
    fold=ProjectsFold,
    router=router,
)
