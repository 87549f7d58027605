"""Replays as the API shows them. Pure."""

from collections.abc import Iterable
from typing import Any

from services.projector.replay.model import Command, Replay
from services.projector.sets.model import KnownSet
from services.projector.web.answers import hex_id, utc


def replay_answer(replay: Replay) -> dict[str, Any]:
    """One replay; lists leave `comparison` out: it can be long, and `equal` says how it came out."""
    return {
        "uuid": replay.replay_id.hex,
        "kind": replay.kind,
        "state": replay.state,
        "edition": replay.edition,
        "set": replay.slot,
        "project_uuid": hex_id(replay.project_id),
        "author": replay.author,
        "reason": replay.reason,
        "asked": utc(replay.asked_at),
        "started": utc(replay.started_at),
        "ended": utc(replay.ended_at),
        "until": utc(replay.until_time),
        "until_offsets": [
            {"topic": topic, "partition": partition, "next_offset": offset}
            for topic, partition, offset in replay.until_offsets or ()
        ],
        "total": replay.total,
        "done": replay.done,
        "rate": round(replay.rate, 1),
        "seconds_left": None if (left := replay.seconds_left) is None else round(left, 1),
        "error": None if replay.code is None else {"code": replay.code, "message": replay.message},
        "equal": replay.equal,
        "comparison": replay.comparison,
        "swapped": utc(replay.swapped_at),
        "replaced_set": replay.replaced_slot,
        "commands": [command for command in Command if replay.takes(command)],
    }


def actions_answer(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Who did what."""
    return [
        {"time": utc(row["at"]), "author": row["author"], "action": row["action"], "detail": row["detail"]}
        for row in rows
    ]


def set_answer(known: KnownSet) -> dict[str, Any]:
    """One set."""
    return {
        "set": known.slot,
        "edition": known.edition,
        "state": known.state,
        "active": known.active,
        "made": utc(known.made_at),
        "replay": hex_id(known.replay_id),
    }
