"""A request for accounts, as it goes to Kafka: CloudEvents 1.0, binary mode, JSON. Nothing of ours is imported."""

import csv
import json
import uuid
from datetime import UTC, datetime
from pathlib import Path

TOPIC = "course-accounts.requests.v1"
LOG = "course-accounts.log.v1"
DEAD_LETTERS = "course-accounts.dead-letters.v1"
SOURCE = "registry.example.org"
"""Who is asking. The operators of the importer say which source may ask for which course."""


def accounts_of(file: Path) -> list[dict[str, str]]:
    """People from a CSV file with the columns `email` and, perhaps, `description`."""
    with file.open(newline="", encoding="utf-8-sig") as lines:
        return [
            {"email": row["email"], "description": row.get("description") or ""}
            for row in csv.DictReader(lines)
        ]


def import_id(idempotency_key: str) -> str:
    """The import that will come of it: chosen here, so that its status can be asked for at once."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{SOURCE}/{idempotency_key}"))


def request(project: str, idempotency_key: str, accounts: list[dict[str, str]]) -> bytes:
    """The value of the record. The same key again is the same import, so sending twice does no harm."""
    wish = {
        "import_id": import_id(idempotency_key),
        "project": project,
        "idempotency_key": idempotency_key,
        "accounts": accounts,
    }
    return json.dumps(wish).encode()


def headers(event_id: str) -> dict[str, str]:
    """The headers of the record."""
    return {
        "ce_specversion": "1.0",
        "ce_type": "org.course-accounts.import-requested.v1",
        "ce_id": event_id,
        "ce_source": SOURCE,
        "ce_time": datetime.now(UTC).isoformat(),
        "content-type": "application/json",
    }


def new_event_id() -> str:
    """Any text that no other request of this source has."""
    return str(uuid.uuid4())
