"""Backends: the ways to make, find and close an account at a target. What one needs to write its own is here.

See `protocol`, and `docs/how-to/write-a-backend.md`.
"""

from services.provisioner.backends.body import OrderDocument
from services.provisioner.backends.context import (
    BackendContext,
    BackendFactory,
    BackendOptions,
    BackendUnusable,
)
from services.provisioner.backends.outcomes import (
    Absent,
    CannotExtend,
    CannotList,
    CannotLookUp,
    Closed,
    CloseResult,
    Created,
    CreateResult,
    Exists,
    Extended,
    ExtendResult,
    Found,
    FoundAccount,
    Listed,
    ListResult,
    LookUpResult,
    NotSent,
    NotSentCause,
    Refused,
    Unknown,
    UnknownCause,
)
from services.provisioner.backends.protocol import Backend, Capabilities, CreateRequest
from services.provisioner.backends.simple import SimpleBackend

__all__ = [
    "Absent",
    "Backend",
    "BackendContext",
    "BackendFactory",
    "BackendOptions",
    "BackendUnusable",
    "CannotExtend",
    "CannotList",
    "CannotLookUp",
    "Capabilities",
    "CloseResult",
    "Closed",
    "CreateRequest",
    "CreateResult",
    "Created",
    "Exists",
    "ExtendResult",
    "Extended",
    "Found",
    "FoundAccount",
    "ListResult",
    "Listed",
    "LookUpResult",
    "NotSent",
    "NotSentCause",
    "OrderDocument",
    "Refused",
    "SimpleBackend",
    "Unknown",
    "UnknownCause",
]
