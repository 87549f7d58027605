"""The port of the one address for clients."""

from .options import DEFAULT_PORT
from .port_holder import holder_of
from .ports import free_port, is_free

_NEIGHBOURS = 10


def choose_front_port(wanted: int | None) -> tuple[int, str | None]:
    """The port to use, and a sentence if it is not the one a person expects.

    Args:
        wanted: what the person asked for; None for the usual one.
    """
    first = wanted or DEFAULT_PORT
    if is_free(first):
        return first, None
    holder = holder_of(first) or "another program"
    other = next((p for p in range(first + 1, min(first + _NEIGHBOURS, 65536)) if is_free(p)), None)
    other = other or free_port()
    return other, f"Port {first} is used by {holder}; taking {other} instead."
