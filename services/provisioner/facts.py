"""Facts on their way to the log: encoded once, when they are decided."""

from collections.abc import Iterable
from datetime import datetime

from schemas import codec, ids
from schemas.codec import Encoded
from schemas.facts import AccountFact, TargetFact
from schemas.topics import LOG_PARTITIONS
from services.common.partitioner import partitions_for

SOURCE = "course-accounts/provisioner"


def encode_all(facts: Iterable[tuple[int, AccountFact]], *, time: datetime) -> list[tuple[int, Encoded]]:
    """Encode facts decided at `time`, each with the partition it belongs to: that of its request."""
    return [
        (partition, codec.encode(fact, source=SOURCE, time=time, causation_id=fact.claim.request_id))
        for partition, fact in facts
    ]


def encode_target(fact: TargetFact, *, time: datetime) -> Encoded:
    """Encode a fact of the target, decided at `time`."""
    return codec.encode(fact, source=SOURCE, time=time)


def target_partition(target: str) -> int:
    """The partition of the log that all facts of a target stand in: that of its key."""
    (partition,) = partitions_for([str(ids.target_id(target)).encode()], LOG_PARTITIONS)
    return partition


def event_id(encoded: Encoded) -> bytes:
    """The CloudEvents id of an encoded fact, as it stands in its header."""
    return next(value for name, value in encoded.headers if name == "ce_id")
