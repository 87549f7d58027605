"""Whether a changed schema still serves the events already written, and the readers still running.

jsoncompat decides what a set of values may be. It takes `format`, `pattern` and `default` for remarks, but a
reader does not: those three are compared here.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import jsoncompat

from schemas.generate.json_schema import Schema

_READ = ("format", "pattern")


def breaks(old: Schema, new: Schema) -> list[str]:
    """Every way in which replacing `old` by `new` would break somebody; empty if compatible.

    Both are closed, complete schemas of one event type.
    """
    found = []
    if not _check(old, new, "deserializer"):
        found.append("a new reader would refuse, or no longer see all of, events written before")
    if not _check(_opened(old), new, "serializer"):
        found.append("a reader not yet upgraded would refuse events written from now on")
    return [*found, *_remarks(old, new, "$")]


def _check(old: Schema, new: Schema, role: Literal["serializer", "deserializer"]) -> bool:
    # jsoncompat takes "#/…" under an $id for a reference into another document.
    before, after = (
        json.dumps({key: part for key, part in one.items() if key != "$id"}) for one in (old, new)
    )
    return jsoncompat.check_compat(before, after, role)


def incompatible(old: Mapping[str, Schema], new: Mapping[str, Schema]) -> list[str]:
    """All that would break if the set of schemas `old` became `new`, one sentence each with its place."""
    found = []
    for name, schema in old.items():
        if name not in new:
            found.append(f"{name}: nobody could read these events any more")
            continue
        places = ", ".join(changed_places(schema, new[name]))
        found += [f"{name}: {why} (changed: {places})" for why in breaks(schema, new[name])]
    return found


def changed_places(old: Any, new: Any, at: str = "") -> Iterator[str]:
    """Where two schemas differ, as JSON pointers: a hint for whoever has to find the change."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from changed_places(old.get(key), new.get(key), f"{at}/{key}")
    elif old != new:
        yield at


def _opened(schema: Any) -> Any:
    """The schema as a reader applies it: what it does not know it ignores."""
    if isinstance(schema, dict):
        closed = schema.get("additionalProperties") is False
        return {
            key: _opened(part)
            for key, part in schema.items()
            if not (closed and key == "additionalProperties")
        }
    return [_opened(part) for part in schema] if isinstance(schema, list) else schema


def _remarks(old: Any, new: Any, at: str) -> Iterator[str]:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return
    if isinstance(old.get("type"), str):  # a schema of a value, not a map of properties
        for word in _READ:
            if old.get(word) != new.get(word):
                yield f"{at}: {word} was {old.get(word)!r} and is {new.get(word)!r}"
    if "default" in old and old["default"] != new.get("default"):
        yield f"{at}: events without this field would be read as {new.get('default')!r}, not {old['default']!r}"
    for key in sorted(old.keys() & new.keys() - {"default"}):
        yield from _remarks(old[key], new[key], f"{at}.{key}")
