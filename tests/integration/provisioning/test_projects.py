"""The demo's projects on a real topic."""

from datetime import UTC, datetime, timedelta

from deploy.provisioning.projects import provision_projects, read_projects
from schemas.projects import refusal
from tests.support.topics import Topics

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def test_three_projects_each_once(kafka_bootstrap: str, topic_factory: Topics) -> None:
    """A running course, one without an end, and no course, in this order; a second run publishes nothing."""
    topic = await topic_factory(1, config={"cleanup.policy": "compact"})
    first = await provision_projects(kafka_bootstrap, topic, now=NOW)
    refusals = [refusal(project, NOW) for project in first]
    assert [r and r[0] for r in refusals] == [None, "PROJECT_WITHOUT_END", "PROJECT_NOT_A_COURSE"]
    again = await provision_projects(kafka_bootstrap, topic, now=NOW + timedelta(days=1))
    assert again == first
    there = await read_projects(kafka_bootstrap, topic)
    assert {p.project_id: p for p in first} == there


async def test_the_running_course_goes_on_running(kafka_bootstrap: str, topic_factory: Topics) -> None:
    """Months later its end moves, as a new revision of the same project; the others stay."""
    topic = await topic_factory(1)
    first = await provision_projects(kafka_bootstrap, topic, now=NOW, empty=True)
    later = await provision_projects(kafka_bootstrap, topic, now=NOW + timedelta(days=200))
    assert refusal(later[0], NOW + timedelta(days=200)) is None
    assert (later[0].project_id, later[0].revision) == (first[0].project_id, 2)
    assert later[1:] == first[1:]
