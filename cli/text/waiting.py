"""What waits, as lines for people."""

from collections.abc import Sequence

from cli.client.standing import Sum, Waiting
from cli.text.numbers import counted
from cli.text.table import table
from cli.text.times import local_time


def waiting_lines(found: Waiting) -> list[str]:
    """How many wait; the account service; then causes, courses, imports, and what waits longest."""
    target = found.target
    lines = [f"Waiting: {counted(found.total, 'account')}"]
    if target.state == "paused":
        lines.append(
            f"Account service: paused since {local_time(target.since)}. {target.reason or ''}".rstrip()
        )
        if target.next_probe:
            lines.append(f"Next probe: {local_time(target.next_probe)}")
    if not found.total:
        return lines
    lines += _sums("WHY", [(one.sentence, one) for one in found.causes])
    lines += _sums("COURSE", [(one.project_name or one.project_uuid, one) for one in found.projects])
    lines += _sums("IMPORT", [(one.import_id, one) for one in found.imports])
    if found.oldest:
        cells = [
            (
                one.import_id,
                one.row,
                local_time(one.since),
                one.attempts,
                local_time(one.next_attempt),
                one.sentence,
            )
            for one in found.oldest
        ]
        lines += ["", *table(("IMPORT", "ROW", "SINCE", "ATTEMPTS", "NEXT TRY", "WHY"), cells)]
    return lines


def _sums(heading: str, sums: Sequence[tuple[str | None, Sum]]) -> list[str]:
    cells = [
        (one.count, local_time(one.oldest_since), local_time(one.next_attempt), name) for name, one in sums
    ]
    return ["", *table(("WAITING", "OLDEST", "NEXT TRY", heading), cells)] if cells else []
