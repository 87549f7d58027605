"""The OpenAPI document is what the code says, whole, valid, and the same as what the front routes."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from deploy.embedded.front.routes import TABLE
from deploy.openapi import outputs
from deploy.openapi.merging import CannotMerge, merged, owner_of, sample, undocumented
from deploy.openapi.schemas import reachable
from deploy.openapi.tidying import Document, operations, tidied
from services.common.http.problem_answer import MEDIA_TYPE

COMMAND = "run `python -m deploy.openapi` and commit what it writes"
DOCUMENT = outputs.exact_document()
OPERATIONS = {one["operationId"]: (path, method, one) for path, method, one in operations(DOCUMENT)}


def answers(one: Document) -> Iterator[tuple[int, Document]]:
    """The answers of an operation, with shared ones looked up."""
    for status, given in one["responses"].items():
        shared = given.get("$ref", "").rsplit("/", 1)[-1]
        yield int(status), DOCUMENT["components"]["responses"][shared] if shared else given


def examples(media: Document) -> list[Any]:
    """All examples of a body, its own or those of its schema."""
    schema = media.get("schema", {})
    [schema, *_] = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}] or [schema]
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    own = [media["example"]] if "example" in media else []
    return [*own, *(one["value"] for one in media.get("examples", {}).values()), *schema.get("examples", ())]


def test_committed_document_is_current() -> None:
    """Writing it anew changes nothing."""
    assert outputs.PATH.read_text("utf-8") == outputs.text(outputs.document()), COMMAND


def test_document_is_valid() -> None:
    """An OpenAPI 3.1 document by the rules of the specification, open or exact."""
    for document in (DOCUMENT, outputs.committed()):
        assert document["openapi"] == "3.1.0"
        OpenAPIV31SpecValidator(document).validate()


def test_what_is_routed_is_documented_and_the_other_way_round() -> None:
    """Each row and method of the front's table has an operation, and each operation its row."""
    assert undocumented(DOCUMENT) == []
    assert all(owner_of(method, path) is not None for path, method, _ in OPERATIONS.values())


def test_an_undocumented_route_is_noticed() -> None:
    """Leaving one path out leaves a row of the table without an operation."""
    pattern, owners = TABLE[0]
    fewer = {
        **DOCUMENT,
        "paths": {p: i for p, i in DOCUMENT["paths"].items() if sample(p).strip("/") != pattern.strip("/")},
    }
    assert undocumented(fewer) == [f"{method} {pattern}" for method in owners]


def test_a_route_that_nobody_is_led_to_is_refused() -> None:
    """A service that serves what the front does not ask it for has a route that nobody can use."""
    owner = next(iter(TABLE[0][1].values()))
    lost = {"paths": {"/api/nowhere/": {"get": {"operationId": "lost", "responses": {}}}}, "components": {}}
    with pytest.raises(CannotMerge, match="not routed"):
        merged({owner: tidied(lost)})


def test_operations_are_described() -> None:
    """A stable name, one tag, a summary, and answers that say what they are."""
    tags = {tag["name"] for tag in DOCUMENT["tags"]}
    for name, (_, _, one) in OPERATIONS.items():
        assert re.fullmatch("[a-z]+(_[a-z]+)*", name), f"{name}: give the route an operation_id"
        assert "_api_" not in name, f"{name}: give the route an operation_id"
        assert len(one.get("tags", ())) == 1, f"{name}: give the route a tag"
        assert one["tags"][0] in tags, name
        assert one["summary"], f"{name}: give the route a docstring"
        assert all(answer["description"] != "Successful Response" for _, answer in answers(one)), name


def test_successes_have_a_schema_and_an_example() -> None:
    """Whoever writes a client sees what comes; no answer is just any JSON."""
    for name, (_, method, one) in OPERATIONS.items():
        good = {status: answer for status, answer in answers(one) if status < 300}
        assert good, name
        for status, answer in good.items():
            if method == "head" or status == 204:
                assert "content" not in answer, name
                continue
            assert answer["content"], f"{name}: declare a response_model"
            for media in answer["content"].values():
                assert media.get("schema"), f"{name}: declare a response_model"
                assert examples(media), f"{name}: give the model an example"


def test_bodies_have_an_example() -> None:
    """What may be sent as JSON is shown."""
    for name, (_, _, one) in OPERATIONS.items():
        for kind, media in one.get("requestBody", {"content": {}})["content"].items():
            assert kind != "application/json" or examples(media), f"{name}: give the body an example"


def test_examples_are_valid() -> None:
    """Every example of a body or an answer fits the schema beside it."""
    for name, (_, _, one) in OPERATIONS.items():
        contents = [answer.get("content", {}) for _, answer in answers(one)]
        contents.append(one.get("requestBody", {}).get("content", {}))
        for media in (media for content in contents for media in content.values()):
            used = reachable(DOCUMENT, media["schema"])
            schemas = {model: DOCUMENT["components"]["schemas"][model] for model in used}
            whole = {**media["schema"], "components": {"schemas": schemas}}
            validator = jsonschema_rs.validator_for(whole, validate_formats=True)
            for example in examples(media):
                faults = [error.message for error in validator.iter_errors(example)]
                assert not faults, (name, faults)


def test_errors_are_problems() -> None:
    """No error has a body of another kind; the framework's own 422 is nowhere."""
    for name, (_, _, one) in OPERATIONS.items():
        for status, answer in answers(one):
            assert status < 400 or list(answer.get("content", {MEDIA_TYPE: {}})) == [MEDIA_TYPE], name
    assert "HTTPValidationError" not in json.dumps(DOCUMENT)
