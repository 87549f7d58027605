"""The fenced blocks of a page, and what their info strings ask for.

```console        commands after `$ `, and below them what they print: `…` stands for anything
```bash           a script; what it exports is there for the next block of the page
```csv file=NAME  a file the reader has
Markers: `exit=5`, `in=checkout` (else a folder with the examples), `notest reason="why it cannot be run"`.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^( *)(`{3,}|~{3,})(.*)$")
_ID = re.compile(
    r"course-accounts failures ([0-9a-f]{32})|^Import ([0-9a-f]{32})"
    r'|^([0-9a-f]{32})$|"uuid": ?"([0-9a-f]{32})", ?"state"',
    re.MULTILINE,
)
RUN = ("console", "bash")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block; `line` is where it begins in its page."""

    line: int
    kind: str
    markers: dict[str, str]
    text: str

    @property
    def notest(self) -> bool:
        """Whether it is declared impossible to run."""
        return "notest" in self.markers

    def script(self, import_id: str | None) -> str:
        """What bash is to run; the word IMPORT becomes the id of the last import."""
        text = self.text if self.kind == "bash" else "\n".join(_commands(self.text))
        return text if import_id is None else re.sub(r"\bIMPORT\b", import_id, text)

    def shown(self) -> list[str]:
        """The lines of output the page shows."""
        return list(_output(self.text)) if self.kind == "console" else []


def blocks_of(page: Path) -> list[Block]:
    """All fenced blocks of a page."""
    return list(_blocks(page.read_text("utf-8").splitlines()))


def _blocks(lines: list[str]) -> Iterator[Block]:
    begun: tuple[int, str, str, str] | None = None
    inside: list[str] = []
    for number, line in enumerate(lines, 1):
        fence = _FENCE.match(line)
        if begun is None:
            if fence:
                begun, inside = (number, fence[1], fence[2], fence[3].strip()), []
        elif fence and fence[2].startswith(begun[2]) and not fence[3].strip():
            kind, *words = shlex.split(begun[3]) or [""]
            markers = {name: value for name, _, value in (word.partition("=") for word in words)}
            yield Block(begun[0], kind, markers, "\n".join(inside) + "\n")
            begun = None
        else:
            inside.append(line.removeprefix(begun[1]))
    if begun is not None:
        raise ValueError(f"the block of line {begun[0]} is not closed")


def _commands(text: str) -> Iterator[str]:
    goes_on = False
    for line in text.splitlines():
        if goes_on or line.startswith("$ "):
            command = line if goes_on else line[2:]
            yield command
            goes_on = command.endswith("\\")


def _output(text: str) -> Iterator[str]:
    goes_on = False
    for line in text.splitlines():
        if goes_on or line.startswith("$ "):
            goes_on = line.endswith("\\")
        elif line.strip(" …"):
            yield line


def missing_line(shown: list[str], said: str) -> str | None:
    """The first shown line that does not follow, in order, in what was said; blanks count as one."""
    left = [" ".join(line.split()) for line in said.splitlines()]
    for line in shown:
        pattern = re.compile(".*".join(re.escape(part) for part in " ".join(line.split()).split("…")))
        place = next((i for i, candidate in enumerate(left) if pattern.fullmatch(candidate)), None)
        if place is None:
            return line
        left = left[place + 1 :]
    return None


def import_in(said: str) -> str | None:
    """The id of the last import that was spoken of."""
    found = [next(filter(None, groups)) for groups in _ID.findall(said)]
    return found[-1] if found else None
