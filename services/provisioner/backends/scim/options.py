"""What an operator says about a SCIM server."""

import string
from typing import Literal, Self

from pydantic import Field, HttpUrl, SecretStr, field_validator, model_validator

from services.provisioner.backends.context import BackendOptions

_PLACES = frozenset({"local", "hash", "email"})


class ScimOptions(BackendOptions):
    """`backend_options` of the backend `scim`. Either `token`, or the three of OAuth's client credentials."""

    url: HttpUrl = Field(description="below which /Users is")
    token: SecretStr | None = None
    token_url: HttpUrl | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    token_scope: str | None = None
    close: Literal["deactivate", "delete"] = "deactivate"
    user_name: str = Field(default="{local}-{hash}", max_length=100)
    """`{local}`: what stands before the @; `{hash}`: eight characters for address and course; `{email}`."""
    user_type: str = Field(default="Course account", min_length=1, max_length=100)
    """The standard attribute `userType` of the users made here; by it they are told from all others."""

    @field_validator("user_name")
    @classmethod
    def _tells_people_apart(cls, value: str) -> str:
        try:
            places = {name for _, name, _, _ in string.Formatter().parse(value) if name is not None}
        except ValueError:
            raise ValueError("has an unpaired brace") from None
        if not places <= _PLACES:
            raise ValueError("may hold {local}, {hash} and {email} only")
        if not places & {"hash", "email"}:
            raise ValueError("must hold {hash} or {email}: else two people may get one name")
        return value

    @model_validator(mode="after")
    def _one_way_to_sign_in(self) -> Self:
        given = [self.token_url, self.client_id, self.client_secret]
        if self.token is None and None in given:
            raise ValueError("token is missing, or token_url, client_id and client_secret")
        if self.token is not None and any(part is not None for part in given):
            raise ValueError("token and client credentials exclude each other")
        return self
