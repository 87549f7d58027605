"""The backend `scim`: accounts are users of a SCIM 2.0 server (RFC 7643, RFC 7644)."""

from contextlib import AbstractAsyncContextManager

from services.provisioner.backends.context import BackendContext, BackendUnusable
from services.provisioner.backends.protocol import Backend

try:
    from services.provisioner.backends.scim.backend import ScimBackend
    from services.provisioner.backends.scim.options import ScimOptions
except ModuleNotFoundError as error:
    raise BackendUnusable(
        f"The backend `scim` needs {error.name}, which is not installed: pip install 'course-accounts[scim]'."
    ) from error


def backend(context: BackendContext) -> AbstractAsyncContextManager[Backend]:
    """A backend for the server the options name."""
    return ScimBackend(
        context.read(ScimOptions),
        concurrency=context.concurrency,
        timeout=context.timeout,
        now=context.clock,
    )
