"""A target in memory that passes for a `Backend`: what it can do and how it misbehaves is set from outside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import orjson

from services.provisioner.backends.outcomes import (
    Absent,
    CannotExtend,
    CannotList,
    CannotLookUp,
    Closed,
    CloseResult,
    Created,
    CreateResult,
    Exists,
    ExtendResult,
    Found,
    FoundAccount,
    Listed,
    ListResult,
    LookUpResult,
    NotSent,
    Refused,
)
from services.provisioner.backends.protocol import Capabilities, CreateRequest


@dataclass
class FakeTarget:
    """One live account per address. `answers` are given, in turn, instead of what really happened.

    With `told_by_token` it declares nothing before `prepare`, as a target does whose token says what it can do.
    """

    can: Capabilities = field(default_factory=lambda: Capabilities(look_up=True, keys=True))
    answers: list[CreateResult] = field(default_factory=list)
    look_ups: list[LookUpResult] = field(default_factory=list)
    unready: NotSent | None = None
    told_by_token: bool = False
    accounts: dict[str, FoundAccount] = field(default_factory=dict)
    effects: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    arrays: list[int] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None
    _ready: bool = False

    @property
    def capabilities(self) -> Capabilities:
        """As declared, perhaps only once it was prepared."""
        return self.can if self._ready or not self.told_by_token else Capabilities()

    async def prepare(self) -> NotSent | None:
        """Be ready, unless it was said otherwise."""
        if self.unready is None:
            self._ready = True
        return self.unready

    async def create(self, request: CreateRequest) -> CreateResult:
        """Create; a call that is `Unknown` has its effect, one that was `Refused` or `NotSent` has none."""
        self.calls.append("create")
        self.meanwhile()
        told = self.answers.pop(0) if self.answers else None
        if isinstance(told, Refused | NotSent):
            return told
        happened = self._create(request)
        return happened if told is None else told

    def _create(self, request: CreateRequest) -> CreateResult:
        body = orjson.loads(request.body)
        there = self.accounts.get(body["email"])
        if there is not None:
            if self.can.keys and there.idempotency_key == request.idempotency_key:
                return Created(there.username)
            return Exists(there if self.can.look_up else None)
        made = FoundAccount(
            username=f"user{len(self.effects)}",
            owner=body["ownerUsername"],
            scope=body["scopeSlug"],
            idempotency_key=request.idempotency_key if self.can.keys else None,
        )
        self.accounts[body["email"]] = made
        self.effects.append(body["email"])
        return Created(made.username)

    async def create_many(self, requests: Sequence[CreateRequest]) -> list[CreateResult]:
        """One after the other."""
        self.arrays.append(len(requests))
        return [await self.create(request) for request in requests]

    async def look_up(self, email: str, scope: str) -> LookUpResult:
        """Who holds an address in a scope."""
        self.calls.append("look_up")
        if self.look_ups:
            return self.look_ups.pop(0)
        if not self.can.look_up:
            return CannotLookUp()
        there = self.accounts.get(email)
        return Found(there) if there is not None and there.scope in (None, scope) else Absent()

    async def close(self, username: str) -> CloseResult:
        """Close an account."""
        self.calls.append("close")
        held = [email for email, there in self.accounts.items() if there.username == username]
        for email in held:
            del self.accounts[email]
        return Closed(already=not held)

    async def extend(self, username: str, valid_to: date | datetime) -> ExtendResult:
        """Accounts here have no end."""
        return CannotExtend()

    async def list_accounts(self, more: str | None = None) -> ListResult:
        """All there are."""
        if not self.can.listing:
            return CannotList()
        return Listed(tuple(replace(there, email=email) for email, there in self.accounts.items()))

    def taken_by(self, email: str, **changes: object) -> None:
        """Let an address be held by an account that is not ours, unless `changes` say so."""
        foreign = FoundAccount(username="somebody", owner="another", scope="elsewhere")
        self.accounts[email] = replace(foreign, **changes)  # type: ignore[arg-type]
