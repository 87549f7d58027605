"""Clocks of processes."""

import subprocess
import sys
import time

from bench.measure import Clocks, Reading, between

_BUSY = "import sys, time\nwhile time.process_time() < 0.2: pass\nprint('done', flush=True)\nsys.stdin.read()"
_PARENT = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {_BUSY!r}])"


def test_the_cpu_of_a_descendant_counts_for_the_process_named() -> None:
    """A server's CPU is that of all its processes: here the parent does nothing and its child everything."""
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        clocks = Clocks({"server": [process.pid]})
        before = clocks.read()
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "done\n"
        found = between(before, clocks.read(), 10)
        process.stdin.close()
    assert 0.1 < found.cpu["server"] < 5
    assert found.cpu_us("server") == found.cpu["server"] / 10 * 1e6


def test_a_process_that_has_ended_costs_nothing_more() -> None:
    """No error, and never a negative cost."""
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        clocks = Clocks({"gone": [process.pid]})
        before = clocks.read()
        process.wait()
    assert between(before, clocks.read(), 1).cpu["gone"] == 0


def test_what_is_not_ours_is_foreign() -> None:
    """3 s of CPU on the machine, 1 s of it ours, in 2 s: one core was others'."""
    before = Reading(at=10, cpu={"kafka": 1}, ours=5, machine=100)
    after = Reading(at=12, cpu={"kafka": 1.5}, ours=6, machine=103)
    found = between(before, after, 100)
    assert found.cpu == {"kafka": 0.5}
    assert found.rate == 50
    assert 0 < found.foreign <= 1


def test_our_own_work_is_not_foreign() -> None:
    """A reading before and after busy work of ours charges it to us."""
    clocks = Clocks({})
    before = clocks.read()
    began = time.process_time()
    while time.process_time() - began < 0.1:
        pass
    after = clocks.read()
    assert after.ours - before.ours > 0.05
