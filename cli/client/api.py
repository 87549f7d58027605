"""One HTTP connection to the server: requests with the token, answers or typed errors."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import httpx2
import msgspec

from cli.client.errors import ClientError, Refused, Unintelligible, Unreachable
from cli.client.models import ProblemDocument

_T = TypeVar("_T")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_TIMEOUT = httpx2.Timeout(connect=5, read=60, write=60, pool=5)
_MAX_PROBLEM_BYTES = 1_048_576


class Api:
    """A server and the token to use with it; a context manager that closes the connection."""

    def __init__(self, base_url: str, token: str, *, read_model_set: str | None = None) -> None:
        parts = urlsplit(base_url)
        self.base_url = base_url.rstrip("/")
        self._client = httpx2.Client(
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",
                "User-Agent": "course-accounts",
                **({} if read_model_set is None else {"Read-Model-Set": read_model_set}),
            },
            timeout=_TIMEOUT,
            # A proxy of the surroundings cannot reach a stack on this machine.
            trust_env=parts.hostname not in _LOOPBACK,
            # Loading the certificates of the world costs 0.2 s; without TLS nothing is checked with them
            # (redirects, which might lead to TLS, are not followed).
            verify=parts.scheme != "http",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def request(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Send a request and read the whole answer; 2xx and 304 come back.

        Raises:
            Unreachable: nobody answered.
            Refused: the server answered with a problem.
            Unintelligible: an answer that is not this API's.
        """
        with self._translated():
            response = self._client.request(method, self._url(path), **options)
        _check(response)
        return response

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> httpx2.Response:
        """Send a GET; raises as `request`."""
        return self.request("GET", path, params=params or None)

    @contextmanager
    def stream(self, path: str) -> Iterator[Iterator[bytes]]:
        """The body of an answer in pieces as they come; raises as `request`."""
        with self._translated(), self._client.stream("GET", self._url(path)) as response:
            if not response.is_success:
                response.read()
            _check(response)
            yield response.iter_bytes()

    def _url(self, path: str) -> str:
        """The address of `path`; of a whole address only path and query count: the token stays at our server."""
        parts = urlsplit(path)
        return f"{self.base_url}{parts.path}" + (f"?{parts.query}" if parts.query else "")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except httpx2.ConnectError as error:
            raise Unreachable(
                "SERVER_UNREACHABLE",
                f"Nobody answers at {self.base_url}.",
                "Start the local installation with `course-accounts up`, or name another with --server.",
            ) from error
        except httpx2.TimeoutException as error:
            raise Unreachable(
                "SERVER_TOO_SLOW",
                f"{self.base_url} has not answered in time.",
                "Try again; nothing is created twice.",
            ) from error
        except httpx2.TransportError as error:
            raise Unreachable(
                "CONNECTION_LOST",
                f"The connection to {self.base_url} was lost.",
                "Try again; nothing is created twice.",
            ) from error
        except httpx2.InvalidURL as error:
            raise ClientError(
                "BAD_SERVER_ADDRESS",
                f"{self.base_url} is not an address.",
                "It looks like http://127.0.0.1:8080.",
            ) from error


def read(response: httpx2.Response, kind: type[_T]) -> _T:
    """Read the JSON of an answer.

    Raises:
        Unintelligible: it is not JSON, or not of this kind.
    """
    try:
        return msgspec.json.decode(response.content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _not_ours(response) from error


def _check(response: httpx2.Response) -> None:
    if response.is_success or response.status_code == 304:
        return
    if response.status_code < 400:
        raise _not_ours(response)
    raise _problem(response)


def _problem(response: httpx2.Response) -> ClientError:
    status = response.status_code
    try:
        problem = msgspec.json.decode(response.content[:_MAX_PROBLEM_BYTES], type=ProblemDocument)
    except (msgspec.DecodeError, UnicodeDecodeError):
        problem = ProblemDocument()
    detail = problem.detail or problem.title or f"The server answered {status} {response.reason_phrase}."
    fields = [
        f"{name}: {' '.join(said)}"
        for name, said in (problem.errors or {}).items()
        if " ".join(said) != detail
    ]
    if fields:
        detail = f"{detail} ({'; '.join(fields)})"
    return Refused(
        status,
        problem.code or f"HTTP_{status}",
        detail,
        problem.hint or _HINTS.get(status, ""),
        retry_after=_seconds(response.headers.get("Retry-After")),
        draft=problem.draft,
        choices=problem.choices,
    )


def _not_ours(response: httpx2.Response) -> ClientError:
    url = response.url.copy_with(query=None)
    return Unintelligible(
        "NOT_OUR_SERVER",
        f"What answered at {url} ({response.status_code}) does not speak this API.",
        "Check the address given with --server or COURSE_ACCOUNTS_SERVER.",
    )


def _seconds(text: str | None) -> float | None:
    if text is None or not text.isdecimal():
        return None
    return min(float(text), 300.0)


_HINTS = {
    401: "Give a token with --token or COURSE_ACCOUNTS_TOKEN.",
    403: "Ask a manager of the project, or staff, for the role.",
}
