"""Each operation of the document: which rule it follows, and a request that only rights could stop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from tests.contract.api.people import ACCOUNTS, Things
from tests.contract.api.rules import Rule

NOBODY: Final = "0" * 32
"""An id that nothing has."""
Sent = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One operation.

    Attributes:
        rule: who may do it.
        send: what beside the path is sent, as arguments of an HTTP client.
        path: values of the path, where the usual ones do not do.
        holds: of a list: the id that must or must not be in it.
        also: statuses that say, like 2xx, that the rights were enough: the state of things was not as wanted.
    """

    rule: Rule
    send: Callable[[Things], Sent] = lambda _: {}
    path: Callable[[Things], Mapping[str, str]] = lambda _: {}
    holds: Callable[[Things], str] | None = None
    also: frozenset[int] = field(default_factory=frozenset)


def _json(**body: Any) -> Callable[[Things], Sent]:
    return lambda _: {"json": body}


def _in_project(**body: Any) -> Callable[[Things], Sent]:
    return lambda things: {"json": {**body, "project": things.project}}


def _erred(things: Things) -> Mapping[str, str]:
    return {"uuid": things.erred}


def _nothing(_: Things) -> Mapping[str, str]:
    return {"uuid": NOBODY}


def _file(things: Things) -> Sent:
    files = {"file": ("course.csv", b"email\nnew@example.org\n", "text/csv")}
    return {"data": {"project": things.project}, "files": files}


def _staff(send: Callable[[Things], Sent] = lambda _: {}, *also: int) -> Row:
    return Row("staff", send, path=_nothing, also=frozenset(also))


_READS: Final = Row("reads")
_NEVER: Final = {"If-Match": '"0"'}
"""The project is not changed: whoever may comes as far as to a 412."""

ROWS: Final[dict[str, Row]] = {
    "list_accounts": Row(
        "lists", lambda t: {"params": {"project_uuid": t.project}}, holds=lambda t: t.account
    ),
    "count_accounts": Row("anybody"),
    "create_account": Row(
        "asks", lambda t: {"json": {"project": t.project, "email": f"one-{uuid4().hex}@example.org"}}
    ),
    "create_accounts": Row("asks", _in_project(course_accounts=[{"email": "another@example.org"}])),
    "export_accounts": Row("lists", holds=lambda t: t.account),
    "read_account": _READS,
    "read_account_history": _READS,
    "retry_account": Row("writes", path=_erred, also=frozenset({409})),
    "list_drafts": Row("lists", lambda t: {"params": {"project": t.project}}, holds=lambda t: t.draft),
    "create_draft": Row("asks", _file),
    "read_upload_limits": Row("anybody"),
    "download_upload_template": Row("anybody"),
    "read_draft": _READS,
    "list_draft_rows": _READS,
    "correct_draft_row": Row("writes", _json(description="Group 2")),
    "fix_draft_rows": Row("writes", _json(code="no such"), also=frozenset({400})),
    "read_draft_again": Row("writes", _json(delimiter=",")),
    "submit_draft": Row("writes", _json(preview_hash="another"), also=frozenset({412})),
    "list_imports": Row("lists", lambda t: {"params": {"project": t.project}}, holds=lambda t: t.import_id),
    "read_import_status": _READS,
    "list_import_rows": _READS,
    "read_import_row": _READS,
    "follow_import": _READS,
    "download_rows": _READS,
    "download_failures": _READS,
    "download_created_accounts": _READS,
    "correct_import_row": Row("writes", _json(description="Group 2"), also=frozenset({409})),
    "retry_import": Row("writes", lambda _: {"params": {"dry_run": "1"}}),
    "list_projects": Row("lists", lambda _: {"params": {"page_size": 1000}}, holds=lambda t: t.project),
    "read_project": _READS,
    "read_project_record": _READS,
    "create_project": Row("staff", lambda _: {"json": {"name": "New", "slug": f"new-{uuid4().hex[:12]}"}}),
    "change_project": Row("writes", _json(end_date="2099-12-31")),
    "replace_project": Row(
        "staff in a project",
        lambda _: {"json": {"name": "Another"}, "headers": _NEVER},
        also=frozenset({412}),
    ),
    "delete_project": Row("staff in a project", lambda _: {"headers": _NEVER}, also=frozenset({412})),
    "list_jobs": Row("lists", lambda _: {"params": {"page_size": 300}}, holds=lambda t: t.job),
    "create_job": Row("writes", _in_project(action="retry", dry_run=True)),
    "read_job": _READS,
    "list_job_refusals": _READS,
    "cancel_job": Row("writes", also=frozenset({409})),
    "list_unclosed_accounts": Row("anybody"),
    "read_session": Row("anybody"),
    "sign_in": Row("open", _json(), also=frozenset({400})),
    "sign_out": Row("open"),
    "invite": _staff(_json(user_id="somebody")),
    "list_tokens": Row("lists tokens", holds=lambda t: t.token),
    "create_token": Row("new token", _json(note="test")),
    "read_token": Row("a token"),
    "list_audit": _staff(),
    "read_waiting": _staff(),
    "list_read_models": _staff(),
    "read_target": _staff(),
    "change_target_rate": _staff(_json(rate="fast"), 400),
    "pause_target": _staff(_json(reason="test")),
    "resume_target": _staff(),
    "compare_with_target": _staff(lambda _: {}, 409),
    "list_replays": _staff(),
    "ask_for_replay": _staff(_json(kind="no such"), 400),
    **{
        f"{verb}_replay": _staff(lambda _: {}, 404)
        for verb in ("read", "cancel", "compare", "swap", "roll_back", "clean_up")
    },
    **{
        name.format(service): row
        for service in ("importer", "provisioner", "projector")
        for name, row in {
            "list_parked_{}": _staff(),
            "read_parked_{}_record": Row(
                "staff", path=lambda _: {"record": "none~0~0"}, also=frozenset({404})
            ),
            "redrive_parked_{}": _staff(_json(all=True, dry_run=True)),
            "drop_parked_{}": _staff(_json(all=True, dry_run=True)),
            "list_parked_{}_jobs": _staff(),
            "read_parked_{}_job": _staff(lambda _: {}, 404),
            "cancel_parked_{}_job": _staff(lambda _: {}, 404),
            "list_parked_{}_job_failures": _staff(lambda _: {}, 404),
        }.items()
    },
    # What ends things comes last.
    "cancel_import": Row("writes", also=frozenset({409})),
    "close_account": Row("writes"),
    "undo_import": Row("writes", also=frozenset({409})),
    "revoke_token": Row("ends a token", path=lambda t: {"uuid": t.spare_token}),
}


def values(operation_path: str, row: Row, things: Things) -> str:
    """The address of an operation, about these things."""
    usual = {
        ACCOUNTS: things.account,
        "/api/course-imports/": things.import_id,
        "/api/import-drafts/": things.draft,
        "/api/course-projects/": things.project,
        "/api/jobs/": things.job,
        "/api/tokens/": things.token,
    }
    uuid = next((known for start, known in usual.items() if operation_path.startswith(start)), NOBODY)
    return operation_path.format_map({"uuid": uuid, "row": "1", **row.path(things)})
