"""Deterministic ids (design decision D3): the same wish always has the same id, in every process and rebuild.

The derivations are frozen: `schemas/examples/ids.json` holds values that must never change.
"""

from hashlib import sha1
from uuid import NAMESPACE_DNS, UUID


def _uuid5(namespace: UUID, name: str) -> UUID:
    """RFC 9562 version 5; as the standard library's, which takes twice as long (it is called for every row)."""
    return UUID(bytes=sha1(namespace.bytes + name.encode(), usedforsecurity=False).digest()[:16], version=5)


NAMESPACE = _uuid5(NAMESPACE_DNS, "course-accounts.org")


def account_id(project_id: UUID, canonical_email: str) -> UUID:
    """The account of one person in one project; `canonical_email` as `schemas.canonical` makes it."""
    return _uuid5(project_id, canonical_email)


def request_id(import_id: UUID, row: int, revision: int) -> UUID:
    """The claim of one row; `revision` is 0 at submission and rises by one with each accepted correction."""
    return _uuid5(import_id, f"{row}/{revision}")


def requested_import_id(source: str, key: str) -> UUID:
    """The import that `source` asks for with an idempotency key, where it gives no id of its own."""
    return _uuid5(_uuid5(NAMESPACE, f"source/{source}"), key)


def import_event_id(import_id: UUID, what: str) -> UUID:
    """The event id of an import-level fact, for example `accepted` or `skipped/1`."""
    return _uuid5(import_id, what)


def account_event_id(account: UUID, version: int) -> UUID:
    """The event id of a provisioner's fact: one per account and version, however often relayed."""
    return _uuid5(account, str(version))


def target_id(target: str) -> UUID:
    """A target as an id: the key of its facts."""
    return _uuid5(NAMESPACE, f"target/{target}")


def target_event_id(target: str, change: int) -> UUID:
    """The event id of the `change`-th pause or resumption of a target."""
    return _uuid5(NAMESPACE, f"target/{target}/{change}")


def idempotency_key(account: UUID, life: int, series: int) -> UUID:
    """The key sent to the account service: one for each life of an account and series of attempts.

    Every automatic retry keeps it; a new series begins only after a definite "no effect" (reliability R36).
    """
    return _uuid5(account, f"create/{life}/{series}")
