"""What is kept and shown of a run."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import options, record, report
from bench.measure import Measured
from bench.options import LEAST_EVENTS, Options
from bench.stats import Figure, Pair

BEGAN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def _measured(seconds: float, foreign: float = 0.0) -> Measured:
    return Measured(
        1_000,
        seconds,
        {"kafka": 0.01, "account_service": 0.05},
        foreign,
        1.5,
        {"calls": seconds},
        {"first page, s": seconds / 4},
    )


FIGURE = Figure(
    "p6",
    "P6 S: upload to last account",
    "account",
    "sum of the raw steps",
    0.3,
    (
        Pair(_measured(1), _measured(2), _measured(1), 5.0),
        Pair(_measured(1), _measured(4, foreign=0.3), _measured(1), 5.5),
    ),
    {"rows": 1_053},
)
ABOUT: dict[str, object] = {"machine": {"cores": 2}, "versions": {"kafka": "4.3.0"}, "code": "abc"}


def _shown() -> str:
    out = io.StringIO()
    report.show([FIGURE], ABOUT, to=out)
    return out.getvalue()


def test_the_table_tells_median_ends_goal_and_doubt() -> None:
    """One line a figure, with the pairs that others disturbed."""
    text = _shown()
    assert "0.38 (0.25 – 0.50)" in text
    assert "≥ 0.3" in text
    assert "2, 1 marked" in text
    assert "in 1 of 2 pairs others used more than 15% of the machine" in text


def test_the_table_tells_where_the_cpu_went() -> None:
    """Microseconds per account of each process, and together."""
    row = next(line for line in _shown().splitlines() if line.startswith("│ work"))
    assert [cell.strip() for cell in row.strip("│").split("│")] == ["work", "10", "50", "60"]


def test_what_else_was_seen_is_told() -> None:
    """Figures beside the ratio: median, least and most."""
    assert "p6 work, first page, s: 0.75 (0.50 – 1.00)" in _shown()


def test_the_record_holds_every_pair(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was measured can be computed again from the file; the plot lies beside it."""
    asked_for = tmp_path / "asked.json"
    chosen = Options(("p6",), 1_053, 10_530, 10_530, 2, asked_for, tmp_path / "results")
    record.keep(BEGAN, chosen, ABOUT, [FIGURE], say=lambda _: None)
    kept = json.loads((tmp_path / "results" / "20260302T093000Z.json").read_bytes())
    assert kept == json.loads(asked_for.read_bytes())
    assert kept["versions"] == {"kafka": "4.3.0"}
    [figure] = kept["figures"]
    assert [p["ratio"] for p in figure["pairs"]] == [0.5, 0.25]
    assert [p["marked"] for p in figure["pairs"]] == [False, True]
    assert figure["pairs"][0]["work"]["cpu_seconds"] == {"kafka": 0.01, "account_service": 0.05}
    assert (tmp_path / "results" / "20260302T093000Z.png").read_bytes().startswith(b"\x89PNG")
    assert "P6 S" in capsys.readouterr().out


def test_sizes_have_defaults_and_tiny_ones() -> None:
    """Tiny is for a check that it runs; a size that is named wins."""
    whole = options.parse([])
    assert whole.names == options.NAMES
    assert (whole.rows, whole.events, whole.staged, whole.pairs) == (20_000, 200_000, 200_000, 5)
    tiny = options.parse(["p4a", "--tiny", "--pairs", "2"])
    assert (tiny.names, tiny.pairs, tiny.events) == (("p4a",), 2, LEAST_EVENTS)
    assert (whole.minutes, whole.long_pairs, tiny.long_pairs) == (1, 1, 2)
    assert tiny.rows < 1_000


def test_an_unknown_figure_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and the known ones are named."""
    with pytest.raises(SystemExit) as ended:
        options.parse(["p99"])
    assert ended.value.code == 2
    assert "known: p1, p2, p7, p3a" in capsys.readouterr().err
