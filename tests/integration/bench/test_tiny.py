"""The benchmarks on the smallest sizes, as a person starts them: so that they cannot rot."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import stack

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.skipif(stack.mode() != "embedded", reason="the benchmarks start a stack of their own")
@pytest.mark.timeout(240)
def test_every_figure_can_be_measured(tmp_path: Path) -> None:
    """One pair of each: real work was done on both sides, every part is accounted for, nothing is left running."""
    file = tmp_path / "record.json"
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    ended = subprocess.run(
        [sys.executable, "-m", "bench", "--tiny", "--json", str(file), "--results", str(tmp_path / "kept")],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        timeout=220,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    kept = json.loads(file.read_bytes())
    p6, p4a = kept["figures"]
    for figure in (p6, p4a):
        [pair] = figure["pairs"]
        assert 0 < pair["ratio"] < 10
        assert pair["work"]["foreign_share"] >= 0
    work = p6["pairs"][0]["work"]
    assert work["units"] == p6["sizes"]["accounts"] == 190
    assert work["cpu_seconds"].keys() >= {"importer", "provisioner", "projector", "kafka", "postgres"}
    floor = p6["pairs"][0]["before"]
    assert floor["units"] == work["units"]
    assert set(floor["steps_seconds"]) == {"COPY staged rows", "produce", "consume", "upserts", "calls"}
    assert p4a["pairs"][0]["work"]["cpu_seconds"]["projector"] > 0
    assert "P6 S" in ended.stdout
    assert not list(temporary.iterdir())
    assert list((tmp_path / "kept").glob("*.png"))
