"""The AsyncAPI document holds together, and its examples are what it says they are."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from schemas import topics
from schemas.generate import outputs
from schemas.generate.contracts import CONTRACTS
from schemas.upcasting import OLD_FACTS_BY_TYPE

DOCUMENT: dict[str, Any] = json.loads((outputs.ROOT / "schemas/asyncapi.json").read_text("utf-8"))
MESSAGES: dict[str, Any] = DOCUMENT["components"]["messages"]


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)


def _resolve(reference: str) -> Any:
    place: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        place = place[step]
    return place


def test_every_reference_leads_somewhere() -> None:
    """The document is complete in itself."""
    references = set(_references(DOCUMENT))
    assert references
    assert all(reference.startswith("#/") and _resolve(reference) for reference in references)


def test_channels_are_the_topics() -> None:
    """Four channels, with the names, partitions and settings that provisioning creates."""
    kafka = [channel["bindings"]["kafka"] for channel in DOCUMENT["channels"].values()]
    assert [(k["topic"], k["partitions"]) for k in kafka] == [(t.name, t.partitions) for t in topics.TOPICS]
    assert all(
        channel["address"] == channel["bindings"]["kafka"]["topic"]
        for channel in DOCUMENT["channels"].values()
    )
    log = DOCUMENT["channels"]["log"]["bindings"]["kafka"]["topicConfiguration"]
    assert log == {"retention.ms": -1, "retention.bytes": -1, "cleanup.policy": ["delete"]}


def test_every_contract_is_said_by_exactly_one_operation() -> None:
    """Each kind of record has one writer; old versions have none any more, and are described all the same."""
    said = [reference for op in DOCUMENT["operations"].values() for reference in _references(op["messages"])]
    written = [c.name for c in CONTRACTS if c.type_name not in OLD_FACTS_BY_TYPE]
    names = sorted([*written, "DeadLetter"])
    assert sorted(reference.rsplit("/", 1)[1] for reference in said) == names


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_examples_are_valid(name: str) -> None:
    """Headers and payload of each example fit the schemas beside them."""
    message = MESSAGES[name]
    assert message["examples"]
    for part in ("headers", "payload"):
        schema = {**message[part], "components": DOCUMENT["components"]}
        validator = jsonschema_rs.validator_for(schema, validate_formats=True)
        for example in message["examples"]:
            validator.validate(example[part])
        assert not validator.is_valid({}) or (name, part) == ("DeadLetter", "payload")  # anything may come
