"""The rules of the read models: they hold for any history at every place of the log, and each can be broken."""

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.common.database import Pool
from services.projector.comparing.invariants import Invariant, check_invariants
from services.projector.comparing.sides import Side
from services.projector.registry import READ_MODELS
from tests.integration.projector.comparing.support import HERE, TwoSets, in_batches, interleaved
from tests.integration.projector.support import feed, reader, records, take_over
from tests.integration.projector.test_positions_and_rows import a_long_story
from tests.unit.projector.stories import account_of, import_of
from tests.unit.projector.test_any_history import History, histories

ANN, A = account_of("ann"), import_of("a")

BREAKS = {
    "trouble_has_a_cause": "UPDATE accounts SET can_retry = true WHERE account_id = 'ANN'",
    "versions_count_outcomes": "UPDATE accounts SET version = 0 WHERE account_id = 'ANN'",
    "requested_means_claimed": "UPDATE accounts SET requested_by = NULL WHERE account_id = 'ANN'",
    "claims_are_rows": "UPDATE import_rows SET account_id = NULL WHERE account_id = 'ANN' AND import_id = 'IMPORT'",
    "rows_are_claims": "UPDATE import_rows SET kept = 'x' WHERE account_id = 'ANN' AND import_id = 'IMPORT'",
    "rows_have_their_account": "DELETE FROM accounts WHERE account_id = 'ANN'",
    "rows_are_of_the_import": "UPDATE imports SET rows = 3 WHERE import_id = 'IMPORT'",
    "whole_imports_have_every_row": "UPDATE import_rows SET row = 5 WHERE import_id = 'IMPORT' AND row = 3",
    "nothing_is_asked_after_a_cancel": "UPDATE imports SET last_row = 1 WHERE import_id = 'IMPORT'",
    "failed_rows_are_marked": "UPDATE import_rows SET failed = true WHERE import_id = 'IMPORT' AND row = 1",
    "counts_are_the_rows": "UPDATE import_progress SET created = created + 1 WHERE import_id = 'IMPORT'",
    "endings_are_the_rows": "UPDATE import_progress SET kept = kept + 1 WHERE import_id = 'IMPORT'",
    "equation_holds": "UPDATE imports SET rows = 1 WHERE import_id = 'IMPORT'",
    "counts_are_not_negative": "UPDATE import_progress SET to_close = -1 WHERE import_id = 'IMPORT'",
    "facts_are_counted": "DELETE FROM import_progress",
    "waiting_has_begun": "UPDATE import_progress SET waiting = waiting + 1 WHERE import_id = 'IMPORT'",
    "counts_are_accounts": "UPDATE account_counts SET ok = ok + 1 WHERE import_id = 'IMPORT'",
    "spans_are_accounts": "UPDATE account_counts SET last_created = now() WHERE import_id = 'IMPORT'",
    "addresses_are_accounts": "DELETE FROM account_addresses WHERE account_id = 'ANN'",
    "stories_are_whole": "DELETE FROM account_story WHERE account_id = 'ANN'",
    "waiting_is_standing": "INSERT INTO waiting (account_id, import_id, row, since, attempts) "
    "VALUES ('ANN', 'IMPORT', 1, now(), 1)",
}
"""A statement for each rule that breaks it in the long story; `ANN` and `IMPORT` stand for ids."""


async def rules(pool: Pool) -> dict[str, Invariant]:
    """The rules of the set by name."""
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        return {rule.name: rule for rule in await check_invariants(Side(connection, HERE, READ_MODELS))}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories(), random=st.randoms(use_true_random=False))
async def test_rules_hold_at_every_place_of_any_log(two: TwoSets, history: History, random: Random) -> None:
    """Also before the import was accepted, in the middle of it, and where partitions are not equally far."""
    await two.empty()
    handler = reader(two.pool)
    await take_over(handler)
    for batch in in_batches(interleaved(records(history), random), random):
        await handler.handle(batch)
        assert {name: rule.first for name, rule in (await rules(two.pool)).items() if rule.broken} == {}


async def test_every_rule_can_be_broken(two: TwoSets) -> None:
    """One statement by hand, and the rule tells at least one row of it, without naming anybody."""
    names = [name for model in READ_MODELS for name in model.invariants]
    assert set(names) <= BREAKS.keys(), "say here how a new rule is broken"
    log = records(a_long_story().facts)
    for name in names:
        await two.empty()
        await feed(two.pool, log)
        assert not any(rule.broken for rule in (await rules(two.pool)).values())
        await two.pool.execute(BREAKS[name].replace("ANN", str(ANN)).replace("IMPORT", str(A)))
        rule = (await rules(two.pool))[name]
        assert rule.broken >= len(rule.first) > 0, name
        assert not rule.first[0].keys() & {"email", "description", "username", "message", "file_name"}
