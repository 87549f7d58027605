"""All cases, through the API of a real importer."""

import pytest

from tests.cases.model import Case, all_cases
from tests.cases.playing import Player, play
from tests.cases.procedures import PROCEDURES
from tests.cases.table import PAGE, page

CASES = all_cases()


@pytest.mark.parametrize("case", [c for c in CASES if not c.settings], ids=lambda case: case.folder.name)
async def test_case(case: Case, player: Player) -> None:
    """What is uploaded is read, judged and told as the case says; the sums are exact."""
    await _run(case, player)


@pytest.mark.parametrize("case", [c for c in CASES if c.settings], ids=lambda case: case.folder.name)
async def test_case_of_a_strict_site(case: Case, strict_player: Player) -> None:
    """The same, where a site has small limits and wishes about domains."""
    await _run(case, strict_player)


async def _run(case: Case, player: Player) -> None:
    drafts = [await play(player, upload) for upload in case.uploads]
    if case.then:
        await PROCEDURES[case.then](player, case, drafts)


def test_every_case_is_there() -> None:
    """1 to 65, each once, and each expects something."""
    assert [case.number for case in CASES] == list(range(1, 66))
    assert all(case.uploads or case.then for case in CASES)
    assert {case.then for case in CASES if case.then} == set(PROCEDURES)


def test_the_table_is_up_to_date() -> None:
    """`docs/reference/csv-cases.md` says what these cases say; `python -m tests.cases.table` writes it."""
    assert PAGE.read_text("utf-8") == page()
