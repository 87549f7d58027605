"""What an installation writes down beside its data, and whether any of it names a person. Pure but for reading."""

import base64
import json
from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus

import httpx2

from tests.support.installation import Installation

_LOGS = ("logs/*", "kafka/kafka.log*", "kafka/kafka.out*", "postgres/*.log*", "postgres/*.out")
"""In a data directory: what processes say; topics, tables, journals and spooled files are data."""


def spellings(text: str) -> set[str]:
    """A text as it may appear, in small letters: as it is, in an address, escaped, or in base64."""
    found = {text, quote(text, safe=""), quote(text), quote_plus(text), quote(quote(text, safe=""), safe="")}
    found |= {json.dumps(text)[1:-1], text.encode("unicode_escape").decode(), text.encode().hex()}
    for shift in range(3):  # base64 of a text inside another one, wherever that begins
        coded = base64.b64encode(b"\0" * shift + text.encode()).decode().rstrip("=")
        inner = coded[(0, 2, 3)[shift] : -1]
        found |= {inner, inner.replace("+", "-").replace("/", "_")}
    return {one.lower() for one in found if len(one) >= 6}


def found_in(traces: Mapping[str, str], secrets: Iterable[str]) -> list[str]:
    """Where a secret is, in any spelling and letter case: `place: secret as spelling`."""
    low = {place: text.lower() for place, text in traces.items()}
    return [
        f"{place}: {secret} as {spelling}"
        for secret in secrets
        for spelling in sorted(spellings(secret))
        for place, text in low.items()
        if spelling in text
    ]


def logs(installation: Installation) -> dict[str, str]:
    """What the processes of an installation wrote, by file, and what `up` and the command line left behind."""
    files = [file for pattern in _LOGS for file in installation.data_dir.glob(pattern)]
    files += [file for file in (installation.folder / "state").rglob("*") if file.is_file()]
    said = {str(file.relative_to(installation.folder)): file.read_text("utf-8", "replace") for file in files}
    return {**said, "what up prints": installation.said}


async def metrics(addresses: Mapping[str, str]) -> dict[str, str]:
    """What each part says at `/metrics`, by its name; parts that have none are left out."""
    said = {}
    async with httpx2.AsyncClient(timeout=10) as http:
        for name, address in addresses.items():
            answer = await http.get(f"{address}/metrics")
            if answer.status_code == 200:
                said[f"metrics of {name}"] = answer.text
    return said
