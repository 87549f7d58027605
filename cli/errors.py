"""An error a person can act on, and how it is shown: a sentence with a hint, or a problem document."""

import json
from dataclasses import dataclass
from typing import Any

from cli.client.errors import ClientError, Refused
from cli.exits import Exit, exit_of_error
from cli.text.safe import printable


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of an error. `code` is stable, `detail` is a plain sentence, `hint` says what to do."""

    exit: Exit
    code: str
    detail: str
    hint: str = ""
    status: int | None = None

    def text(self) -> str:
        """Two lines for a person."""
        lines = [f"Error: {printable(self.detail)}"]
        if self.hint:
            lines.append(f"  {printable(self.hint)}")
        return "\n".join(lines)

    def problem(self) -> str:
        """One line of RFC 9457 JSON for a program."""
        document: dict[str, Any] = {"type": "about:blank", "code": self.code, "detail": self.detail}
        if self.hint:
            document["hint"] = self.hint
        if self.status is not None:
            document["status"] = self.status
        document["retryable"] = self.exit is Exit.UNREACHABLE
        document["exit"] = int(self.exit)
        return json.dumps(document, ensure_ascii=False)


class Failure(Exception):
    """A command cannot go on; `shown` says why."""

    def __init__(self, exit_code: Exit, code: str, detail: str, hint: str = "") -> None:
        super().__init__(detail)
        self.shown = Shown(exit_code, code, detail, hint)


def shown_of(error: ClientError) -> Shown:
    """How a failed call is shown."""
    status = error.status if isinstance(error, Refused) else None
    return Shown(exit_of_error(error), error.code, error.detail, error.hint, status)
