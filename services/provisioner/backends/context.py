"""What a backend is given when it is started."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from services.common.errors import CannotStart
from services.provisioner.backends.protocol import Backend


class BackendOptions(BaseModel):
    """Base of the options of a backend: an unknown one is an error. Secrets are `SecretStr`."""

    model_config = ConfigDict(extra="forbid", frozen=True)


OptionsT = TypeVar("OptionsT", bound=BackendOptions)


class BackendUnusable(CannotStart):
    """The backend that was asked for cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendContext:
    """The operator's wishes, and what the process lends."""

    options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The setting `backend_options`; may hold secrets."""
    concurrency: int = 64
    """Calls the provisioner has under way at once, at most."""
    timeout: float = 30.0
    """Seconds any call may take; a create says it again, for itself."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def read(self, model: type[OptionsT]) -> OptionsT:
        """The options, checked.

        Raises:
            BackendUnusable: they do not fit; the sentence names them, never their values.
        """
        try:
            return model.model_validate(dict(self.options))
        except ValidationError as error:
            wrong = "; ".join(
                f"{'.'.join(map(str, item['loc'])) or 'together'}: {item['msg']}"
                for item in error.errors(include_url=False, include_input=False)
            )
            known = ", ".join(model.model_fields)
            raise BackendUnusable(
                f"The options of the backend are not usable. {wrong}. Known options: {known}."
            ) from None


BackendFactory = Callable[[BackendContext], AbstractAsyncContextManager[Backend]]
"""What an entry point of the group `course_accounts.backends` names."""
