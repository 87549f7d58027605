"""Two sets beside each other: what is the same, and what exactly is not."""

from dataclasses import replace

import pytest

from schemas.projects import CourseProject
from services.common.database import Pool
from services.common.records import TopicPartition
from services.projector.comparing.compare import Comparing, Progress
from services.projector.comparing.merging import Where
from services.projector.comparing.result import ComparedTable
from services.projector.comparing.sides import NotComparable, PositionsDiffer, Side
from services.projector.registry import READ_MODELS
from tests.integration.projector.comparing.support import (
    HERE,
    OTHER,
    TwoSets,
    differing,
    feed_batches,
)
from tests.integration.projector.support import project_record, records
from tests.integration.projector.test_positions_and_rows import a_long_story
from tests.unit.projector.stories import PROJECT, START, account_of, import_of


async def a_set(two: TwoSets) -> None:
    """Rows in every table, and the same in both sets."""
    log = records(a_long_story().facts)
    offset = max(r.offset for r in log if r.partition == 0) + 1 if any(r.partition == 0 for r in log) else 0
    poison = log[0]._replace(partition=0, offset=offset, value=b"{")
    project = CourseProject(project_id=PROJECT.project_id, name="A course", slug="a-course")
    await feed_batches(two.pool, [[*log, poison, project_record(project, 0)]])
    await two.copy()


async def test_equal_sets(two: TwoSets) -> None:
    """Every table that follows from the log is compared; when this process did something is not."""
    await a_set(two)
    await two.change("UPDATE parked SET parked_at = now()", "UPDATE positions SET as_of = now()")
    told: list[Progress] = []
    found = await two.compare(report=told.append)
    assert found.equal
    assert found.sound
    rows = {table.name: table.rows_here for table in found.tables}
    assert rows.keys() == {*two.names, "row_classes"} - {"positions", "unknown_types", "import_changes"}
    assert min(number for name, number in rows.items() if number is not None and name in _FILLED) > 0
    assert told[-1].rows == 2 * sum(number or 0 for number in rows.values())
    assert len(found.invariants) == sum(len(model.invariants) for model in READ_MODELS)
    log_positions = {here: at for here, at in found.positions.items() if here.topic == "log"}
    assert sum(log_positions.values()) == len(a_long_story().facts) + 1


_FILLED = {
    "accounts",
    "import_rows",
    "imports",
    "import_progress",
    "targets",
    "projects",
    "parked",
    "row_classes",
}

CELLS = [
    ("accounts", "code", "''", f"account_id = '{account_of('dan')}'", (None, "")),
    ("accounts", "claims", "claims || ' '", "account_id IN (SELECT account_id FROM accounts LIMIT 1)", None),
    ("import_progress", "rate", "rate + 1e-12", "rate > 0", None),
    ("import_progress", "settled", "settled + interval '1 microsecond'", "settled IS NOT NULL", None),
    ("imports", "skipped_groups", "'{3,3}'", f"import_id = '{import_of('a')}'", ("{3}", "{3,3}")),
    ("imports", "submitted", "NULL", f"import_id = '{import_of('b')}'", None),
    ("targets", "paused", "NOT paused", "true", ("false", "true")),
    ("projects", "name", "'Á course'", "true", ("A course", "Á course")),
    ("projects", "end_date", "'2026-06-30'", "true", (None, "2026-06-30")),
    ("parked", "headers", "'[]'", "true", None),
    ("parked", "value", "'\\x7b7d'", "true", ("\\x7b", "\\x7b7d")),
    ("row_classes", "class", "'failed'", "claim = 'met' AND standing = 'ok'", ("existing", "failed")),
]
"""Table, column, another value, of which rows, and what is shown of it where that is short."""


async def test_a_cell_changed_by_hand_is_named(two: TwoSets) -> None:
    """Whatever its type: table, key, column and both values; nothing else differs."""
    await a_set(two)
    for table, column, value, where, values in CELLS:
        async with two.pool.acquire() as connection, connection.transaction():
            await connection.execute(f"SET LOCAL search_path = {OTHER}")
            changed = await connection.fetch(
                f"WITH one AS (SELECT ctid FROM {table} WHERE {where} LIMIT 1) "  # noqa: S608 - of this file
                f"UPDATE {table} AS t SET {column} = {value} FROM one WHERE t.ctid = one.ctid RETURNING t.*"
            )
        assert len(changed) == 1, (table, column)
        found = await two.compare()
        assert not found.equal
        assert not found.sound
        assert list(differing(found)) == [table]
        one = differing(found)[table]
        (row,) = one.first
        (cell,) = row.cells
        assert (one.differing, one.rows_here, row.where) == (1, one.rows_there, Where.BOTH)
        assert cell.column == column
        assert all(str(changed[0][name]) == str(part) for name, part in row.key)
        assert cell.here != cell.there
        if values is not None:
            assert (cell.here, cell.there) == values
        await two.change(f"TRUNCATE {table}", f"INSERT INTO {table} SELECT * FROM {HERE}.{table}")  # noqa: S608
    assert (await two.compare()).equal


