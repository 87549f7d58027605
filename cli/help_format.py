"""How a help page looks: names on the left, sentences beside them, nothing but text."""

import io
import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cyclopts.help import HelpEntry, HelpPanel
    from rich.console import Console, ConsoleOptions

WIDTH = 100
COLUMN = 26


class HelpFormat:
    """A cyclopts help formatter."""

    def __call__(
        self,
        console: "Console",
        options: "ConsoleOptions",  # noqa: ARG002 - the protocol has it
        panel: "HelpPanel",
    ) -> None:
        """Write the options or commands of one group."""
        if not panel.entries:
            return
        lines = [f"{_text(panel.title)}:"]
        for entry in panel.entries:
            lines += _entry(entry)
        _write(console, [*lines, ""])

    def render_usage(
        self,
        console: "Console",
        options: "ConsoleOptions",  # noqa: ARG002 - the protocol has it
        usage: Any,
    ) -> None:
        """Write the usage line."""
        said = _text(usage)
        _write(console, [said if said.startswith("Usage:") else f"Usage: {said}", ""] if said else [])

    def render_description(
        self,
        console: "Console",
        options: "ConsoleOptions",  # noqa: ARG002 - the protocol has it
        description: Any,
    ) -> None:
        """Write what the command does."""
        for paragraph in _text(description).split("\n\n"):
            _write(console, [*textwrap.wrap(paragraph, WIDTH), ""] if paragraph else [])


def _entry(entry: "HelpEntry") -> list[str]:
    label = "  " + ", ".join(entry.display_labels_with_metavar)
    lines = textwrap.wrap(_said(entry), WIDTH - COLUMN) or [""]
    if len(label) > COLUMN - 2:
        return [label, *(" " * COLUMN + line for line in lines)]
    return [f"{label:<{COLUMN}}{lines[0]}", *(" " * COLUMN + line for line in lines[1:])]


def _said(entry: "HelpEntry") -> str:
    parts = [_text(entry.description)]
    if entry.choices:
        parts.append(f"One of {', '.join(entry.choices)}.")
    if entry.default is not None:
        parts.append(f"[default: {entry.default}]")
    if entry.env_var:
        parts.append(f"[environment: {', '.join(entry.env_var)}]")
    if entry.required:
        parts.append("[required]")
    return " ".join(part for part in parts if part)


def _text(shown: Any) -> str:
    if shown is None:
        return ""
    if isinstance(shown, str):
        return shown.strip()
    from rich.console import Console

    stream = io.StringIO()
    Console(file=stream, width=10_000, no_color=True, highlight=False, markup=False).print(shown)
    return "\n".join(line.rstrip() for line in stream.getvalue().strip().splitlines())


def _write(console: "Console", lines: list[str]) -> None:
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
