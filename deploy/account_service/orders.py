"""What a client may ask for: the body of a create, checked and bounded."""

import hashlib
from typing import Annotated

import msgspec

MAX_ITEMS = 100

_Short = Annotated[str, msgspec.Meta(min_length=1, max_length=254)]
_Text = Annotated[str, msgspec.Meta(max_length=2000)]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class Order(msgspec.Struct, frozen=True, rename="camel"):
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

    @property
    def address(self) -> tuple[str, str]:
        """What may be alive only once: the e-mail in any case, and the scope."""
        return self.email.lower(), self.scope_slug


class _Keyed(msgspec.Struct, frozen=True, rename="camel"):
    idempotency_key: Key | None = None


class Malformed(Exception):
    """The body, or one item of it, is not what we take; the message is one for people."""


_order = msgspec.json.Decoder(Order)
_items = msgspec.json.Decoder(list[msgspec.Raw])
_key = msgspec.json.Decoder(_Keyed)
_encoder = msgspec.json.Encoder()


def parse(body: bytes | msgspec.Raw) -> Order:
    """One order.

    Raises:
        Malformed: says which field is wrong, never its value.
    """
    try:
        return _order.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"The account asked for is not complete or not valid: {error}.") from None


def parse_key(item: msgspec.Raw) -> str | None:
    """The idempotency key inside an item of an array.

    Raises:
        Malformed: there is one, but it is not usable.
    """
    try:
        return _key.decode(item).idempotency_key
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"The item or its idempotency key is not valid: {error}.") from None


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
    return hashlib.blake2b(_encoder.encode(order), digest_size=12).hexdigest()
