"""Which project a person means."""

import pytest

from cli.client.models import Project
from cli.client.projects import NotOneProject, resolve

A = Project("3f0e6c7a-9d7b-4c56-a1c2-d3e4f5a6b7c8", "Course A", "course-a")
B = Project("b" * 32, "Course B", "course-b")
TWIN = Project("c" * 32, "Course B", "course-b-2")
ALL = (A, B, TWIN)


@pytest.mark.parametrize(
    "said",
    [
        "3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8",
        "3F0E6C7A-9D7B-4C56-A1C2-D3E4F5A6B7C8",
        "course-a",
        "Course A",
        "course a",
        " Course A ",
    ],
)
def test_every_way_to_name_a_project(said: str) -> None:
    """A uuid in both spellings, a slug, a name in any case."""
    assert resolve(ALL, said) is A


def test_a_slug_decides_between_projects_of_one_name() -> None:
    """The slug is unique where the name is not."""
    assert resolve(ALL, "course-b") is B


def test_a_name_of_two_projects_is_refused() -> None:
    """Guessing would put people into the wrong course."""
    with pytest.raises(NotOneProject) as refused:
        resolve(ALL, "Course B")
    assert refused.value.ambiguous
    assert refused.value.candidates == (B, TWIN)


def test_the_exact_name_wins_over_the_same_in_another_case() -> None:
    """Two projects that differ in case only can still be named."""
    loud = Project("d" * 32, "COURSE A", "loud")
    assert resolve((A, loud), "COURSE A") is loud


def test_an_unknown_name_gets_the_nearest_ones() -> None:
    """A slip of the finger is answered with what was probably meant."""
    with pytest.raises(NotOneProject) as refused:
        resolve(ALL, "Corse A")
    assert not refused.value.ambiguous
    assert A in refused.value.candidates
