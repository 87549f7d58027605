"""What a code is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A code with its sentence, and a hint that says what to do. `can_retry`: asking again may help."""

    code: str
    message: str
    hint: str
    can_retry: bool = False


def catalogue(*codes: Code) -> dict[str, Code]:
    """Codes by their names."""
    return {code.code: code for code in codes}
