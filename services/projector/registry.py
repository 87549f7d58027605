"""The read models of the set, in the order in which an event passes them: `accounts` first, the others use it."""

from collections.abc import Mapping, Sequence

from services.projector.account_lists.model import ACCOUNT_LISTS
from services.projector.account_story.model import ACCOUNT_STORY
from services.projector.accounts.model import ACCOUNTS
from services.projector.core.model import ReadModel
from services.projector.import_changes.model import IMPORT_CHANGES
from services.projector.import_progress.model import IMPORT_PROGRESS
from services.projector.import_rows.model import IMPORT_ROWS
from services.projector.projects.model import PROJECTS
from services.projector.target.model import TARGET
from services.projector.waiting.model import WAITING

READ_MODELS: tuple[ReadModel, ...] = (
    ACCOUNTS,
    TARGET,
    IMPORT_ROWS,
    IMPORT_PROGRESS,
    PROJECTS,
    ACCOUNT_LISTS,
    ACCOUNT_STORY,
    WAITING,
    IMPORT_CHANGES,
)

EDITIONS: Mapping[str, Sequence[ReadModel]] = {"current": READ_MODELS}
"""The logic there is, by name; the first is the usual one. While a model is being changed there are two: the tables
of the other edition are built beside those in use, compared, and swapped (docs/how-to/developer.md)."""


def version_of(models: Sequence[ReadModel]) -> int:
    """Rises whenever a model does: part of every ETag, so that no client keeps an answer of other logic."""
    return sum(model.version for model in models)
