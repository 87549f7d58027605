"""Measure: ``make bench``, or ``python -m bench [NAME …] [--rows N] [--pairs N]``."""

import asyncio
import sys
import time
from datetime import UTC, datetime

import structlog
from aiokafka.errors import KafkaError

from bench import environment, options, record
from bench.options import Options
from bench.pairs import Say
from bench.stack import BenchError, Running, running
from bench.stats import Figure
from bench.works import of_the_projector, of_the_provisioner, p1, p2, p4a, p4b, p6, p7
from bench.works.own_importer import own_importer
from deploy.embedded.errors import StackError


def main() -> int:
    """Run; exit code 0 when everything was measured, 1 when that was not possible."""
    chosen = options.parse()
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr)
    )  # the record may go to stdout
    began = datetime.now(UTC)
    say = _progress()
    about: dict[str, object] = {}
    figures: list[Figure] = []
    failed = False
    try:
        with asyncio.Runner(loop_factory=_loop) as runner:
            runner.run(_measure(chosen, say, about, figures))
    except (BenchError, StackError, KafkaError, OSError) as error:
        sys.stderr.write(f"Not measured: {error or type(error).__name__}\n")
        failed = True
    if figures:
        record.keep(began, chosen, about, figures, say=say)
    return 1 if failed else 0


async def _measure(chosen: Options, say: Say, about: dict[str, object], figures: list[Figure]) -> None:
    """Fill `about` and `figures`: what was measured before something failed is kept."""
    say("starting the whole system in a folder of its own")
    async with running() as system:
        about |= await environment.describe(system)
        figures += await _of_the_importer(system, chosen, say)
        for name in filter(of_the_provisioner.NAMES.__contains__, chosen.names):
            figures += await of_the_provisioner.measure(name, system, chosen, _named(name, say))
        if "p6" in chosen.names:
            figures.append(
                await p6.measure(system, rows=chosen.rows, pairs=chosen.pairs, say=_named("p6", say))
            )
        if "p4a" in chosen.names:
            figures.append(
                await p4a.measure(
                    system,
                    events=chosen.events,
                    pairs=chosen.pairs,
                    warm=chosen.warm,
                    say=_named("p4a", say),
                )
            )
        if "p4b" in chosen.names:
            figures.append(
                await p4b.measure(system, events=chosen.events, pairs=chosen.pairs, say=_named("p4b", say))
            )
        for name in filter(of_the_projector.NAMES.__contains__, chosen.names):
            figures += await of_the_projector.measure(name, system, chosen, _named(name, say))
        say("stopping it")


async def _of_the_importer(system: Running, chosen: Options, say: Say) -> list[Figure]:
    names = [name for name in ("p1", "p2", "p7") if name in chosen.names]
    if not names:
        return []
    say("starting an importer with nothing else to do")
    figures: list[Figure] = []
    async with own_importer(system) as importer:
        for name in names:
            told = _named(name, say)
            if name == "p1":
                figures.append(await p1.measure(importer, rows=chosen.staged, pairs=chosen.pairs, say=told))
            elif name == "p2":
                figures += await p2.measure(importer, rows=chosen.staged, pairs=chosen.pairs, say=told)
            else:
                figures.append(await p7.measure(importer, rows=chosen.staged, pairs=chosen.pairs, say=told))
    return figures


def _named(name: str, say: Say) -> Say:
    return lambda sentence: say(f"{name}: {sentence}")


def _loop() -> asyncio.AbstractEventLoop:
    """The loop the services run on: the floors get no worse one."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def _progress() -> Say:
    began = time.monotonic()

    def say(sentence: str) -> None:
        print(f"{time.monotonic() - began:7.1f} s  {sentence}", file=sys.stderr, flush=True)

    return say


if __name__ == "__main__":
    sys.exit(main())
