"""Accounts that are asked for directly: what is refused, in which words, and what makes a request the same."""

from uuid import UUID

import msgspec
import pytest

from schemas.ids import account_id
from services.importer.api.accounts import AccountsBody
from services.importer.api.json_body import mistake
from services.importer.domain.direct import (
    Unacceptable,
    Wanted,
    check,
    content_of,
    counted,
    judged,
    keyed_import_id,
    project_of,
    settled,
)
from services.importer.domain.policy import AddressPolicy
from services.importer.domain.rows import Verdict

PROJECT = UUID("2f1d3a5b-7c9e-4f60-a1b2-c3d4e5f60718")
POLICY = AddressPolicy.of()


@pytest.mark.parametrize(
    "text",
    [
        "2f1d3a5b7c9e4f60a1b2c3d4e5f60718",
        "2F1D3A5B-7C9E-4F60-A1B2-C3D4E5F60718",
        " 2f1d3a5b7c9e4f60a1b2c3d4e5f60718 ",
        "https://portal.example.org/api/projects/2f1d3a5b7c9e4f60a1b2c3d4e5f60718/",
        "/api/course-projects/2f1d3a5b-7c9e-4f60-a1b2-c3d4e5f60718",
    ],
)
def test_a_project_is_named_as_clients_do(text: str) -> None:
    """A uuid in either spelling, or an address that ends in one."""
    assert project_of(text) == PROJECT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "algebra",
        "2f1d3a5b7c9e4f60a1b2c3d4e5f6071",
        "{2f1d3a5b7c9e4f60a1b2c3d4e5f6071}",
        "0x1d3a5b7c9e4f60a1b2c3d4e5f60718",
        "2f1d3a5b-7c9e4f60a1b2c3d4e5f607180000",
        "２f1d3a5b7c9e4f60a1b2c3d4e5f60718",
        "2f1d3a5b7c9e4f60a1b2c3d4e5f60718\x00",
    ],
)
def test_what_names_no_project_is_refused_by_field(text: str) -> None:
    """Also what Python would read as a number."""
    with pytest.raises(Unacceptable) as refused:
        project_of(text)
    assert (refused.value.code, list(refused.value.errors or {})) == ("PROJECT_UNKNOWN", ["project"])


def test_rows_are_judged_as_those_of_a_file() -> None:
    """One canonical address is one account; repeated it is a duplicate; what is known of it is kept."""
    rows = judged(
        [Wanted(" Ada@Example.org ", "one"), Wanted("bob@example.org", ""), Wanted("ada@example.org", "two")],
        PROJECT,
        POLICY,
    )
    check(rows, single=False)
    assert [row.verdict for row in rows] == [Verdict.NEW, Verdict.NEW, Verdict.DUPLICATE]
    assert rows[0].account_id == account_id(PROJECT, "ada@example.org").bytes
    rows = settled(rows, bytes([2, 3]))
    assert [row.verdict for row in rows] == ["existing_ok", "existing_erred", "duplicate"]
    assert {name: count for name, count in counted(rows).items() if count} == {
        "existing_ok": 1,
        "existing_erred": 1,
        "duplicate": 1,
    }


@pytest.mark.parametrize(
    ("email", "description", "field", "code"),
    [
        ("", "", "email", "EMAIL_MISSING"),
        ("nobody", "", "email", "EMAIL_NO_AT"),
        ("ada@example.org\x00", "", "email", None),
        ("a" * 65 + "@example.org", "", "email", None),
        ("ada@" + "a" * 300 + ".org", "", "email", None),
        ("ada@example.org", "x" * 2_001, "description", "DESCRIPTION_TOO_LONG"),
    ],
)
def test_one_bad_account_is_refused_with_its_code(
    email: str, description: str, field: str, code: str | None
) -> None:
    """By the field's own name, in a sentence, with the code that a file's row would have."""
    rows = judged([Wanted(email, description)], PROJECT, POLICY)
    with pytest.raises(Unacceptable) as refused:
        check(rows, single=True)
    assert list(refused.value.errors or {}) == [field]
    assert refused.value.code == (code or rows[0].code)
    assert refused.value.detail


def test_bad_accounts_of_a_list_are_refused_by_place() -> None:
    """Nothing is created; the first hundred are named."""
    good_and_bad = [Wanted("ada@example.org", ""), *[Wanted(f"nobody{n}", "") for n in range(150)]]
    with pytest.raises(Unacceptable) as refused:
        check(judged(good_and_bad, PROJECT, POLICY), single=False)
    errors = list(refused.value.errors or {})
    assert (refused.value.code, len(errors)) == ("ACCOUNTS_INVALID", 100)
    assert errors[0] == "course_accounts[1].email"
    assert refused.value.detail.startswith("150 of 151 accounts")


def test_a_key_is_a_person_s_own() -> None:
    """Two people may use the same key; a name and a key do not run into each other."""
    assert keyed_import_id("ada", "k") == keyed_import_id("ada", "k")
    assert keyed_import_id("ada", "k") != keyed_import_id("bob", "k")
    assert keyed_import_id("ada 1", "k") != keyed_import_id("ada", "1 k")


def test_the_same_request_has_the_same_content() -> None:
    """Another description, another project or another endpoint is another request."""
    one = [Wanted("ada@example.org", "")]
    same = content_of(PROJECT, one, single=True)
    assert content_of(PROJECT, list(one), single=True) == same
    assert content_of(PROJECT, [Wanted("ada@example.org", "x")], single=True) != same
    assert content_of(UUID(int=1), one, single=True) != same
    assert content_of(PROJECT, one, single=False) != same


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{}", "project"),
        (b'{"project": 1}', "project"),
        (b'{"project": "x", "course_accounts": []}', "course_accounts"),
        (b'{"project": "x", "course_accounts": [{}]}', "course_accounts[0].email"),
        (b'{"project": "x", "course_accounts": [{"email": null}]}', "course_accounts[0].email"),
        (b'{"project": "x", "course_accounts": [{"email": "a"}, 5]}', "course_accounts[1]"),
        (b"[]", "body"),
    ],
)
def test_a_decoder_s_complaint_is_told_by_field(body: bytes, field: str) -> None:
    """As the client wrote it."""
    with pytest.raises(msgspec.ValidationError) as said:
        msgspec.json.decode(body, type=AccountsBody)
    named, sentence = mistake(str(said.value))
    assert named == field
    assert sentence.endswith(".")
