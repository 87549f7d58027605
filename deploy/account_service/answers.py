"""What goes back over the wire: accounts, refusals, errors."""

from typing import Any

import msgspec
import orjson

from deploy.account_service.journal import Created, Refused


class Answer(msgspec.Struct, frozen=True):
    """A status and the object that goes with it; `lost` asks for the connection to be dropped instead."""

    status: int
    body: dict[str, Any]
    lost: bool = False

    def encoded(self) -> bytes:
        """The body as JSON."""
        return orjson.dumps(self.body)

    def as_item(self) -> dict[str, Any]:
        """The answer as one item of an array's answer."""
        return {"status": self.status, **self.body}


def error(status: int, code: str, message: str) -> Answer:
    """A refusal or failure with its stable code."""
    return Answer(status, {"error": {"code": code, "message": message}})


def made(entry: Created, *, lost: bool = False) -> Answer:
    """The answer to a create: the same at every repetition of its key."""
    account = {
        "username": entry.username,
        "email": entry.email,
        "status": "active",
        "createdAt": entry.at,
        "expiresAt": entry.expires_at,
    }
    return Answer(201, {"tempAccount": account}, lost)


def view(entry: Created, closed_at: str | None) -> dict[str, Any]:
    """An account as reads and look-ups show it: with its owner, scope and key, so it can be recognised."""
    return {
        "username": entry.username,
        "email": entry.email,
        "status": "active" if closed_at is None else "closed",
        "createdAt": entry.at,
        "expiresAt": entry.expires_at,
        "closedAt": closed_at,
        "ownerUsername": entry.owner,
        "scopeSlug": entry.scope,
        "idempotencyKey": entry.key,
    }


def refused(entry: Refused) -> Answer:
    """The stored refusal of a key."""
    return error(entry.status, entry.code, entry.message)


IN_PROGRESS = error(
    409,
    "IDEMPOTENCY_KEY_IN_PROGRESS",
    "A request with this key is being worked on; ask again with the same key.",
)
KEY_REUSED = error(
    422, "IDEMPOTENCY_KEY_REUSED", "This key came with another body before; a key belongs to one body."
)
IN_USE = error(409, "ACCOUNT_IN_USE", "Somebody works in this account; it cannot be closed now.")
UNKNOWN_ACCOUNT = error(404, "ACCOUNT_UNKNOWN", "There is no account with this user name.")
