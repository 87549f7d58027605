"""What a preview says beside the counts: how the file was read, what is wrong with which rows, what would help."""

from collections.abc import Iterator, Mapping, Sequence

from cli.client.draft_models import Draft, DraftFile, Offer, Problem
from cli.client.models import Row
from cli.reading_options import delimiter_name
from cli.text.numbers import count, counted
from cli.text.safe import printable
from cli.text.table import table
from cli.text.times import local_time

MOST_PROBLEMS = 12
_PLAIN = frozenset({None, "utf-8", "utf-8-sig", "ascii"})
TOLD_ELSEWHERE = frozenset({"DUPLICATE", "EDITED", "CONFIRMED"})
"""Causes that the counts say already, or that are the reader's own doing."""
_CONFIRMATION = "KEEP_AS_IS"
_HARMLESS = frozenset({"REMOVE_HIDDEN", "REMOVE_SPACES", "USE_PLAIN", "SWAP_COLUMNS", "SPLIT"})
"""Suggestions that need no thought: what they make of a row is what anybody would have written."""


def harmless(problem: Problem) -> list[Offer]:
    """The suggestions of a problem that `--fix` applies: none where the row may be meant as it is."""
    if any(offer.code == _CONFIRMATION for offer in problem.suggestions):
        return []
    return [offer for offer in problem.suggestions if offer.code in _HARMLESS]


def how_it_was_read(file: DraftFile) -> Iterator[str]:
    """Lines about the file, where it is not plain UTF-8 with commas."""
    parts = []
    if file.kind in ("xlsx", "ods"):
        parts.append(f"as a workbook ({file.kind.upper()})")
    if file.encoding not in _PLAIN or file.encoding_guessed:
        parts.append(f"as {file.encoding}" + (" (a guess)" if file.encoding_guessed else ""))
    if file.delimiter and file.delimiter != ",":
        parts.append(f"with the delimiter {delimiter_name(file.delimiter)}")
    if parts:
        options = [
            name for name, shown in (("--encoding", file.encoding), ("--delimiter", file.delimiter)) if shown
        ]
        wrong = f" If that is wrong, say {' and '.join(options)}." if options else ""
        yield f"  Read {', '.join(parts)}.{wrong}"
    if file.ignored_columns:
        yield f"  Ignored columns: {', '.join(map(printable, file.ignored_columns))}."
    if (seen := file.seen_before) is not None:
        by = f" by {printable(seen.created_by)}" if seen.created_by else ""
        yield f"  The same file was imported on {local_time(seen.submitted)}{by}: {seen.uuid}"


def problems(draft: Draft, examples: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """What is wrong or odd, grouped by cause. `examples`: the first rows by code."""
    told = [problem for problem in draft.problems if problem.code not in TOLD_ELSEWHERE]
    ordered = sorted(told, key=lambda problem: (problem.kind != "row", -problem.count))
    for problem in ordered[:MOST_PROBLEMS]:
        what = "" if problem.kind == "row" else "note: "
        yield f"  {count(problem.count):>7}  {what}{printable(problem.message)} ({problem.code})"
        rows = examples.get(problem.code, ())
        if rows:
            cells = [(f"line {row.line or row.row}", row.email or "–", _detail(row)) for row in rows]
            yield from (f"             {line}" for line in table(cells[0], cells[1:]))
        elif problem.first_line:
            yield f"             first on line {problem.first_line}"
        if problem.count > len(rows) > 0:
            yield f"             … and {count(problem.count - len(rows))} more"
        yield from (f"           → {line}" for line in _help(problem))
    if len(ordered) > MOST_PROBLEMS:
        yield f"  … and {counted(len(ordered) - MOST_PROBLEMS, 'more cause')}"


def _help(problem: Problem) -> Iterator[str]:
    safe = harmless(problem)
    for code in dict.fromkeys(offer.code for offer in problem.suggestions):
        offers = [offer for offer in problem.suggestions if offer.code == code]
        example = next((offer.example for offer in offers if offer.example), None)
        shown = ""
        if example is not None and example.value:
            shown = f" {printable(example.email)} → {printable(example.value)}"
        number = sum(offer.count for offer in offers)
        how = "--fix" if offers[0] in safe else f"--apply {code}"
        yield f"{printable(offers[0].message)}{shown} ({counted(number, 'row')}: {how})"
    if not problem.suggestions and problem.hint and not problem.hint.startswith("Nothing to do"):
        yield printable(problem.hint)


def _detail(row: Row) -> str:
    return row.error.detail if row.error else ""
