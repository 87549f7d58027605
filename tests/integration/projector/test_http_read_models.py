"""How far each read model is behind, over HTTP, over real tables."""

from datetime import timedelta

from services.common.database import Pool
from services.common.records import TopicPartition
from services.projector.core.lag import LogEnds, Watching, read_stored
from services.projector.registry import READ_MODELS
from tests.integration.projector.a_course import a_course
from tests.integration.projector.support import (
    GUEST,
    LOG,
    NOW,
    PROJECTS,
    application,
    client_of,
    feed,
    records,
)

PATH = "/api/read-models/"


class Brokers:
    """A log that has `more` records in every partition than were read."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.more = 0

    async def ends_of(self, _partitions: object) -> dict[TopicPartition, int]:
        """Where partitions end."""
        return {here: at.next_offset + self.more for here, at in (await read_stored(self.pool))[1].items()}


async def test_each_read_model_says_what_it_lacks(pool: Pool, admin: Pool) -> None:
    """Its question, version and set; nothing ahead is no age; then the age of the oldest, and where it is."""
    await feed(pool, records(a_course().facts))
    brokers, ends = Brokers(pool), LogEnds()
    now = [NOW]
    watching = Watching(
        pool, brokers, ends, slots=lambda: ["projector"], models=READ_MODELS, log_topic=LOG,
        projects_topic=PROJECTS, clock=lambda: now[0],
    )  # fmt: skip
    served = await application(pool, admin, clock=lambda: now[0])
    served.state.log_ends = ends
    async with client_of(served) as http:
        silent = (await http.get(PATH)).json()["results"][0]
        await watching.look()
        level = (await http.get(PATH)).json()["results"]
        brokers.more, now[0] = 2, NOW + timedelta(seconds=7)
        await watching.look()
        behind = (await http.get(PATH)).json()["results"]
        metrics = (await http.get("/metrics")).text
        guest = await http.get(PATH, headers={"Authorization": f"Token {GUEST}"})
    assert silent["records_ahead"] is None
    assert [model["name"] for model in level] == [model.name for model in READ_MODELS]
    assert {(model["records_ahead"], model["oldest_unprocessed_seconds"]) for model in level} == {(0, 0.0)}
    assert (level[0]["set"], level[0]["version"]) == ("projector", READ_MODELS[0].version)
    assert level[0]["question"] == "Which accounts are there, and how does each stand?"
    by_name = {model["name"]: model for model in behind}
    assert by_name["accounts"]["records_ahead"] == 6
    assert by_name["projects"]["records_ahead"] == 2
    assert by_name["accounts"]["oldest_unprocessed_seconds"] == 7.0
    assert by_name["accounts"]["positions"][0] == {
        "topic": LOG,
        "partition": 0,
        "next_offset": level[0]["positions"][0]["next_offset"],
        "records_ahead": 2,
        "oldest_unprocessed_seconds": 7.0,
        "as_of": level[0]["positions"][0]["as_of"],
    }
    assert 'course_accounts_projector_oldest_unprocessed_seconds{model="accounts"} 7.0' in metrics
    assert guest.status_code == 403
