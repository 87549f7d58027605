"""The page of the HTTP interface, made of the OpenAPI document. Pure."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from deploy.openapi.pages.examples import curl, example_of
from deploy.openapi.pages.frame import Part, page
from deploy.openapi.pages.html import Content, Html, anchor, el, joined, paragraphs, prose, shown_json, table
from deploy.openapi.pages.schema import model, type_of

Document = Mapping[str, Any]
_METHODS = ("get", "head", "post", "put", "patch", "delete")


def api_page(document: Document) -> str:
    """The whole page."""
    info = document["info"]
    parts = [
        Part(
            tag["name"].capitalize(),
            tag.get("description", ""),
            [
                (_title(method, path), _id(one), _operation(document, path, method, one))
                for path, method, one in found
            ],
        )
        for tag in document["tags"]
        if (found := list(_of_tag(document, tag["name"])))
    ]
    intro = joined(
        [
            el(
                "p",
                f"Version {info['version']} of the contract. ",
                _link("/api/openapi.json", "The document"),
            ),
            paragraphs(info["description"]),
            el("h2", "Signing in", id="signing-in"),
            table(("way", "how"), _ways(document)),
            el("h2", "Errors", id="errors"),
            paragraphs("Every operation may answer with these; which, is said at each."),
            table(("status", "what", "meaning"), _shared_answers(document)),
        ]
    )
    schemas = document["components"]["schemas"]
    models = Part(
        "Models", "", [(name, f"schema-{anchor(name)}", model(name, schemas[name])) for name in schemas]
    )
    return page(f"{info['title']}: HTTP", intro, [*parts, models], other=("/docs/events", "Events on Kafka"))


def _of_tag(document: Document, tag: str) -> Iterator[tuple[str, str, Document]]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if tag in item.get(method, {}).get("tags", ()):
                yield path, method, item[method]


def _operation(document: Document, path: str, method: str, one: Document) -> Html:
    return el(
        "section",
        el("h3", _method(method), " ", el("code", path)),
        el("p", prose(one["summary"]), "."),
        paragraphs(one.get("description")),
        table(
            ("parameter", "type", "meaning"),
            (_parameter(document, given) for given in one.get("parameters", ())),
        ),
        _body(document, one.get("requestBody")),
        el("h4", "Answers"),
        table(("status", "what", "meaning"), _answers(one)),
        _examples(document, one),
        el("details", el("summary", "With curl"), shown_json(curl(document, path, method, one))),
        id=_id(one),
        class_="operation",
    )


def _parameter(document: Document, given: Document) -> tuple[Content, ...]:
    one = given
    if "$ref" in given:
        one = document["components"]["parameters"][given["$ref"].rsplit("/", 1)[1]]
    where = "" if one["in"] == "query" else f" ({one['in']})"
    schema = one.get("schema", {})
    marks: list[Content] = (
        [el("small", " must be given")] if one.get("required") and one["in"] != "path" else []
    )
    if schema.get("default") is not None:
        marks.append(el("small", " default ", el("code", json.dumps(schema["default"]))))
    text = one.get("description") or schema.get("description", "")
    return joined([el("code", one["name"]), where]), type_of(schema), joined([prose(text), *marks])


def _body(document: Document, body: Document | None) -> Html:
    if body is None:
        return Html("")
    rows: list[tuple[Content, ...]] = []
    examples: list[Content] = []
    for kind, media in body["content"].items():
        schema = media.get("schema", {})
        rows += [(el("code", kind), type_of(schema), prose(schema.get("description", "")))]
        rows += [
            (f"· {name}", type_of(part), prose(part.get("description", "")))
            for name, part in schema.get("properties", {}).items()
        ]
        if (example := example_of(document, media)) is not None:
            examples.append(shown_json(example))
    return joined([el("h4", "Body"), table(("body", "type", "meaning"), rows), *examples])


def _answers(one: Document) -> Iterator[tuple[Content, ...]]:
    """Its own answers, then the statuses of those that are the same everywhere."""
    everywhere = []
    for status, answer in one["responses"].items():
        if "$ref" in answer:
            everywhere.append(status)
        else:
            yield _answer(status, answer)
    if everywhere:
        yield ", ".join(everywhere), el("a", "Problem", href="#errors"), "As everywhere."


def _shared_answers(document: Document) -> Iterator[tuple[Content, ...]]:
    return (
        _answer(name.removeprefix("Problem"), one)
        for name, one in document["components"]["responses"].items()
    )


def _answer(status: str, answer: Document) -> tuple[Content, ...]:
    kinds = [_kind(kind, media.get("schema", {})) for kind, media in answer.get("content", {}).items()]
    headers = [name for name in answer.get("headers", {}) if name != "X-Request-ID"]
    said = joined([prose(answer["description"]), *(joined([" ", el("small", name)]) for name in headers)])
    return status, joined(kinds), said


def _kind(kind: str, schema: Document) -> Html:
    """The model where there is one, else the content type."""
    named = "$ref" in schema or "$ref" in schema.get("items", {})
    return type_of(schema) if named else el("code", kind)


def _examples(document: Document, one: Document) -> Html:
    return joined(
        el("details", el("summary", f"Example of {status}"), shown_json(example))
        for status, answer in one["responses"].items()
        if status < "3"
        for media in answer.get("content", {}).values()
        if (example := example_of(document, media)) is not None
    )


def _ways(document: Document) -> Iterator[tuple[Content, ...]]:
    for name, scheme in document["components"]["securitySchemes"].items():
        where = scheme.get("name") or scheme.get("scheme")
        yield name, joined([el("code", str(where)), ": ", prose(scheme.get("description", ""))])


def _title(method: str, path: str) -> Html:
    return joined([_method(method), " ", path])


def _method(method: str) -> Html:
    return el("span", method.upper(), class_=f"method {method}")


def _id(one: Document) -> str:
    return str(one["operationId"])


def _link(address: str, text: str) -> Html:
    return el("a", text, href=address)
