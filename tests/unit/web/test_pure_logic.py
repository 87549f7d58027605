"""The page's own tests, run by Node: what is pure in it, without a browser."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LEAST_TESTS = 60


@pytest.mark.timeout(120)
def test_the_pure_parts_of_the_page_pass_their_own_tests() -> None:
    """Numbers, long lists, streams, previews and progress do what their tests say, all of which were run."""
    done = subprocess.run(
        [ROOT / ".ci" / "web", sys.executable, "test"],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"^(?:# |ℹ )pass (\d+)$", done.stdout, re.MULTILINE)
    assert passed is not None, done.stdout
    assert int(passed[1]) >= LEAST_TESTS
