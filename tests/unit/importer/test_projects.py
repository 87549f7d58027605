"""What may become of a project's record, and by whom."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest

from schemas.projects import CourseProject, Customer
from services.common.access import NotAllowed, NotVisible, Principal
from services.importer.api.project_bodies import (
    NewProjectBody,
    ProjectChanges,
    ProjectRecord,
    changes,
    record_answer,
    whole,
)
from services.importer.domain.projects import (
    ProjectRefused,
    changed,
    check_change,
    check_end,
    check_staff,
    sound,
    visible,
)
from services.importer.projects.commands import with_customer

COURSE = UUID(int=1)
ZONE = ZoneInfo("Europe/Tallinn")
NOW = datetime(2026, 11, 23, 12, tzinfo=ZONE)
TODAY = date(2026, 11, 23)
ALGEBRA = CourseProject(
    project_id=COURSE, name="Algebra", slug="algebra", start_date=TODAY, end_date=TODAY + timedelta(days=30)
)
STAFF = Principal("staff", staff=True)
MANAGER = Principal("mari", roles={COURSE: "manager"})
READER = Principal("mari", roles={COURSE: "manager"}, may_write=False)
STRANGER = Principal("sven")


def test_a_new_end_takes_the_place_of_the_other_kind() -> None:
    """A day and an exact moment never contradict each other: midnight belongs to the day before; the rest stays."""
    moment = datetime(2026, 12, 1, 22, tzinfo=UTC)
    exact = changed(ALGEBRA, {"ends_at": moment}, ZONE)
    assert (exact.end_date, exact.ends_at, exact.name) == (date(2026, 12, 1), moment, "Algebra")
    assert changed(ALGEBRA, {"ends_at": moment + timedelta(seconds=1)}, ZONE).end_date == date(2026, 12, 2)
    by_day = changed(exact, {"end_date": TODAY}, ZONE)
    assert (by_day.end_date, by_day.ends_at) == (TODAY, None)
    both = changed(ALGEBRA, {"end_date": TODAY, "ends_at": moment}, ZONE)
    assert (both.end_date, both.ends_at) == (TODAY, moment)
    assert changed(exact, {"ends_at": None}, ZONE).end_date == date(2026, 12, 1)
    assert changed(exact, {"ends_at": None, "end_date": None}, ZONE).ends(UTC) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"end_date": TODAY - timedelta(days=1)},
        {"ends_at": datetime(2026, 11, 22, tzinfo=UTC)},
        {"ends_at": datetime.max.replace(tzinfo=UTC)},
        {"ends_at": datetime.min.replace(tzinfo=UTC)},
        {"start_date": TODAY + timedelta(days=31)},
    ],
)
def test_a_course_that_ends_before_it_begins_is_refused(fields: dict[str, Any]) -> None:
    """By the field that says when it ends; so are moments that no other time zone has a name for."""
    with pytest.raises(ProjectRefused) as refused:
        changed(ALGEBRA, fields, ZONE)
    assert refused.value.status == 400
    assert set(refused.value.errors or {}) <= {"end_date", "ends_at"}


def test_only_staff_write_projects() -> None:
    """A manager sees it and may not; to a stranger it does not exist; staff for some projects are staff there."""
    check_staff(STAFF, COURSE)
    check_staff(Principal("staff", staff=True, narrowed=True, roles={COURSE: "manager"}), COURSE)
    with pytest.raises(NotAllowed):
        check_staff(MANAGER, COURSE)
    with pytest.raises(NotVisible):
        check_staff(STRANGER, COURSE)
    with pytest.raises(NotVisible):
        check_staff(Principal("staff", staff=True, narrowed=True), COURSE)


def test_managers_move_the_end_and_nothing_else() -> None:
    """403 by the field they may not change; not at all with a token that may only read."""
    check_change(MANAGER, COURSE, {"end_date": TODAY, "ends_at": None})
    check_change(STAFF, COURSE, {"name": "x"})
    with pytest.raises(ProjectRefused) as refused:
        check_change(MANAGER, COURSE, {"end_date": TODAY, "managers": ()})
    assert (refused.value.status, list(refused.value.errors or {})) == (403, ["managers"])
    with pytest.raises(NotAllowed):
        check_change(READER, COURSE, {"end_date": TODAY})
    with pytest.raises(NotVisible):
        check_change(STRANGER, COURSE, {"end_date": TODAY})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"end_date": TODAY}, None),
        ({"ends_at": NOW - timedelta(minutes=4)}, None),
        ({"end_date": TODAY - timedelta(days=1), "start_date": None}, "END_IN_PAST"),
        ({"ends_at": NOW - timedelta(minutes=6), "start_date": None}, "END_IN_PAST"),
        ({"end_date": None}, "PROJECT_WITHOUT_END"),
    ],
)
def test_managers_end_a_course_now_or_later(fields: dict[str, Any], code: str | None) -> None:
    """A day is over when it is over in the site's time zone; clocks may differ by minutes. Staff may end any time."""
    project = changed(ALGEBRA, fields, ZONE)
    check_end(STAFF, project, NOW)
    if code is None:
        check_end(MANAGER, project, NOW)
        return
    with pytest.raises(ProjectRefused) as refused:
        check_end(MANAGER, project, NOW)
    assert (refused.value.status, refused.value.code) == (400, code)


