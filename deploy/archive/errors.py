"""What can be in the way of an archive, said to a person."""


class ArchiveError(Exception):
    """An export, a check or a restore cannot go on.

    Attributes:
        code: stable upper-case word, for example ``FILE_CHANGED``.
        sentence: what is in the way, in one plain sentence.
        hint: what to do about it.
    """

    def __init__(self, code: str, sentence: str, hint: str) -> None:
        super().__init__(code, sentence, hint)
        self.code = code
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.sentence} {self.hint}"
