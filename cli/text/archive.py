"""Archives in words."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cli.text.numbers import count, counted, duration
from cli.text.table import table
from cli.text.times import local_time


def records_line(name: str, done: int, total: int, elapsed: float) -> str:
    """How far a stage is: records, records a second, time left."""
    said = f"{name}: {count(done)} of {counted(total, 'record')}"
    if done and elapsed > 0:
        rate = done / elapsed
        said += f", {rate:,.0f} records/s"
        if done < total:
            said += f", {duration((total - done) / rate)} left"
    return said


def topics_table(topics: Sequence[Mapping[str, Any]]) -> list[str]:
    """What an archive holds, topic by topic, and the offsets it goes to."""
    cells = [
        (one["name"], count(one["records"]), ",".join(f"{p}:{end}" for p, end in one["ends"].items()))
        for one in topics
    ]
    return table(("TOPIC", "RECORDS", "UP TO (PARTITION:OFFSET)"), cells)


def exported_lines(folder: Path, document: Mapping[str, Any]) -> list[str]:
    """The end of an export."""
    return [
        *topics_table(document["topics"]),
        f"{counted(document['records'], 'record')} in {folder}. They hold personal data: keep them as such.",
        f"SHA-256 of manifest.json: {document['manifest_sha256']}",
        "Who keeps that number elsewhere will notice if anything in the archive is changed.",
    ]


def whole_line(document: Mapping[str, Any]) -> str:
    """That an archive is whole."""
    return (
        f"The archive is whole: {counted(document['records'], 'record')} in "
        f"{counted(len(document['topics']), 'topic')}, made {local_time(document['made_at'])} by {document['made_by']}."
    )


def saved_line(file: Path, size: int) -> str:
    """That a file with personal data is written."""
    return f"{counted(size, 'byte')} in {file}. They hold personal data: keep them as such."


def restored_line(records: int) -> str:
    """That everything is there, and was compared."""
    return f"Restored and compared: {counted(records, 'record')}, byte for byte as in the archive."


def plan_lines(targets: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a restore would do with each topic, and what it cannot keep."""
    cells = [(one["name"], count(one["records"]), _what(one)) for one in targets]
    lines = table(("TOPIC", "RECORDS", "WHAT"), cells)
    changed = [one["name"] for one in targets if one["renumbered"]]
    if changed:
        lines.append(
            f"Records of {', '.join(changed)} get other offsets: Kafka had deleted some between them."
        )
    return lines


def _what(target: Mapping[str, Any]) -> str:
    if not target["exists"]:
        return "is made and filled"
    if not target["present"]:
        return "is empty and will be filled"
    if target["present"] == target["records"]:
        return "is complete"
    return f"holds the first {count(target['present'])}; the rest follows"