async def test_rows_that_only_one_set_has(two: TwoSets) -> None:
    """A missing one and an extra one are told in the order of keys, with their side."""
    await a_set(two)
    a, b = import_of("a"), import_of("b")
    await two.pool.execute("DELETE FROM import_rows WHERE import_id = $1 AND row = 1", a)
    await two.change(
        f"DELETE FROM import_rows WHERE import_id = '{b}'",  # noqa: S608 - an id of this file
        f"UPDATE import_rows SET row = 10 WHERE import_id = '{a}' AND row = 4",  # noqa: S608
    )
    one = differing(await two.compare())["import_rows"]
    told = [(dict(row.key)["import_id"], dict(row.key)["row"], row.where) for row in one.first]
    expected = [
        (str(a), 1, Where.THERE),
        (str(a), 4, Where.HERE),
        (str(a), 10, Where.THERE),
        (str(b), 1, Where.HERE),
    ]
    assert told == sorted(expected, key=lambda row: row[:2])
    assert (one.differing, one.rows_there) == (4, one.rows_here)


async def test_cells_that_two_rows_exchanged(two: TwoSets) -> None:
    """The same values in the same column, but not with the same key: all of them differ."""
    await two.pool.execute(
        "INSERT INTO account_story (account_id, version, claims, time, import_id, row, kind, data) "
        "SELECT $1, n, 1, $2, $1, n, 1, '' FROM generate_series(1, 9999) AS n",
        account_of("ann"),
        START,
    )
    await two.copy()
    await two.change("UPDATE account_story SET row = 10000 - row")
    assert differing(await two.compare())["account_story"].differing == 9998


async def test_the_first_rows_in_the_order_of_keys(two: TwoSets) -> None:
    """All that differ are counted; those described are the first of the whole table, whatever their bucket."""
    await two.pool.execute(
        "INSERT INTO import_progress (import_id, partition, created, failed, waiting, cancelled, closed, existing, "
        "duplicate, invalid, version, corrections, to_close, kept, unclosed, rate) "
        "SELECT $1, n, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0 FROM generate_series(1, 5000) AS n",
        import_of("a"),
    )
    await two.copy()
    await two.change("UPDATE import_progress SET version = 2 WHERE partition >= 9")
    one = differing(await two.compare(most=3))["import_progress"]
    assert one.differing == 4992
    assert [dict(row.key)["partition"] for row in one.first] == [9, 10, 11]
    assert [(cell.column, cell.here, cell.there) for cell in one.first[0].cells] == [("version", "1", "2")]


async def test_what_people_did_with_parked_records_is_no_difference(two: TwoSets) -> None:
    """One that was redriven is no row; one that was dropped is one, and what it says is compared as before."""
    await a_set(two)
    await two.change("DELETE FROM parked")
    assert differing(await two.compare())["parked"].differing == 1
    await two.pool.execute("UPDATE parked SET state = 'redriven'")
    assert (await two.compare()).equal
    await two.copy()
    await two.change("UPDATE parked SET state = 'dropped'")
    assert differing(await two.compare())["parked"].rows_there == 1
    await two.pool.execute("UPDATE parked SET state = 'parked'")
    assert (await two.compare()).equal
    await two.change("UPDATE parked SET value = 'x'")
    (row,) = differing(await two.compare())["parked"].first
    assert [cell.column for cell in row.cells] == ["value"]


async def test_sets_at_other_positions_are_not_compared(two: TwoSets) -> None:
    """The partition is named; it does not matter that a set has a row for one that was never read."""
    await a_set(two)
    await two.change(
        "INSERT INTO positions (topic, partition, next_offset, as_of) VALUES ('log', 9, 0, now())"
    )
    assert (await two.compare()).equal
    await two.change("UPDATE positions SET next_offset = 99 WHERE topic = 'log' AND partition = 2")
    with pytest.raises(PositionsDiffer) as refused:
        await two.compare()
    assert refused.value.partition == TopicPartition("log", 2)


