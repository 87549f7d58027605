"""How far the tables are behind: records, and the age of the oldest, also of partitions that nobody reads."""

from datetime import timedelta

from services.common.records import TopicPartition
from services.projector.core.lag import Lag, LogEnds, Stored, together, topics_of
from services.projector.registry import READ_MODELS
from services.projector.web.read_models import question_of
from tests.unit.projector.stories import START

HERE, THERE = TopicPartition("log", 0), TopicPartition("log", 1)
LATER = START + timedelta(seconds=30)


def test_nothing_ahead_is_no_age() -> None:
    """However long ago the position moved: a quiet partition whose reader died is not behind."""
    ends = LogEnds()
    at = Stored(10, START - timedelta(hours=1))
    ends.saw({HERE: 10}, {HERE: at}, LATER)
    assert ends.lag(HERE, at, LATER) == Lag(0, 0.0)


def test_the_oldest_event_is_younger_than_when_nothing_was_ahead() -> None:
    """Nobody reads the partition: the age counts from when it was last seen to be whole, not from its last reader."""
    ends = LogEnds()
    at = Stored(10, START - timedelta(hours=1))
    ends.saw({HERE: 10}, {HERE: at}, START)
    ends.saw({HERE: 12}, {HERE: at}, START + timedelta(seconds=25))
    assert ends.lag(HERE, at, LATER) == Lag(2, 30.0)
    read_on = Stored(11, START + timedelta(seconds=20))
    assert ends.lag(HERE, read_on, LATER) == Lag(1, 10.0)


def test_a_log_that_does_not_answer_leaves_an_upper_bound() -> None:
    """What was seen long ago says nothing: the number is not known, and the age is that of the tables."""
    ends = LogEnds()
    at = Stored(10, START)
    assert ends.lag(HERE, at, LATER) == Lag(None, 30.0)
    ends.saw({HERE: 10}, {HERE: at}, START + timedelta(seconds=15))
    assert ends.lag(HERE, at, LATER) == Lag(None, 15.0)
    ends.saw({HERE: 10}, {HERE: at}, LATER)
    assert ends.lag(THERE, at, LATER) == Lag(None, 30.0)


def test_partitions_together() -> None:
    """Records add up, the oldest counts; one that is not known makes the sum unknown."""
    assert together([Lag(2, 3.0), Lag(1, 5.0)]) == Lag(3, 5.0)
    assert together([Lag(2, 3.0), Lag(None, 5.0)]) == Lag(None, 5.0)
    assert together([]) == Lag(0, 0.0)


def test_every_model_has_topics_and_a_question() -> None:
    """Only the projects come from their own topic."""
    topics = {m.name: topics_of(m, log_topic="log", projects_topic="projects") for m in READ_MODELS}
    assert topics.pop("projects") == {"projects"}
    assert set(topics.values()) == {frozenset({"log"})}
    assert all(question_of(model).endswith("?") and len(question_of(model)) > 10 for model in READ_MODELS)
