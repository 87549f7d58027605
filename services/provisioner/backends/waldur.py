"""The backend `waldur`: account services that speak the protocol of Waldur's, the simulated one among them."""

from contextlib import AbstractAsyncContextManager

from pydantic import Field, SecretStr

from services.provisioner.backends.context import BackendContext, BackendOptions
from services.provisioner.backends.http import HttpBackend
from services.provisioner.backends.protocol import Backend, Capabilities


class Assumed(BackendOptions):
    """What a service can do without saying so with its tokens."""

    arrays: int = 0
    look_up: bool = False
    keys: bool = False


class WaldurOptions(BackendOptions):
    """The provisioner's settings of the same names, and what may be assumed of the service."""

    account_service_url: str = Field(min_length=1)
    account_service_token_url: str = Field(min_length=1)
    account_service_client_id: str
    account_service_client_secret: SecretStr = Field(min_length=1)
    assume: Assumed | None = None


def backend(context: BackendContext) -> AbstractAsyncContextManager[Backend]:
    """A backend for the service the options name."""
    options = context.read(WaldurOptions)
    assumed = options.assume
    return HttpBackend(
        url=options.account_service_url,
        token_url=options.account_service_token_url,
        client_id=options.account_service_client_id,
        client_secret=options.account_service_client_secret.get_secret_value(),
        concurrency=context.concurrency,
        timeout=context.timeout,
        assume=None if assumed is None else Capabilities(**assumed.model_dump()),
        now=context.clock,
    )
