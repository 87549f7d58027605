"""Orders as SCIM users, and users as accounts: pure."""

from typing import Any

import email_validator
import orjson
from scim2_models import Email, PatchOp, PatchOperation, SearchRequest, User

from services.provisioner.backends import reading
from services.provisioner.backends.body import OrderDocument
from services.provisioner.backends.outcomes import FoundAccount, Listed, Unknown

# Whether there may be people at campus.local is the importer's to judge, and it has.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


def new_user(order: OrderDocument, key: str, *, name: str, user_type: str) -> User[Any]:
    """The user an order asks for.

    Raises:
        ValueError: SCIM has no room for the address.
    """
    Email(
        value=order.email
    )  # judged; but what it holds afterwards is another spelling of international domains
    return User(
        user_name=name,
        external_id=key,
        display_name=order.description or order.email,
        user_type=user_type,
        active=True,
        emails=[Email.model_construct(value=order.email, primary=True)],
    )


def account_of(user: User[Any], scope: str | None = None) -> FoundAccount | None:
    """The account a user is; None: without a usable name it is none."""
    name = reading.user_name(user.user_name)
    if name is None:
        return None
    return FoundAccount(
        username=name,
        scope=scope,
        idempotency_key=user.external_id,
        created_at=None if user.meta is None else user.meta.created,
        email=next((str(email.value) for email in user.emails or () if email.value), None),
    )


def listed(answer: dict[str, Any], *, start: int) -> Listed | Unknown:
    """One page of a list, unchecked but for what is used of it."""
    found, total = answer.get("Resources", []), answer.get("totalResults")
    if not isinstance(found, list) or type(total) is not int:
        return reading.MALFORMED
    accounts = []
    for user in found:
        if not isinstance(user, dict) or (name := reading.user_name(user.get("userName"))) is None:
            return reading.MALFORMED
        if user.get("active") is not False:
            accounts.append(_listed(name, user))
    following = start + len(found)
    return Listed(tuple(accounts), str(following) if found and following <= total else None)


def _listed(name: str, user: dict[str, Any]) -> FoundAccount:
    emails, meta, key = user.get("emails"), user.get("meta"), user.get("externalId")
    addresses = [
        email.get("value")
        for email in (emails if isinstance(emails, list) else ())
        if isinstance(email, dict)
    ]
    return FoundAccount(
        username=name,
        idempotency_key=key if isinstance(key, str) else None,
        created_at=reading.moment(meta.get("created")) if isinstance(meta, dict) else None,
        email=next((address for address in addresses if isinstance(address, str)), None),
    )


def closed(user: User[Any]) -> bool:
    """Whether the account of a user is closed; a server that says nothing about it has it open."""
    return user.active is False


def change(**values: object) -> PatchOp[User[Any]]:
    """Set attributes, by their names in SCIM."""
    return PatchOp[User[Any]](
        operations=[
            PatchOperation(op=PatchOperation.Op.replace_, path=path, value=value)
            for path, value in values.items()
        ]
    )


def search(attribute: str, value: str, *, start: int = 1, count: int = 1) -> SearchRequest[Any]:
    """Users whose attribute has a value."""
    return SearchRequest(
        filter=f"{attribute} eq {orjson.dumps(value).decode()}", start_index=start, count=count
    )
