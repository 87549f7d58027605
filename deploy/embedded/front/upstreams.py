"""The copies of one service, taken in turn."""

from collections.abc import Iterator


class Upstreams:
    """Round robin over base URLs; a caller that finds one away goes on with the next."""

    def __init__(self, service: str, urls: tuple[str, ...]) -> None:
        if not urls:
            raise ValueError(f"{service}: at least one URL is needed")
        self.service = service
        self._urls = tuple(url.rstrip("/") for url in urls)
        self._next = 0

    def in_turn(self) -> Iterator[str]:
        """Every copy once, beginning with another one each time."""
        start = self._next
        self._next = (start + 1) % len(self._urls)
        yield from self._urls[start:]
        yield from self._urls[:start]