async def test_a_changed_model(two: TwoSets) -> None:
    """What both have is compared, other columns are named, and only its own tables may differ."""
    await a_set(two)
    await two.change(
        "ALTER TABLE import_progress ADD COLUMN eta integer",
        "ALTER TABLE import_progress DROP COLUMN next_attempt_at CASCADE",
        "ALTER TABLE import_progress ALTER COLUMN created TYPE bigint",
        "UPDATE set_models SET version = version + 1 WHERE model = 'import_progress'",
    )
    progress = next(model for model in READ_MODELS if model.name == "import_progress")
    newer = [
        replace(model, invariants=model.invariants[:5]) if model is progress else model
        for model in READ_MODELS
    ]
    found = await two.compare(there=newer)
    assert (found.equal, found.sound) == (False, True)
    assert found.changed.keys() == {"import_progress"}
    assert found.changed["import_progress"].version_here == progress.version
    (one,) = differing(found).values()
    assert one == ComparedTable(
        "import_progress",
        "import_progress",
        one.rows_here,
        one.rows_here,
        0,
        (),
        ("next_attempt_at",),
        ("eta",),
        ("created",),
        one.checksum,
    )
    assert one.checksum
    await two.change("UPDATE import_progress SET corrections = corrections + 1")
    found = await two.compare(there=newer)
    assert not found.sound
    assert [i.name for i in found.invariants if i.broken] == ["endings_are_the_rows"]
    await two.change("UPDATE import_progress SET corrections = corrections - 1")
    await two.change("UPDATE targets SET reason = 'X'")
    assert not (await two.compare(there=newer)).sound


async def test_tables_that_cannot_be_paired(two: TwoSets) -> None:
    """Another primary key, or a table that only one set has: counted, not compared by row."""
    await a_set(two)
    await two.change(
        "ALTER TABLE projects DROP CONSTRAINT projects_pkey",
        "CREATE TABLE more (id int PRIMARY KEY)",
        "INSERT INTO more VALUES (1), (2)",
    )
    found = differing(await two.compare())
    assert (found["projects"].rows_here, found["projects"].rows_there, found["projects"].differing) == (
        1,
        1,
        None,
    )
    assert (found["more"].model, found["more"].rows_here, found["more"].rows_there) == (None, None, 2)


async def test_rows_without_a_key(two: TwoSets) -> None:
    """They are told by all they say, and it counts how often they are there; NULL and the empty text are two."""
    for schema in (HERE, OTHER):
        await two.pool.execute(f"CREATE TABLE {schema}.loose (b text, a int)")
        await two.pool.execute(f"INSERT INTO {schema}.loose VALUES ('x', 1), ('x', 1), (NULL, 10), ('y', 2)")  # noqa: S608
    assert (await two.compare()).equal
    await two.change(
        "UPDATE loose SET b = '' WHERE a = 10",
        "DELETE FROM loose WHERE a = 2",
        "INSERT INTO loose VALUES ('x', 1)",
    )
    one = differing(await two.compare())["loose"]
    assert (one.rows_here, one.rows_there, one.differing) == (4, 4, 4)
    assert [(dict(row.key)["row"], row.where) for row in one.first] == [
        ("(1,x)", Where.BOTH),
        ('(10,"")', Where.THERE),
        ("(10,)", Where.HERE),
        ("(2,y)", Where.HERE),
    ]


async def test_transient_models_are_left_out(two: TwoSets) -> None:
    """What does not follow from the log alone is no difference."""
    await a_set(two)
    await two.change("UPDATE targets SET reason = 'X'")
    loose = [replace(model, transient=model.name == "target") for model in READ_MODELS]
    found = await two.compare(here=loose, there=loose)
    assert found.equal
    assert "targets" not in {table.name for table in found.tables}


async def test_a_moving_set_is_not_compared(pool: Pool) -> None:
    """Outside a snapshot every statement would see other rows."""
    async with pool.acquire() as one, one.transaction(), pool.acquire() as other, other.transaction():
        sides = Side(one, HERE, READ_MODELS), Side(other, HERE, READ_MODELS)
        with pytest.raises(NotComparable, match="read committed"):
            await Comparing(*sides).run()
