"""Requests that were sent before: whether they are the same, and what they are answered."""

import re
from typing import Final

from starlette.types import Message, Receive, Send

from services.common.access.idempotency import Body, BodyHash, Kept, same_body
from services.common.http.problems import Problem

LONGEST_KEY: Final = 255
"""Of an `Idempotency-Key`, wherever one is taken."""
_KEY: Final = re.compile(rf"[!-~](?:[ -~]{{0,{LONGEST_KEY - 2}}}[!-~])?")
_ASK_AGAIN_S: Final = 2


class Incoming:
    """The body of a request, of which somebody else may have read a part."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._complete = False

    async def receive(self) -> Message:
        """The next message."""
        message = await self._receive()
        self._complete = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def read_away(self) -> None:
        """Read the rest, so that a client that sends first and reads then sees the answer."""
        while not self._complete:
            await self.receive()


def checked(keys: list[str]) -> str:
    """The key of a request.

    Raises:
        Problem: 400, it is none, or there are two.
    """
    if len(keys) == 1 and _KEY.fullmatch(keys[0]):
        return keys[0]
    sentence = (
        f"A key is sent once and has 1 to {LONGEST_KEY} visible ASCII characters; a UUID is a good one."
    )
    raise Problem(400, "IDEMPOTENCY_KEY_INVALID", sentence, errors={"Idempotency-Key": [sentence]})


async def check_body(receive: Receive, first: Body) -> None:
    """Read a repeated request as far as the first one was read.

    Raises:
        Problem: 422, it is another one.
    """
    again = BodyHash(first.count)
    while not again.enough:
        message = await receive()
        if message["type"] != "http.request":
            break
        again.take(message.get("body", b""), last=not message.get("more_body", False))
    if not same_body(first, again.body()):
        raise reused()


async def give_again(kept: Kept, send: Send) -> None:
    """Send an answer once more.

    Raises:
        Problem: 409, it was not kept.
    """
    if kept.content is None:
        location = dict(kept.headers).get("location")
        problem = Problem(
            409,
            "IDEMPOTENCY_ANSWER_NOT_KEPT",
            "This request was done before, and is not done again. Its answer was too long to be kept, or held a "
            "secret: read what it made.",
            headers=None if location is None else {"Location": location},
            first_status=kept.status,
        )
        raise problem
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in kept.headers]
    if kept.status not in (204, 304):
        headers.append((b"content-length", b"%d" % len(kept.content)))
    headers.append((b"idempotent-replayed", b"true"))
    await send({"type": "http.response.start", "status": kept.status, "headers": headers})
    await send({"type": "http.response.body", "body": kept.content})


def reused() -> Problem:
    """The key belongs to another request."""
    return Problem(
        422,
        "IDEMPOTENCY_KEY_REUSED",
        "This Idempotency-Key was used with another request. Send a new key with every new request.",
    )


def runs() -> Problem:
    """The first one has not come to its end."""
    return Problem(
        409,
        "IDEMPOTENCY_KEY_IN_USE",
        "The same request is being worked on right now. Send it again in a moment to have its answer.",
        headers={"Retry-After": str(_ASK_AGAIN_S)},
    )
