"""Make `demo.svg` from a real run of the demo: `python docs/images/render.py`. Takes a minute."""  # noqa: INP001

import fcntl
import os
import pty
import re
import struct
import sys
import tempfile
import termios
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
COLUMNS, LINES = 104, 200
_FORMAT = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>.{unique_id}-matrix {{ font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: {char_height}px;
line-height: {line_height}px; white-space: pre }} .{unique_id}-title {{ font-size: 18px; font-family: sans-serif }}
{styles}</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>{lines}</defs>{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g></g></svg>
"""
_CONTROL = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07)")


def recorded(arguments: list[str]) -> str:
    """Everything a program writes to a terminal."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS=str(COLUMNS), LINES=str(LINES))
        os.execvp(arguments[0], arguments)  # noqa: S606 - a fixed program
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    written = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not piece:
            break
        written += piece
    os.waitpid(pid, 0)
    return written.decode()


def screen(written: str) -> list[str]:
    """The lines that stay on the terminal; colours are kept. Knows only what rich writes."""
    lines, at = [""], 0
    fresh = False
    place = 0
    for control in [*_CONTROL.finditer(written), None]:
        end = len(written) if control is None else control.start()
        for part in re.split(r"(\r\n|\r|\n)", written[place:end]):
            if part in ("\r\n", "\n"):
                at, fresh = at + 1, False
                lines += [""] * (at + 1 - len(lines))
            elif part == "\r":
                fresh = True
            elif part:
                lines[at] = part if fresh else lines[at] + part
                fresh = False
        if control is None:
            break
        place = control.end()
        number, letter = control[1], control[2]
        if letter == "m":
            lines[at] = control[0] if fresh else lines[at] + control[0]
            fresh = False
        elif letter == "A":
            at = max(0, at - int(number or 1))
        elif letter == "K":
            lines[at] = ""
    return lines


def shortened(lines: list[str], home: str) -> list[Text]:
    """What a reader needs of it, without the place and the token of this run."""
    kept = []
    for line in lines:
        text = Text.from_ansi(re.sub(r"#sign-in=[\w-]+", "#sign-in=…", line))
        text.truncate(COLUMNS, overflow="ellipsis")
        if text.plain.startswith("Stopped in"):
            break
        if home not in text.plain and "Starting …" not in text.plain:
            kept.append(text)
    return kept


def draw(lines: list[Text]) -> None:
    """Write the picture."""
    console = Console(width=COLUMNS, record=True, file=Path(os.devnull).open("w"))  # noqa: SIM115 - the process ends
    console.print(Text("$ make demo ARGS=--once", style="bold"))
    for line in lines:
        console.print(line, soft_wrap=True)
    picture = console.export_svg(title="course-accounts demo", code_format=_FORMAT, unique_id="demo")
    # Plain blanks, so that words can be searched for; the style keeps them.
    (HERE / "demo.svg").write_text(picture.replace("&#160;", " "), "utf-8")


def main() -> None:
    """Run the demo and draw it."""
    program = str(Path(sys.executable).parent / "course-accounts")
    with tempfile.TemporaryDirectory(prefix="course-accounts-picture-") as home:
        Path(home).chmod(0o711)
        written = recorded([program, "demo", "--once", "--data-dir", f"{home}/data"])
        draw(shortened(screen(written), home))


if __name__ == "__main__":
    main()
