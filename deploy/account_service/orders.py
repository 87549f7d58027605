"""What a client may ask for: the body of a create, checked and bounded."""

import hashlib
from typing import Annotated

import msgspec

MAX_ITEMS = 100

_Short = Annotated[str, msgspec.Meta(min_length=1, max_length=254)]
_Text = Annotated[str, msgspec.Meta(max_length=2000)]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class Order(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """One account that is wanted. Fields we do not know are ignored, as a foreign client may send more."""

    email: Annotated[str, msgspec.Meta(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\Z")]
    scope_slug: _Short
    owner_username: _Short
    scope_type: Annotated[str, msgspec.Meta(pattern="^project$")] = "project"
    description: _Text | None = None
    scope_name: _Text | None = None
    scope_offering_slugs: Annotated[list[_Short], msgspec.Meta(max_length=100)] = msgspec.field(
        default_factory=list
    )
    scope_valid_from: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    scope_valid_to: Annotated[str, msgspec.Meta(max_length=40)] | None = None


class Item(Order, frozen=True, gc=False, rename="camel"):
    """An order inside an array, which carries its key itself."""

    idempotency_key: Key | None = None


class Malformed(Exception):
    """The body, or one item of it, is not what we take; the message is one for people."""


_order = msgspec.json.Decoder(Order)
_items = msgspec.json.Decoder(list[msgspec.Raw])
_item = msgspec.json.Decoder(Item)
_encoder = msgspec.json.Encoder()


def parse(body: bytes) -> Order:
    """One order.

    Raises:
        Malformed: says which field is wrong, never its value.
    """
    try:
        return _order.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"The account asked for is not complete or not valid: {error}.") from None


def parse_item(item: msgspec.Raw) -> Item:
    """One item of an array.

    Raises:
        Malformed: says which field is wrong, never its value.
    """
    try:
        return _item.decode(item)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"The account asked for is not complete or not valid: {error}.") from None


def split(body: bytes) -> list[msgspec.Raw]:
    """The items of an array, still unread.

    Raises:
        Malformed: not an array of 1 to 100 items.
    """
    try:
        items = _items.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed("The body is not a JSON array.") from None
    if not 1 <= len(items) <= MAX_ITEMS:
        raise Malformed(f"An array holds 1 to {MAX_ITEMS} accounts.")
    return items


def fingerprint(order: Order) -> str:
    """The same for the same wish, alone or in an array: tells whether a key comes back with another body."""
    fields = (
        order.email,
        order.scope_slug,
        order.owner_username,
        order.description,
        order.scope_name,
        order.scope_offering_slugs,
        order.scope_valid_from,
        order.scope_valid_to,
    )
    return hashlib.blake2b(_encoder.encode(fields), digest_size=12).hexdigest()
