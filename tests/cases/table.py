"""The table of the documentation, from the cases: ``python -m tests.cases.table`` writes it."""

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.cases.model import Case, Row, Upload, all_cases
from tests.cases.procedures import PROCEDURES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "csv-cases.md"
_HEAD = """# What a file may contain, and what we answer

Made by `python -m tests.cases.table` from the files and expectations in `tests/cases/files/`, which `make test` puts to
a real importer. Codes and what to do about them: [reference](codes.md#why-a-row-cannot-be-taken); how files are
read: [CSV files](../how-to/csv-files.md).

A person is shown the *line*: where the row begins in the file, as an editor counts.

| # | In the file | What we answer | File |
|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    return _HEAD + "".join(f"{_line(case)}\n" for case in all_cases())


def _line(case: Case) -> str:
    answers = [_answer(upload, alone=len(case.uploads) == 1) for upload in case.uploads]
    if case.then:
        answers.append((PROCEDURES[case.then].__doc__ or "").split("\n")[0])
    files = dict.fromkeys(upload.file for upload in case.uploads if upload.file)
    others = {file.name for file in case.folder.iterdir()} - {"case.toml", *files}
    links = [f"[{name}]({_path(case)}/{name})" for name in (*files, *sorted(others))]
    links.append(f"[expected]({_path(case)}/case.toml)")
    return f"| {case.number} | {_cell(case.title)} | {'<br>'.join(answers)} | {', '.join(links)} |"


def _path(case: Case) -> str:
    return f"../../{case.folder.relative_to(ROOT).as_posix()}"


def _answer(upload: Upload, *, alone: bool) -> str:
    if upload.refused:
        line = f", line {upload.line}" if upload.line else ""
        said = f"**refused** ({upload.status or 422} `{upload.refused}`{line})"
    else:
        said = ", ".join(_facts(upload))
        if rows := [told for row in upload.rows if (told := _row(row))]:
            said += ": " + "; ".join(rows)
    if alone:
        return said
    how = {"paste": ", pasted", "raw": ", as the body"}.get(upload.how, "")
    chosen = "".join(f", {name} = {value} chosen" for name, value in (upload.choose or {}).items())
    kind = f", {upload.type}" if upload.type not in ("text/csv", "") else ""
    return f"{_cell(upload.name or upload.file)}{how}{kind}{chosen}: {said}"


def _facts(upload: Upload) -> Iterator[str]:
    counts = [f"{count} {verdict}" for verdict, count in (upload.verdicts or {}).items() if count]
    yield " + ".join(counts)
    if upload.blank:
        yield f"{upload.blank} blank lines skipped"
    if upload.kind != "csv":
        yield f"read as {upload.kind.upper()}"
    elif upload.encoding != "utf-8":
        yield f"read as {upload.encoding}"
    if upload.delimiter != "," and upload.kind == "csv":
        yield f"delimiter {_DELIMITERS[upload.delimiter]}"
    if upload.header_line != 1:
        yield f"header on line {upload.header_line}" if upload.header_line else "no header"
    if upload.columns:
        yield "columns " + ", ".join(f"{ours} = “{theirs}”" for ours, theirs in upload.columns.items())
    if upload.ignored:
        yield "ignored " + ", ".join(f"“{name}”" for name in upload.ignored)
    if upload.notes:
        yield "file note " + ", ".join(f"`{code}`" for code in upload.notes)


_DELIMITERS = {";": "`;`", "\t": "tab", "|": "pipe"}


def _row(row: Row) -> str:
    said = []
    if row.verdict:
        said.append(row.verdict if row.duplicate_of is None else f"{row.verdict} of row {row.duplicate_of}")
    elif row.code:
        said.append(f"`{row.code}`")
    said += [f"note `{note}`" for note in row.notes]
    if row.says:
        said.append(_cell(f"says “{row.says}”"))
    for code, value in (row.suggestions or {}).items():
        value = " + ".join(value.split("\n"))
        said.append(f"offers `{code}`" + (f" ({_cell(value)})" if value else ""))
    place = f"line {row.line}" if row.line else f"row {row.row}"
    return f"{place} {', '.join(said)}" if said else ""


def _cell(text: str) -> str:
    for character, written in (("|", "\\|"), ("<", "&lt;"), ("\n", " ")):
        text = text.replace(character, written)
    return text


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(all_cases())} cases")
    return 0


if __name__ == "__main__":
    sys.exit(main())
