"""Jobs in words: what one would do, how far it is, what it came to."""

from collections.abc import Sequence

from cli.client.jobs import DryRun, Job, Refusal
from cli.client.models import Account
from cli.text.numbers import count, counted, duration
from cli.text.safe import printable
from cli.text.table import table

MOST_REFUSALS = 50
_DOES = {"retry": "tried again", "close": "closed"}
_DONE = {"retry": "Being tried again", "close": "Being closed, or closed"}


def dry_run(action: str, found: DryRun) -> list[str]:
    """What a job would do, for a person to agree to."""
    lines = [f"{counted(found.accounts, 'account')} would be {_DOES.get(action, action)}."]
    by = found.by_code if action == "retry" else found.by_state
    lines += table(("", ""), [(number, printable(name)) for name, number in by.items()], indent="  ")[1:]
    return lines


def progress_line(job: Job) -> str:
    """How far a job is, on one line."""
    parts = [f"{count(job.done)} of {counted(job.total, 'account')}"]
    if job.refused:
        parts.append(f"{count(job.refused)} refused")
    if job.rate and not job.over:
        parts.append(f"{job.rate:,.0f} accounts/s")
    if job.eta_seconds is not None:
        parts.append(f"{duration(job.eta_seconds)} left")
    return ", ".join(parts)


def outcome(job: Job, refused: Sequence[Refusal]) -> list[str]:
    """What a job came to. `refused`: what could not be done, possibly not all of it."""
    lines = [f"{_DONE.get(job.action, 'Done')}: {counted(job.changed, 'account')}"]
    if job.unchanged:
        lines.append(f"Nothing to do: {counted(job.unchanged, 'account')}")
    if job.dropped:
        lines.append(f"Dropped when the job was cancelled: {counted(job.dropped, 'account')}")
    if job.refused:
        lines.append(f"Refused: {counted(job.refused, 'account')}")
        lines += refusals(refused)
        lines += [f"  … and {count(job.refused - len(refused))} more"] if job.refused > len(refused) else []
    return lines


def refusals(refused: Sequence[Refusal]) -> list[str]:
    """Why accounts were left as they are."""
    if not refused:
        return []
    cells = [(one.email or one.account_uuid, one.code, one.message) for one in refused]
    hints = sorted({one.hint for one in refused if one.hint})
    return [
        *table(("ACCOUNT", "CODE", "WHY"), cells, indent="  "),
        *(f"  {printable(hint)}" for hint in hints),
    ]


def account_line(account: Account) -> str:
    """How one account stands."""
    said = account.error_message or account.username or ""
    phase = f" ({account.phase.replace('_', ' ')})" if account.phase else ""
    return f"{printable(account.email)}: {account.state}{phase}" + (f", {printable(said)}" if said else "")
