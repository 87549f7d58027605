"""Facts on their way to the log: encoded once, when they are decided."""

from collections.abc import Iterable
from datetime import datetime

from schemas import codec
from schemas.codec import Encoded
from schemas.facts import AccountFact

SOURCE = "course-accounts/provisioner"


def encode_all(facts: Iterable[tuple[int, AccountFact]], *, time: datetime) -> list[tuple[int, Encoded]]:
    """Encode facts decided at `time`, each with the partition it belongs to: that of its request."""
    return [
        (partition, codec.encode(fact, source=SOURCE, time=time, causation_id=fact.claim.request_id))
        for partition, fact in facts
    ]


def event_id(encoded: Encoded) -> bytes:
    """The CloudEvents id of an encoded fact, as it stands in its header."""
    return next(value for name, value in encoded.headers if name == "ce_id")
