"""How a whole run is shared out among worker processes (pytest-xdist).

Each worker has servers of its own, started when its first test asks for them. A file is the smallest share,
so that what a file makes for all its tests is made once. Tests of the one running installation are one share;
tests that start installations of their own are a share each.
"""

import os

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

MOST_WORKERS = 4
_NARROWING = ("keyword", "markexpr", "lf", "collectonly", "stepwise")

# By how a path begins, the longest beginning counts. First the longest share and much that waits beside it,
# so that two installations seldom start at once; the smallest shares at the end.
_ORDER = (
    "tests/docs/test_commands.py",
    "tests/e2e/",
    "tests/browser/",
    "tests/contract/api/",
    "tests/contract/kafka/",
    "tests/integration/",
    "tests/e2e/test_copies.py",
    "tests/e2e/test_life.py",
    "tests/integration/bench/",
    "tests/integration/embedded",
    "",
    "tests/unit/",
)
_INSTALLATIONS = "tests/e2e/test_life.py"
_BROWSER = "tests/browser/"
_THREE_COPIES = "tests/e2e/test_copies.py"
_ONE_INSTALLATION = ("tests/docs/test_commands.py", "tests/e2e/", "tests/contract/api/")


def workers(config: pytest.Config) -> int:
    """How many workers a run gets: none if it is only a part of the tests, which would wait for them."""
    whole = config.args_source is not pytest.Config.ArgsSource.ARGS
    if not whole or any(config.getoption(name, None) for name in _NARROWING):
        return 0
    asked = os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS")
    return int(asked) if asked else min(MOST_WORKERS, _cores())


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def share(nodeid: str) -> str:
    """The share a test belongs to."""
    path = nodeid.partition("::")[0]
    if path.startswith(_INSTALLATIONS):
        return nodeid
    if path == _THREE_COPIES:
        return path
    if path.startswith(_BROWSER):
        return _BROWSER
    return "the one installation" if path.startswith(_ONE_INSTALLATION) else path


def turn(nodeid: str) -> int:
    """When a test's turn comes; smaller is sooner."""
    return _ORDER.index(max(filter(nodeid.startswith, _ORDER), key=len))


class Shares(LoadScopeScheduling):
    """Gives the next share to the worker that is nearly done, in the order the tests were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return share(nodeid)

    def remove_node(self, node: WorkerController) -> str | None:
        """Share out again what a dead worker leaves, and only that: shares it had finished would hold others up."""
        left = self.assigned_work[node]
        for name in [name for name, tests in left.items() if all(tests.values())]:
            del left[name]
        return super().remove_node(node)

    def _reschedule(self, node: WorkerController) -> None:
        super()._reschedule(node)
        # A worker begins its last test only when it knows the next one, or that there is none.
        while not node.shutting_down and self._pending_of(self.assigned_work[node]) < 2:
            super()._reschedule(node)
