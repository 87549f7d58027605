"""The entry of this read model in the registry."""

from services.projector.account_story.api import router
from services.projector.account_story.fold import HANDLES
from services.projector.account_story.store import StoryFold
from services.projector.core.model import ReadModel

ACCOUNT_STORY = ReadModel(
    name="account_story",
    package="services.projector.account_story",
    version=1,
    handles=HANDLES,
    fold=StoryFold,
    router=router,
    invariants=("stories_are_whole",),
)
