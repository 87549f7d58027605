"""The AsyncAPI 3.0 document: topics, records, headers, keys and an example of each.

Written by ourselves: a subscriber to raw batches tells a framework neither the payload nor the headers.
"""

from collections.abc import Mapping
from typing import Any

from schemas import topics
from schemas.codec import CONTENT_TYPE
from schemas.generate.contracts import CONTRACTS, Contract
from schemas.generate.dead_letters import DEAD_LETTER, dead_letter
from schemas.generate.json_schema import shared_schemas

VERSION = "1.0.0"
"""Of the contracts, not of the program: the first number rises when a topic gets a new name."""

_SCHEMAS = "#/components/schemas/"
_BINDING_VERSION = "0.5.0"
_CHANNELS = {
    topics.LOG: ("log", "The whole history: every fact, in order for each account and import, for ever."),
    topics.REQUESTS: ("requests", "Imports that other services ask for instead of uploading a file."),
    topics.PROJECTS: ("projects", "The newest description of every course project; compacted by key."),
    topics.DEAD_LETTERS: ("deadLetters", "Records from outside that could not be taken, as they came."),
}
_TEXT = {"type": "string", "minLength": 1}
_UUID = {"type": "string", "format": "uuid"}


def document(examples: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The document; `examples` maps an event type to examples with `name`, `headers` and `value`."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Course accounts",
            "version": VERSION,
            "description": "Facts about imports and course accounts: CloudEvents 1.0 over Kafka, binary mode.",
        },
        "defaultContentType": CONTENT_TYPE.decode(),
        "channels": {_CHANNELS[topic.name][0]: _channel(topic) for topic in topics.TOPICS},
        "operations": {
            "importerWrites": _operation("send", "importer"),
            "provisionerWrites": _operation("send", "provisioner"),
            "projectsAreRead": _operation("receive", "whoever owns the projects"),
            "requestsAreRead": _operation("receive", "whoever asks for accounts"),
            "refusalsAreWritten": {
                "action": "send",
                "channel": {"$ref": "#/channels/deadLetters"},
                "messages": [{"$ref": f"#/channels/deadLetters/messages/{DEAD_LETTER}"}],
            },
        },
        "components": {
            "messages": {
                **{c.name: _message(c, examples.get(c.type_name, [])) for c in CONTRACTS},
                DEAD_LETTER: dead_letter(),
            },
            "schemas": {
                **shared_schemas(CONTRACTS, _SCHEMAS + "{model}"),
                **{f"{c.name}Headers": _headers(c) for c in CONTRACTS},
            },
        },
    }


def _channel(topic: topics.Topic) -> dict[str, Any]:
    _, description = _CHANNELS[topic.name]
    names = [DEAD_LETTER] if topic.name == topics.DEAD_LETTERS else _names(topic.name)
    channel = {
        "address": topic.name,
        "description": description,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {key: _setting(key, text) for key, text in topic.config.items()},
                "bindingVersion": _BINDING_VERSION,
            }
        },
    }
    return {key: part for key, part in channel.items() if part}


def _names(topic: str) -> list[str]:
    return [c.name for c in CONTRACTS if c.topic == topic]


def _setting(name: str, text: str) -> list[str] | int:
    return text.split(",") if name == "cleanup.policy" else int(text)


def _operation(action: str, writer: str) -> dict[str, Any]:
    contracts = [c for c in CONTRACTS if c.writer == writer]
    channel = f"#/channels/{_CHANNELS[contracts[0].topic][0]}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{c.name}"} for c in contracts],
    }


def _message(contract: Contract, examples: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": contract.type_name,
        "title": contract.name,
        "summary": contract.says,
        "contentType": CONTENT_TYPE.decode(),
        "headers": {"$ref": f"{_SCHEMAS}{contract.name}Headers"},
        "payload": {"$ref": f"{_SCHEMAS}{contract.name}"},
        "bindings": {
            "kafka": {
                "key": _key(contract),
                "bindingVersion": _BINDING_VERSION,
            }
        },
        "examples": [{"name": e["name"], "headers": e["headers"], "payload": e["value"]} for e in examples],
    }


def _key(contract: Contract) -> dict[str, Any]:
    if contract.from_outside:
        return {"type": "string", "description": contract.key}
    return {**_UUID, "description": f"{contract.key}; equal to ce_subject"}


def _headers(contract: Contract) -> dict[str, Any]:
    if contract.from_outside:
        return _headers_from_outside(contract)
    required = {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_type": {"type": "string", "const": contract.type_name},
        "ce_dataschema": {"type": "string", "const": contract.schema_id},
        "ce_id": {**_UUID, "description": "the same for the same fact, however often it is sent"},
        "ce_source": {**_TEXT, "description": "the service that says so"},
        "ce_time": {"type": "string", "format": "date-time", "description": "when it happened, UTC"},
        "ce_subject": {**_UUID, "description": f"{contract.key}; also the key of the record"},
        "content-type": {"type": "string", "const": CONTENT_TYPE.decode()},
    }
    if contract.follows_import:
        required["ce_correlationid"] = {**_UUID, "description": "the import"}
    optional = {"ce_causationid": {**_UUID, "description": "id of the event that led to this one"}}
    return {
        "type": "object",
        "description": "CloudEvents 1.0 attributes as Kafka headers; values are UTF-8.",
        "properties": {**required, **optional},
        "required": list(required),
    }


def _headers_from_outside(contract: Contract) -> dict[str, Any]:
    required = {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_type": {"type": "string", "const": contract.type_name},
        "ce_id": {**_TEXT, "maxLength": 255, "description": "names the event in answers"},
        "ce_source": {**_TEXT, "maxLength": 255, "description": "who asks; decides what may be asked"},
    }
    optional = {
        "ce_dataschema": {"type": "string", "const": contract.schema_id},
        "ce_time": {"type": "string", "format": "date-time"},
        "content-type": {"type": "string"},
    }
    return {
        "type": "object",
        "description": "CloudEvents 1.0 attributes as Kafka headers; values are UTF-8.",
        "properties": {**required, **optional},
        "required": list(required),
    }
