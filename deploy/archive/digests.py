"""What a partition holds, in two numbers: one that minds the order, one that does not. Pure.

Of each record the body of its line (`lines.py`) is hashed, so a digest says nothing of offsets: those are compared
by themselves. `ordered` is a chain, `chain = SHA-256(chain + SHA-256(body))` from 32 zero bytes, so that an export
that was interrupted goes on from it. `unordered` is the sum of the same SHA-256 modulo 2**256: equal, although
`ordered` is not, means the same records in another order.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final, NamedTuple

_NONE: Final = bytes(32)
_MODULUS: Final = 1 << 256


class Digest(NamedTuple):
    """Digests of so many records, as 64 hex digits each."""

    records: int
    ordered: str
    unordered: str


EMPTY: Final = Digest(0, _NONE.hex(), f"{0:064x}")


def extended(digest: Digest, bodies: Iterable[bytes]) -> Digest:
    """The digest after some more records."""
    chain, total, records = bytes.fromhex(digest.ordered), int(digest.unordered, 16), digest.records
    for body in bodies:
        one = sha256(body).digest()
        chain = sha256(chain + one).digest()
        total += int.from_bytes(one)
        records += 1
    return Digest(records, chain.hex(), f"{total % _MODULUS:064x}")
