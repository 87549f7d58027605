"""The table of paths against the contract."""

import pytest

from deploy.embedded.front.routes import TABLE, Forward, NotAllowed, Owner, Unknown, decide

UUID = "9f0c2a4e6b8d4c1e8f3a5b7c9d1e3f50"


@pytest.mark.parametrize(
    ("method", "path", "owner"),
    [
        ("GET", "/api/marketplace-course-accounts/", Owner.PROJECTOR),
        ("HEAD", "/api/marketplace-course-accounts/", Owner.PROJECTOR),
        ("POST", "/api/marketplace-course-accounts/", Owner.IMPORTER),
        ("POST", "/api/marketplace-course-accounts/create_bulk/", Owner.IMPORTER),
        ("GET", f"/api/marketplace-course-accounts/{UUID}/", Owner.PROJECTOR),
        ("DELETE", f"/api/marketplace-course-accounts/{UUID}/", Owner.PROVISIONER),
        ("POST", f"/api/marketplace-course-accounts/{UUID}/retry/", Owner.PROVISIONER),
        ("GET", f"/api/marketplace-course-accounts/{UUID}/history/", Owner.PROJECTOR),
        ("GET", "/api/import-drafts/limits/", Owner.IMPORTER),
        ("GET", "/api/import-drafts/template.csv", Owner.IMPORTER),
        ("POST", "/api/import-drafts/", Owner.IMPORTER),
        ("PATCH", f"/api/import-drafts/{UUID}/rows/7/", Owner.IMPORTER),
        ("POST", f"/api/import-drafts/{UUID}/submit/", Owner.IMPORTER),
        ("GET", "/api/course-imports/", Owner.PROJECTOR),
        ("GET", f"/api/course-imports/{UUID}", Owner.PROJECTOR),
        ("GET", f"/api/course-imports/{UUID}/rows/", Owner.PROJECTOR),
        ("PATCH", f"/api/course-imports/{UUID}/rows/7/", Owner.IMPORTER),
        ("GET", f"/api/course-imports/{UUID}/failures.csv", Owner.PROJECTOR),
        ("POST", f"/api/course-imports/{UUID}/cancel/", Owner.IMPORTER),
        ("POST", f"/api/course-imports/{UUID}/undo/", Owner.IMPORTER),
        ("POST", f"/api/course-imports/{UUID}/retry/", Owner.PROVISIONER),
        ("GET", "/api/jobs", Owner.PROVISIONER),
        ("GET", "/api/unclosed-accounts/", Owner.PROVISIONER),
        ("GET", f"/api/jobs/{UUID}/refusals/", Owner.PROVISIONER),
        ("POST", f"/api/jobs/{UUID}/cancel/", Owner.PROVISIONER),
        ("GET", "/api/course-projects/", Owner.PROJECTOR),
        ("PATCH", f"/api/course-projects/{UUID}/", Owner.IMPORTER),
    ],
)
def test_each_path_goes_to_its_owner(method: str, path: str, owner: Owner) -> None:
    """Paths of the HTTP contract reach the service it names, with or without the last slash."""
    assert decide(method, path) == Forward(owner)
    assert decide(method, path.removesuffix("/")) == Forward(owner)


def test_events_may_go_on_for_ever() -> None:
    """Only server-sent events are exempt from the bound on one exchange."""
    assert decide("GET", f"/api/course-imports/{UUID}/events/") == Forward(Owner.PROJECTOR, endless=True)
    assert decide("GET", f"/api/course-imports/{UUID}/rows/") == Forward(Owner.PROJECTOR, endless=False)


@pytest.mark.parametrize(
    "path", ["marketplace-course-accounts/export.csv", f"course-imports/{UUID}/rows.csv"]
)
def test_files_of_everything_take_as_long_as_they_take(path: str) -> None:
    """A slow line and two million accounts are no reason to cut a file."""
    assert decide("GET", f"/api/{path}") == Forward(Owner.PROJECTOR, endless=True)
    assert decide("DELETE", f"/api/{path}") == NotAllowed(("GET", "HEAD"))


def test_a_known_path_names_its_methods() -> None:
    """Waldur answers 405 to PUT and PATCH of an account, and says what is possible."""
    path = f"/api/marketplace-course-accounts/{UUID}/"
    assert decide("PUT", path) == NotAllowed(("DELETE", "GET", "HEAD"))
    assert decide("GET", "/api/marketplace-course-accounts/create_bulk/") == NotAllowed(("POST",))


@pytest.mark.parametrize(
    "path",
    [
        "/internal/stop",
        "/metrics",
        "/api",
        "/api/",
        "/api/internal/",
        "/api/course-imports/../../internal/stop",
        "/api/import-drafts/../../internal/stop",
        "/api/import-drafts/%2e%2e/%2e%2e/internal/stop",
        "/api/import-drafts/a%2Fb/",
        "/api//course-imports/",
        "//api/course-imports/",
        "http://elsewhere/api/course-imports/",
        "*",
        "",
    ],
)
def test_nothing_else_gets_through(path: str) -> None:
    """Internal and unknown paths, and spellings that a service could read as another path, are unknown."""
    assert decide("GET", path) == Unknown()


def test_nothing_in_the_table_is_internal() -> None:
    """The table holds public paths only."""
    assert all(pattern.startswith("/api/") for pattern, _ in TABLE)
