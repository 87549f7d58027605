"""A script for the usual import: one project, a preview, a submission, statuses, rows."""

from typing import Any

from tests.integration.cli.scripted import Answer, Script

IMPORT = "5e" * 16
PROJECT = {"uuid": "a" * 32, "name": "Course A", "slug": "course-a"}
STATUS = f"GET /api/course-imports/{IMPORT}/"
SUBMIT = f"POST /api/import-drafts/{IMPORT}/submit/"
CSV = "email,description\nanna@example.org,Anna\nmart@example.org,\nrefused+x@example.org,\nbad,\n"
OTHER_CLASSES = (
    "created",
    "failed",
    "pending",
    "waiting",
    "cancelled",
    "closed",
    "existing",
    "duplicate",
    "invalid",
)


def status(state: str = "running", *, version: int = 1, waiting: Any = None, **counts: int) -> dict[str, Any]:
    """A status answer of four rows; classes not named are empty, the rest is pending."""
    whole = {name: counts.get(name, 0) for name in OTHER_CLASSES}
    whole["pending"] = 4 - sum(whole.values())
    return {
        "uuid": IMPORT,
        "state": state,
        "source": "file",
        "project_uuid": PROJECT["uuid"],
        "created_by": "staff",
        "submitted": "2026-11-23T10:00:00Z",
        "finished": "2026-11-23T10:00:09Z" if state == "finished" else None,
        "counts": {"rows": 4, **whole},
        "waiting": waiting,
        "rate": 1.5,
        "eta_seconds": 2,
        "version": version,
        "as_of_age": 0.1,
        "poll_after": 3,
        "field_of_a_newer_server": "kept",
    }


def said(document: dict[str, Any]) -> Answer:
    """A status answer with its validator."""
    return Answer(200, document, {"ETag": f'"v1.{document["version"]}"'})


UNCHANGED = Answer(304)
FAILED_ROW = {
    "row": 3,
    "line": 4,
    "email": "refused+x@example.org",
    "class": "failed",
    "error": {
        "code": "REFUSED",
        "message": "The account service refused this person.",
        "hint": "Check the address.",
        "can_retry": True,
    },
}
INVALID_ROW = {
    "row": 4,
    "line": 5,
    "email": "bad",
    "class": "invalid",
    "verdict": "invalid",
    "error": {"code": "EMAIL_INVALID", "message": "This is not an e-mail address.", "hint": "Correct it."},
}
DRAFT = {
    "uuid": IMPORT,
    "state": "previewed",
    "preview_hash": "cafe",
    "rows": 4,
    "blank": 0,
    "to_create": 3,
    "verdicts": {"new": 3, "invalid": 1},
    "notes": [],
    "file": {"name": "course.csv", "bytes": len(CSV)},
}


def rows(*found: dict[str, Any]) -> Answer:
    """A page of rows, the last one."""
    return Answer(200, {"results": list(found), "next": None})


def usual(script: Script) -> None:
    """Teach the script an import that ends with two created, one failed and one invalid row."""
    script.on("GET /api/course-projects/", Answer(200, {"results": [PROJECT], "next": None}))
    script.on("POST /api/import-drafts/", Answer(201, DRAFT))
    script.on(f"GET /api/import-drafts/{IMPORT}/rows/", rows(INVALID_ROW))
    script.on(SUBMIT, Answer(202, status(version=0), {"Location": f"/api/course-imports/{IMPORT}/"}))
    script.on(
        STATUS,
        said(status(version=3, created=1, invalid=1)),
        UNCHANGED,
        said(status("finished", version=6, created=2, failed=1, invalid=1)),
    )
    script.on(f"GET /api/course-imports/{IMPORT}/rows/?class=failed&page_size=50", rows(FAILED_ROW))
    script.on(f"GET /api/course-imports/{IMPORT}/rows/?class=invalid&page_size=50", rows(INVALID_ROW))