def test_what_is_deleted_or_not_seen_is_not_there() -> None:
    """Only who writes it anew sees a deleted one."""
    deleted = changed(ALGEBRA, {"status": "deleted"}, ZONE)
    assert visible(STAFF, deleted, deleted_too=True) is deleted
    for person, project in ((STAFF, None), (STAFF, deleted), (STRANGER, ALGEBRA)):
        with pytest.raises(NotVisible):
            visible(person, project, deleted_too=False)


def test_a_body_becomes_a_record_and_back() -> None:
    """Without a slug one is made of the name; people are named once; the answer is exactly as documented."""
    body = msgspec.json.decode(
        b'{"name": "Sissejuhatus: \\u00d5pe 101", "managers": ["a", "b", "a"], "customer_uuid":'
        b' "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "customer_name": "U", "ends_at": "2026-12-18T16:00:00+02:00"}',
        type=NewProjectBody,
    )
    project = sound(whole(COURSE, body), ZONE)
    assert (project.slug, project.managers) == ("sissejuhatus-ope-101", ("a", "b"))
    answer = record_answer(project)
    ProjectRecord.model_validate(answer)
    assert (answer["ends_at"], answer["customer_name"]) == ("2026-12-18T14:00:00Z", "U")
    assert whole(COURSE, NewProjectBody(name="課程")).slug == f"project-{COURSE.hex[:8]}"


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "a\x00b"},
        {"name": "  "},
        {"managers": ["a\nb"]},
        {"customer_name": "\x07"},
    ],
)
def test_what_nobody_can_read_is_refused_by_field(sent: dict[str, Any]) -> None:
    """Control characters would end up in lists, in files and in the account service."""
    with pytest.raises(ProjectRefused) as refused:
        changes(msgspec.convert(sent, ProjectChanges))
    assert list(refused.value.errors or {}) == list(sent)


def test_a_customer_is_one_thing() -> None:
    """Its name alone may change; an id without a name is refused; null takes it away."""
    known = Customer(customer_id=UUID(int=9), name="U")
    renamed = with_customer({"customer_name": "V"}, known)["customer"]
    assert (renamed.customer_id, renamed.name) == (UUID(int=9), "V")
    assert with_customer({"customer_uuid": None, "customer_name": None}, known) == {"customer": None}
    assert with_customer({"name": "x"}, known) == {"name": "x"}
    with pytest.raises(ProjectRefused):
        with_customer({"customer_uuid": UUID(int=3)}, None)
