"""What the API document says of answers is what they are: each, in every state, fits its model to the field."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, TypeAdapter

from schemas.codes import COMMAND_CODES, WAITING_CODES
from services.common.http.account_answer import EXAMPLE, CourseAccount
from services.common.read_model import Seen
from services.provisioner.account import Account, order_of
from services.provisioner.api import models, target_models, unclosed_models
from services.provisioner.api.account_answers import account_answer, retried
from services.provisioner.api.answers import job_answer, refusal_answer
from services.provisioner.api.orphans import line
from services.provisioner.api.target import target_answer
from services.provisioner.api.unclosed import unclosed_answer
from services.provisioner.courses.report import STATES, Unclosed
from services.provisioner.jobs.order import Job
from services.provisioner.jobs.store import Refusal
from services.provisioner.reconcile.comparing import Orphan
from services.provisioner.reconcile.run import Finished, Progress
from services.provisioner.store.targets import Calls
from services.provisioner.target.state import Stop, Target
from tests.unit.provisioner.accounts import NOW, PROJECT, STANDINGS, A, claim, requested

LISTED = Seen({**EXAMPLE, "state": "OK", "phase": None}, current=True)
LATER = NOW + timedelta(seconds=4)


def fits(model: Any, answer: Any) -> None:
    """Whether a strict client that was made from the model reads the answer, and nothing is left over."""
    TypeAdapter(model).validate_json(json.dumps(answer), strict=True)


def account(name: str) -> Account:
    """An account that stands so."""
    return Account(A, PROJECT.project_id, claim(1), order_of(requested()), STANDINGS[name], version=1)


@pytest.mark.parametrize("name", STANDINGS)
def test_an_account_fits_whether_the_list_knows_it_or_not(name: str) -> None:
    """Listed, listed as it was before, or told from our own tables alone: all fields, in the same types."""
    stands = account(name)
    for seen in (LISTED, LISTED._replace(current=False), Seen(None, current=False)):
        answer = account_answer(stands, seen, "https://front.example")
        fits(CourseAccount, answer)
        fits(CourseAccount, retried(answer))
        assert set(answer) == set(CourseAccount.model_fields)
        assert answer["url"] == f"https://front.example/api/marketplace-course-accounts/{A.hex}/"


def test_what_was_decided_goes_before_a_list_that_is_behind() -> None:
    """A list that lags still says OK; the answer says how the account stands now."""
    behind = LISTED._replace(current=False)
    closing = account_answer(account("closing"), behind, "")
    assert (closing["state"], closing["phase"], closing["created"]) == ("OK", "closing", EXAMPLE["created"])
    erred = account_answer(account("erred"), behind, "")
    assert (erred["state"], erred["error_code"], erred["username"]) == ("Erred", "REFUSED", None)
    assert erred["error_message"]
    assert erred["error_hint"]
    pending = retried(erred)
    assert (pending["state"], pending["error_message"], pending["error_hint"]) == ("Pending", "", "")
    alone = account_answer(account("pending, unknown"), Seen(None, current=False), "")
    assert (alone["project_name"], alone["project_end_date"]) == (PROJECT.name, "2026-12-31")
    assert (alone["phase"], alone["next_attempt"]) == ("retry_scheduled", "2026-09-01T12:00:00Z")
    assert alone["phase_message"] == WAITING_CODES["TARGET_UNCERTAIN"].message


def job(**changes: Any) -> Job:
    """A job of three accounts, two of them decided."""
    return Job(
        **{
            "job_id": UUID(int=9),
            "action": "retry",
            "cause": "request",
            "author": "mari",
            "reason": "",
            "project_id": None,
            "import_id": UUID(int=3),
            "codes": ["REFUSED"],
            "state": "running",
            "total": 3,
            "changed": 1,
            "unchanged": 0,
            "refused": 1,
            "dropped": 0,
            "parts_left": 1,
            "created_at": NOW,
            "started_at": LATER,
            "finished_at": None,
            **changes,
        }
    )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"state": "queued", "started_at": None, "changed": 0, "refused": 0},
        {"state": "finished", "finished_at": LATER, "parts_left": 0, "unchanged": 1},
        {"state": "cancelled", "finished_at": LATER, "parts_left": 0, "dropped": 1},
        {"action": "close", "cause": "project_deleted", "import_id": None, "project_id": UUID(int=7)},
    ],
)
def test_a_job_fits_at_every_moment_of_its_life(changes: dict[str, Any]) -> None:
    """Queued, running, over, cancelled, and ordered by the end of a course."""
    fits(models.AccountJob, job_answer(job(**changes), LATER))


def test_refusals_and_the_report_fit() -> None:
    """With and without an address, for every code; in every state of the report, with and without a failure."""
    for code in (*COMMAND_CODES, "OF_A_NEWER_VERSION"):
        for email in ("ada@example.org", None):
            fits(models.AccountJobRefusal, refusal_answer(Refusal(A, code, email)))
    for state in STATES:
        for code, again in ((None, None), ("CLOSE_REFUSED", None), ("CLOSE_UNREACHABLE", LATER)):
            one = Unclosed(A, PROJECT.project_id, None, state, "course_ended", NOW, 1, code, again)
            fits(unclosed_models.UnclosedAccount, unclosed_answer(one))


def test_the_target_fits_however_it_stands() -> None:
    """Up, left alone, down, and paused by somebody; with a rate and without."""
    stop = Stop("mari", "moving house", NOW)
    targets = (
        Target("default", NOW),
        Target("default", NOW, "held", "TARGET_BUSY", LATER, rate=40.0),
        Target("default", NOW, "down", "TARGET_UNREACHABLE", LATER, stop=stop),
    )
    shown = [target_answer(target, Calls(2, 1, 30, 0, 0)) for target in targets]
    for answer in shown:
        fits(target_models.AccountService, answer)
    assert [answer["state"] for answer in shown] == ["up", "held", "paused"]


def test_every_line_of_a_comparison_fits() -> None:
    """Progress, orphans of both sides, the end."""
    lines = (
        Progress(200),
        Orphan("target", "ca-ada", None, None, None),
        Orphan("ours", "ca-ada", "ada@example.org", "course", A, checked=True),
        Finished(200, 1, 1, complete=True),
    )
    for one in lines:
        fits(target_models.ComparisonLine, json.loads(line(one)))


def test_examples_are_answers() -> None:
    """What the document shows as an example is one."""
    shown = [CourseAccount, *_models(models), *_models(target_models), *_models(unclosed_models)]
    with_examples = [model for model in shown if "json_schema_extra" in model.model_config]
    assert len(with_examples) >= 9
    for model in with_examples:
        extra = model.model_config["json_schema_extra"]
        assert isinstance(extra, dict)
        examples = extra["examples"]
        assert isinstance(examples, list)
        for example in examples:
            fits(model, example)


def _models(module: Any) -> Iterable[type[BaseModel]]:
    return [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, models.Answer)]
