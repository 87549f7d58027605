"""A project as lines for people."""

from cli.client.project_records import ProjectRecord
from cli.text.table import table
from cli.text.times import local_time


def project_lines(project: ProjectRecord) -> list[str]:
    """What its record says, a line each."""
    said: list[tuple[str, str | None]] = [
        ("Project", project.name),
        ("Slug", project.slug),
        ("Uuid", project.uuid),
        ("Kind", "course" if project.kind == "course" else "not a course: it has no course accounts"),
        ("From", project.start_date),
        ("Until", until(project)),
        ("Customer", project.customer_name),
        ("Managers", ", ".join(project.managers)),
        ("Owners", ", ".join(project.owners)),
        ("Deleted", "yes" if project.status == "deleted" else None),
    ]
    rows = [row for row in said if row[1]]
    return table([str(cell) for cell in rows[0]], rows[1:])


def until(project: ProjectRecord) -> str:
    """The end of a course: its last day, or the moment."""
    if project.ends_at is not None:
        return local_time(project.ends_at)
    return project.end_date or "no end: no accounts can be asked for"
