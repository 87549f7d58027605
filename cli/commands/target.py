"""`course-accounts target`."""

from collections.abc import Sequence
from typing import Annotated, Any

from cyclopts import App, Parameter, Token

from cli.client import target as client
from cli.client.target import Target
from cli.examples import EXAMPLES
from cli.exits import Exit
from cli.parameters import USUAL_OUTPUT, USUAL_SERVER, OutputOptions, ServerOptions, Surroundings
from cli.text.target import target_lines
from cli.world import World

target = App(
    name="target",
    help="See the account service; pause it, resume it, limit the rate.",
    help_prologue=EXAMPLES["target"],
)


def _rate(_: Any, tokens: Sequence[Token]) -> float | None:
    said = tokens[0].value.strip().lower()
    if said == "none":
        return None
    try:
        rate = float(said)
    except ValueError:
        rate = 0
    if not 0 < rate <= 10_000:
        raise ValueError(
            f"{tokens[0].value} is not a rate: say 40 for 40 calls a second, or none for no limit."
        )
    return rate


@target.default
@target.command(name="show", help_prologue=EXAMPLES["target show"])
def show(
    *,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Show how the account service stands: state, since when and why, next try, rate, calls.

    Args:
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        return _shown(world, output, client.show(api))


@target.command(name="pause", help_prologue=EXAMPLES["target pause"])
def pause(
    *,
    reason: str = "",
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Make no calls to the account service until it is resumed.

    Takes hold within a second; calls under way end by themselves. Rows wait, nothing fails.

    Args:
        reason: Why; shown to other operators.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        return _shown(world, output, client.pause(api, reason))


@target.command(name="resume", help_prologue=EXAMPLES["target resume"])
def resume(
    *,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Make calls again.

    Also where nobody paused it: ends the waiting for one that asked to be left alone, probes at once one that is
    down.

    Args:
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        return _shown(world, output, client.resume(api))


@target.command(name="rate", help_prologue=EXAMPLES["target rate"])
def rate(
    rate: Annotated[float | None, Parameter(name="RATE", converter=_rate, n_tokens=1)],
    /,
    *,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Limit the calls a second, of all copies together.

    Takes hold within a second, and outlives a restart.

    Args:
        rate: Calls a second, or none for no limit.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        return _shown(world, output, client.limit(api, rate))


def _shown(world: World, output: OutputOptions, found: tuple[Target, bytes]) -> Exit:
    standing, raw = found
    world.out(raw.decode() if output.json else "\n".join(target_lines(standing)))
    return Exit.ALL_DONE
