"""The body of a create: what is taken, what is refused, and that values never show up in messages."""

import json

import msgspec
import pytest

from deploy.account_service.orders import MAX_ITEMS, Malformed, fingerprint, parse, parse_item, split

GOOD = {
    "email": "ada@example.org",
    "scopeSlug": "python-101",
    "ownerUsername": "manager",
    "scopeType": "project",
}


def body(**changes: object) -> bytes:
    """A good body with some changes."""
    return json.dumps({**GOOD, **changes}).encode()


def test_fields_we_do_not_know_are_ignored() -> None:
    """A foreign client may send more."""
    assert parse(body(colour="blue")) == parse(body())


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"email": "ada@example.org"}',
        b"[" * 100_000,
        body(email="no address"),
        body(email="a b@example.org"),
        body(email="a@b\n"),
        body(email="a" * 250 + "@x.org"),
        body(email=7),
        body(scopeType="customer"),
        body(scopeSlug=""),
        body(description="x" * 2001),
        body(scopeOfferingSlugs=["hpc"] * 101),
    ],
)
def test_what_is_not_an_order_is_refused(bad: bytes) -> None:
    """One error for all of it, with a sentence that repeats no value."""
    with pytest.raises(Malformed) as caught:
        parse(bad)
    assert "example.org" not in str(caught.value)


def test_a_wish_has_one_fingerprint_alone_and_in_an_array() -> None:
    """So a key may come back the other way."""
    item = parse_item(msgspec.Raw(body(idempotencyKey="k1")))
    assert item.idempotency_key == "k1"
    assert fingerprint(item) == fingerprint(parse(body()))


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "Ada@example.org"},
        {"scopeSlug": "rust-7"},
        {"ownerUsername": "other"},
        {"description": "d"},
        {"scopeName": "n"},
        {"scopeOfferingSlugs": ["hpc"]},
        {"scopeValidFrom": "2026-01-01"},
        {"scopeValidTo": "2026-01-01"},
    ],
)
def test_every_field_counts_for_the_fingerprint(changes: dict[str, object]) -> None:
    """Another body is another wish."""
    assert fingerprint(parse(body(**changes))) != fingerprint(parse(body()))


@pytest.mark.parametrize("bad", [b"[]", b"{}", b"[1", json.dumps([GOOD] * (MAX_ITEMS + 1)).encode()])
def test_arrays_are_bounded(bad: bytes) -> None:
    """1 to 100 items."""
    with pytest.raises(Malformed):
        split(bad)


def test_an_item_that_is_no_object_is_refused_alone() -> None:
    """The rest of the array goes on."""
    [good, wrong] = split(b"[" + body() + b",3]")
    assert parse_item(good).email == "ada@example.org"
    with pytest.raises(Malformed):
        parse_item(wrong)
