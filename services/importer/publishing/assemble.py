"""The publisher put together: a lane for all that is left, and one for newcomers."""

from collections.abc import Callable
from datetime import datetime

from services.common.database import Pool
from services.importer.publishing.nearness import anywhere, near
from services.importer.publishing.publisher import Publisher
from services.importer.publishing.turns import NEWCOMERS_ROWS, ROWS_A_STEP, Producer, Turns
from services.importer.settings import ImporterSettings
from services.importer.submission.read_model import ReadModel


def publisher_of(
    pool: Pool,
    producer: Producer,
    settings: ImporterSettings,
    *,
    clock: Callable[[], datetime],
    read_model: ReadModel,
) -> Publisher:
    """Publishes to the log; at most `publish_ahead` requests of an import are ahead of the read model."""
    ahead = settings.publish_ahead
    return Publisher(
        Turns(
            pool,
            producer,
            topic=settings.log_topic,
            clock=clock,
            rows_a_step=max(1, ahead // 2) if ahead else ROWS_A_STEP,
            near=near(read_model, settings.log_topic) if ahead else anywhere,
        ),
        Turns(
            pool,
            producer,
            topic=settings.log_topic,
            clock=clock,
            rows_a_step=NEWCOMERS_ROWS,
            newcomers=True,
        ),
    )
