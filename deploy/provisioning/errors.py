"""What provisioning cannot put right by itself."""


class ProvisioningError(Exception):
    """Something is there already, and not as it must be. Nothing was changed.

    Attributes:
        code: stable upper-case word.
        sentence: what is wrong.
        hint: what to do about it.
    """

    def __init__(self, code: str, sentence: str, hint: str) -> None:
        super().__init__(f"{sentence} {hint}")
        self.code = code
        self.sentence = sentence
        self.hint = hint
