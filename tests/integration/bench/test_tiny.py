"""The benchmarks on the smallest sizes, as a person starts them: so that they cannot rot."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import vegeta
from tests.support import stack

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.skipif(stack.mode() != "embedded", reason="the benchmarks start a stack of their own")
@pytest.mark.timeout(420)
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
        timeout=400,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    kept = json.loads(file.read_bytes())
    figures = {figure["name"]: figure for figure in kept["figures"]}
    importer, provisioner = (
        ["p1", "p2", "p2b", "p7"],
        ["p3a", "p3a50", "p3b", "p3c10", "p3c40", "p9", "p9b", "p10"],
    )
    followers = ["p5a304", "p5a200", "p5a1000", "p5b", "p5bcpu"] if vegeta.installed() else []
    assert list(figures) == [*importer, *provisioner, "p6", "p4a", "p4b", *followers]
    p1, p2, p2b, p7, p6, p4a = (figures[name] for name in (*importer, "p6", "p4a"))
    for figure in kept["figures"]:
        [pair] = figure["pairs"]
        assert 0 < pair["ratio"] < 100
        assert pair["work"]["foreign_share"] >= 0
    assert p1["pairs"][0]["work"]["units"] == p1["pairs"][0]["before"]["units"] == 2_000
    assert set(p1["pairs"][0]["before"]["steps_seconds"]) == {"csv.reader", "COPY"}
    assert p1["pairs"][0]["work"]["values"]["peak memory of the importer, MiB"] > 20
    assert p2["pairs"][0]["work"]["units"] == p2["pairs"][0]["before"]["units"] == 1_900
    assert p2["sizes"]["records"] > 1_900
    assert list(p2b["pairs"][0]["before"]["steps_seconds"]) == ["send_batch()"]
    assert p7["sizes"] == {"rows": 10_000, "small": 1_000, "few": 100}
    work = p6["pairs"][0]["work"]
    assert work["units"] == p6["sizes"]["accounts"] == 190
    assert work["cpu_seconds"].keys() >= {"importer", "provisioner", "projector", "kafka", "postgres"}
    floor = p6["pairs"][0]["before"]
    assert floor["units"] == work["units"]
    assert set(floor["steps_seconds"]) == {"COPY staged rows", "produce", "consume", "upserts", "calls"}
    assert p4a["pairs"][0]["work"]["cpu_seconds"]["projector"] > 0
    p4b = figures["p4b"]["pairs"][0]
    assert p4b["work"]["cpu_seconds"]["replay"] > 0
    assert p4b["work"]["units"] == figures["p4b"]["sizes"]["events"]
    assert set(p4b["before"]["steps_seconds"]) == {"consume", "COPY"}
    _check_provisioner(figures)
    if followers:
        _check_followers(figures)
    else:
        assert "p5a: not measured: needs vegeta" in ended.stderr
    assert "P6 S" in ended.stdout
    assert not list(temporary.iterdir())
    assert list((tmp_path / "kept").glob("*.png"))


def _check_provisioner(figures: dict[str, Any]) -> None:
    """Its figures, by name."""
    work = {name: figure["pairs"][0]["work"] for name, figure in figures.items()}
    for name, accounts in (("p3a", 200), ("p3a50", 200), ("p3b", 1_000), ("p9", 100), ("p10", 100)):
        assert work[name]["units"] == accounts, name
        assert work[name]["cpu_seconds"].keys() >= {"provisioner", "account_service", "kafka", "postgres"}
    floor = figures["p3b"]["pairs"][0]["before"]
    assert set(floor["steps_seconds"]) == {"consume", "insert", "calls", "update", "produce"}
    for limit in (10, 40):
        assert 0 < work[f"p3c{limit}"]["units"] <= limit * 2.5
    assert 0 < work["p9"]["values"]["p50, ms"] <= work["p9"]["values"]["p99, ms"]
    assert work["p9b"]["units"] == 1_000
    assert work["p10"]["values"]["steady load, accounts/s"] > 0


def _check_followers(figures: dict[str, Any]) -> None:
    """Polls and streams: answered without an error, every event seen by every reader."""
    for name in ("p5a304", "p5a200"):
        work, floor = figures[name]["pairs"][0]["work"], figures[name]["pairs"][0]["before"]
        assert work["units"] > 10
        assert set(work["cpu_seconds"]) == {"projector", "postgres"}
        assert list(floor["cpu_seconds"]) == ["server"]
        assert 0 < work["values"]["half load, p50, ms"] <= work["values"]["half load, p99, ms"]
    assert figures["p5a1000"]["sizes"] == {"pollers": 10}
    work = figures["p5b"]["pairs"][0]["work"]
    assert figures["p5b"]["sizes"] == {"streams": 20, "per_second": 20, "imports": 10}
    assert work["units"] == work["values"]["events"] >= 20
    assert work["values"]["polls"] > 0
