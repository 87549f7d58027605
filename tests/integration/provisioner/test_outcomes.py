"""What becomes of a request, on real parts."""

from collections import Counter
from uuid import uuid4

import asyncpg

from deploy.account_service.launch import LaunchedService
from schemas.facts import AccountCreated, AccountFailed, AccountRequestMet, AccountRetried
from tests.integration.provisioner.conftest import Start
from tests.integration.provisioner.effects import created_for
from tests.support.log import Log, project_snapshot, requested


async def test_every_request_gets_its_outcome(
    start: Start, log: Log, account_service: LaunchedService
) -> None:
    """Plain, refused, flaky, taken and lost-reply addresses each end as they should, with one effect at most."""
    project, import_id = project_snapshot(), uuid4()
    emails = [f"p{n}@example.org" for n in range(200)]
    special = ["refused+1@example.org", "flaky+1@example.org", "taken+1@example.org", "lost+1@example.org"]
    facts = [
        requested(project, email, import_id=import_id, row=row)
        for row, email in enumerate(emails + special, 1)
    ]
    async with start():
        await log.publish(facts)
        outcomes = await log.wait_for(
            lambda found: (
                sum(isinstance(f[-1], AccountCreated | AccountFailed) for f in found.values()) == len(facts)
            )
        )
    last = Counter(type(found[-1]).__name__ for found in outcomes.values())
    assert last == {"AccountCreated": 202, "AccountFailed": 2}
    by_email = {fact.personal.email: outcomes[fact.account_id] for fact in facts}
    assert [f.code for f in by_email["refused+1@example.org"] if isinstance(f, AccountFailed)] == ["REFUSED"]
    assert [f.code for f in by_email["taken+1@example.org"] if isinstance(f, AccountFailed)] == [
        "ADDRESS_TAKEN"
    ]
    flaky = by_email["flaky+1@example.org"]
    assert [type(f) for f in flaky] == [AccountRetried, AccountRetried, AccountCreated]
    assert [f.account_version for f in flaky] == [1, 2, 3]
    made = created_for(account_service, project)
    assert len({effect.email for effect in made}) == len(made) == 202


async def test_a_second_claim_on_an_account_has_no_second_effect(
    start: Start, log: Log, account_service: LaunchedService
) -> None:
    """Another import that asks for the same person is met, and the account service is not called again."""
    project = project_snapshot()
    first = requested(project, "Anna@example.org", import_id=uuid4())
    second = requested(project, "anna@EXAMPLE.org", import_id=uuid4())
    assert first.account_id == second.account_id
    async with start():
        await log.publish([first])
        await log.wait_for(lambda found: bool(found))
        await log.publish([second, second])
        outcomes = await log.wait_for(lambda found: len(found[first.account_id]) == 2)
    created, met = outcomes[first.account_id]
    assert isinstance(created, AccountCreated)
    assert isinstance(met, AccountRequestMet)
    assert (met.found, met.claim) == ("ok", second.claim)
    assert len(created_for(account_service, project)) == 1


async def test_a_claim_on_an_erred_account_retries_it_with_a_new_key(start: Start, log: Log) -> None:
    """A refused person asked for again is tried again: the new claim becomes the creator."""
    project = project_snapshot()
    first = requested(project, "refused+again@example.org", import_id=uuid4())
    second = requested(project, "refused+again@example.org", import_id=uuid4())
    third = requested(project, "refused+again@example.org", import_id=uuid4(), erred="leave")
    async with start():
        await log.publish([first])
        await log.wait_for(lambda found: bool(found))
        await log.publish([second])
        await log.wait_for(lambda found: len(found[first.account_id]) == 3)
        await log.publish([third])
        outcomes = await log.wait_for(lambda found: len(found[first.account_id]) == 4)
    failed, retried, failed_again, met = outcomes[first.account_id]
    assert isinstance(failed, AccountFailed)
    assert isinstance(retried, AccountRetried)
    assert (retried.asked_by, retried.series, retried.claim) == ("claim", 2, second.claim)
    assert isinstance(failed_again, AccountFailed)
    assert failed_again.claim == second.claim
    assert isinstance(met, AccountRequestMet)
    assert met.found == "erred"


async def test_a_record_nobody_can_read_is_parked_and_the_partition_goes_on(
    start: Start, log: Log, tables: asyncpg.Connection
) -> None:
    """A broken record between two good ones is kept with its reason; both good ones are done."""
    from schemas import codec

    project, import_id = project_snapshot(), uuid4()
    good = requested(project, "good@example.org", import_id=import_id, row=1)
    later = requested(project, "good@example.org", import_id=uuid4(), row=1)
    key = str(good.account_id).encode()
    async with start():
        await log.publish([good])
        await log.publish_raw(
            [
                codec.Encoded(
                    key, b"\xff\x00 not json", [("ce_type", b"org.course-accounts.account-requested.v1")]
                ),
                codec.Encoded(key, b"{}", [("ce_type", b"\xff")]),
            ]
        )
        await log.publish([later])
        await log.wait_for(lambda found: len(found.get(good.account_id, [])) == 2)
    parked = await tables.fetch("SELECT code, value FROM parked ORDER BY record_offset")
    assert [row["code"] for row in parked] == ["BAD_FACT", "UNKNOWN_TYPE"]
    assert parked[0]["value"] == b"\xff\x00 not json"


async def test_an_ended_course_fails_without_a_call(
    start: Start, log: Log, account_service: LaunchedService
) -> None:
    """The account of a course that is over fails with COURSE_ENDED, and the account service hears nothing."""
    from datetime import date

    project = project_snapshot(end_date=date(2020, 1, 1))
    request = requested(project, "late@example.org", import_id=uuid4())
    async with start():
        await log.publish([request])
        outcomes = await log.wait_for(lambda found: bool(found))
    (failed,) = outcomes[request.account_id]
    assert isinstance(failed, AccountFailed)
    assert (failed.code, failed.effect) == ("COURSE_ENDED", "none")
    assert created_for(account_service, project) == []
