"""An account service that keeps its word: the first call that arrives under a key decides, for ever."""

from uuid import UUID

from services.provisioner.account import Account


class HonestTarget:
    """What it was asked for, what it has made, and what of that is still there."""

    def __init__(self) -> None:
        self.bodies: dict[UUID, bytes] = {}
        self.lives: dict[UUID, int] = {}
        self.answers: dict[UUID, bool] = {}
        self.live: set[UUID] = set()

    def is_sent(self, account: Account) -> None:
        """A call is on its way: never two bodies under one key."""
        key = account.idempotency_key
        assert self.bodies.setdefault(key, account.order.body) == account.order.body
        assert self.lives.setdefault(key, account.life) == account.life

    def hears(self, account: Account, *, willing: bool) -> bool:
        """A call arrives: whether there is an account because of it, or of an earlier one."""
        key = account.idempotency_key
        if key not in self.answers:
            self.answers[key] = willing
            if willing:
                self.live.add(key)
        return self.answers[key]

    def made_in(self, life: int) -> set[UUID]:
        """The keys that had an effect in a life of the account."""
        return {key for key, made in self.answers.items() if made and self.lives[key] == life}
