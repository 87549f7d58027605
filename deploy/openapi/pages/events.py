"""The page of the topics, made of the AsyncAPI document. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from deploy.openapi.pages.frame import Part, page
from deploy.openapi.pages.html import Content, Html, anchor, el, joined, paragraphs, prose, shown_json, table
from deploy.openapi.pages.schema import fields_of, model, type_of

Document = Mapping[str, Any]
_OF_A_MESSAGE = "Headers"


def events_page(document: Document) -> str:
    """The whole page."""
    info = document["info"]
    intro = joined(
        [
            el(
                "p",
                f"Version {info['version']} of the contract. ",
                el("a", "The document", href="/docs/asyncapi.json"),
            ),
            paragraphs(info["description"]),
            paragraphs(
                "Headers are CloudEvents attributes in UTF-8. A reader must take every record as possibly repeated "
                "(the same `ce_id`), and ignore fields and types that it does not know."
            ),
        ]
    )
    messages, schemas = document["components"]["messages"], document["components"]["schemas"]
    named = {_name(message.get("payload", {})) for message in messages.values()}
    rest = [
        name
        for name in schemas
        if name not in named and not (name.endswith(_OF_A_MESSAGE) and name[:-7] in messages)
    ]
    parts = [_channel(document, name) for name in document["channels"]]
    models = Part(
        "Models", "", [(name, f"schema-{anchor(name)}", model(name, schemas[name])) for name in rest]
    )
    return page(f"{info['title']}: events", intro, [*parts, models], other=("/docs", "HTTP"))


def _channel(document: Document, name: str) -> Part:
    channel = document["channels"][name]
    kafka = channel["bindings"]["kafka"]
    settings = "; ".join(
        f"`{key}={','.join(value) if isinstance(value, list) else value}`"
        for key, value in kafka.get("topicConfiguration", {}).items()
    )
    described = f"{channel.get('description', '')}\n\n{kafka['partitions']} partitions; {settings or 'usual settings'}."
    things = [(title, title, _message(document, name, title)) for title in channel["messages"]]
    return Part(channel["address"], described, things)


def _message(document: Document, channel: str, title: str) -> Html:
    message = document["components"]["messages"][title]
    schemas = document["components"]["schemas"]
    headers, payload = (
        _resolved(schemas, message.get("headers", {})),
        _resolved(schemas, message.get("payload", {})),
    )
    facts: list[tuple[Content, Content]] = [
        ("type", el("code", message["name"])),
        (
            "key",
            prose(message.get("bindings", {}).get("kafka", {}).get("key", {}).get("description", "none")),
        ),
        ("content type", el("code", message["contentType"])),
        ("written by", "us" if _is_ours(document, channel, title) else "others, read by us"),
    ]
    return el(
        "section",
        el("h3", title),
        paragraphs(message["summary"]),
        table((), facts),
        el("h4", "Value"),
        fields_of(payload) or el("p", type_of(payload)),
        el("details", el("summary", "Headers"), fields_of(headers)),
        (_example(one) for one in message.get("examples", ())),
        id=title,
        class_="operation",
    )


def _example(one: Document) -> Html:
    shown = [shown_json(one["headers"]), shown_json(one["payload"])]
    return el("details", el("summary", f"Example: {one.get('name', 'one')}"), shown)


def _is_ours(document: Document, channel: str, title: str) -> bool:
    said = f"#/channels/{channel}/messages/{title}"
    return any(
        one["action"] == "send" and said in _references(one["messages"])
        for one in document["operations"].values()
    )


def _references(messages: Any) -> Iterator[str]:
    return (one["$ref"] for one in messages)


def _name(schema: Document) -> str:
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1]


def _resolved(schemas: Document, schema: Document) -> Document:
    found: Document = schemas[_name(schema)] if "$ref" in schema else schema
    return found
