"""Backends by name: installed packages bring them, as entry points."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import EntryPoint, distributions

from services.provisioner.backends.context import BackendContext, BackendFactory, BackendUnusable
from services.provisioner.backends.protocol import Backend

GROUP = "course_accounts.backends"

_VERBS = ("prepare", "create", "create_many", "look_up", "close", "extend", "list_accounts")


def backend_named(name: str) -> BackendFactory:
    """The factory of a backend.

    Raises:
        BackendUnusable: nobody brings it, two bring different ones, or it cannot be imported.
    """
    there = _installed()
    chosen = {_package(point): point for point in there if point.name == name}
    if not chosen:
        names = ", ".join(sorted({point.name for point in there})) or "none; install this package again"
        raise BackendUnusable(
            f"There is no backend called `{name}`. There are: {names}. Choose one of them, or install the package "
            f"that brings `{name}`."
        )
    if len(chosen) > 1:
        packages = " and ".join(sorted(chosen))
        raise BackendUnusable(
            f"More than one package brings a backend called `{name}`: {packages}. Remove one."
        )
    [point] = chosen.values()
    try:
        factory: BackendFactory = point.load()
    except BackendUnusable:
        raise
    except Exception as error:
        raise _broken(point, error) from error
    if not callable(factory):
        raise BackendUnusable(
            f"The backend `{name}` of {_package(point)} cannot be used: {point.value} is not a function that takes "
            "a context."
        )
    return factory


def installed() -> list[tuple[str, str]]:
    """Name and package of each backend there is."""
    return sorted({(point.name, _package(point).removeprefix("the package ")) for point in _installed()})


@asynccontextmanager
async def open_backend(name: str, context: BackendContext) -> AsyncIterator[Backend]:
    """Start a backend by its name; leaving the context ends it.

    Raises:
        BackendUnusable: it cannot be loaded, does not take its options, or is not a backend.
    """
    factory = backend_named(name)
    async with AsyncExitStack() as stack:
        try:
            backend = await stack.enter_async_context(factory(context))
        except BackendUnusable:
            raise
        except Exception as error:
            raise BackendUnusable(
                f"The backend `{name}` did not start: {type(error).__name__}: {error}"
            ) from error
        missing = [verb for verb in _VERBS if not callable(getattr(backend, verb, None))]
        if missing or not hasattr(backend, "capabilities"):
            raise BackendUnusable(
                f"The backend `{name}` lacks {', '.join(missing) or 'capabilities'}. Build it on SimpleBackend, "
                "which has what a target need not be able to do."
            )
        yield backend


def _installed() -> list[EntryPoint]:
    # Not `entry_points()`: beside a checkout it believes what an earlier build left there, and nothing else.
    return [point for package in distributions() for point in package.entry_points if point.group == GROUP]


def _package(point: EntryPoint) -> str:
    return f"the package {point.dist.name}" if point.dist is not None else "an unnamed package"


def _broken(point: EntryPoint, error: Exception) -> BackendUnusable:
    return BackendUnusable(
        f"The backend `{point.name}` of {_package(point)} cannot be loaded: {type(error).__name__}: {error}. "
        "Repair or remove that package, or choose another backend."
    )
