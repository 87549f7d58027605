"""What the API document says of the projector's routes, without a database."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import BaseModel, TypeAdapter

from services.projector.bootstrap import routers_of
from services.projector.registry import READ_MODELS
from services.projector.replay.api import router as replay_router

_APP = FastAPI()
for _router in (*routers_of(READ_MODELS), replay_router(None)):  # type: ignore[arg-type]
    _APP.include_router(_router)
DOCUMENT = _APP.openapi()


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and operation."""
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def models(kind: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    """All models that describe our answers."""
    for one in kind.__subclasses__():
        if one.__module__.startswith("services.projector."):
            yield one
        yield from models(one)


def test_every_route_says_what_it_is_for() -> None:
    """An id that is there once, a tag, a summary in words, and a model or a kind of file for what it answers."""
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(ids) == len(set(ids))
    for method, path, operation in operations():
        where = f"{method} {path}"
        assert re.fullmatch(r"[a-z_]+", operation["operationId"]), where
        assert len(operation["tags"]) == 1, where
        assert operation["description"], where
        good = next(answer for status, answer in operation["responses"].items() if status < "300")
        if method != "head":
            (content,) = good["content"].values()
            assert content["schema"], where
        for status, answer in operation["responses"].items():
            if status >= "400" and status != "422":  # the framework's own, which the document leaves out
                assert [*answer["content"]] == ["application/problem+json"], where


@pytest.mark.parametrize("model", [*models()], ids=lambda model: model.__name__)
def test_examples_are_what_they_are_examples_of(model: type[BaseModel]) -> None:
    """Each example is taken by its model, strictly; so what is shown cannot be out of date."""
    extra = model.model_config.get("json_schema_extra")
    for example in (extra or {}).get("examples", ()):  # type: ignore[union-attr]
        TypeAdapter(model).validate_json(TypeAdapter(Any).dump_json(example), strict=True)
    assert model.model_config["extra"] == "forbid"


def test_parameters_are_described() -> None:
    """Whatever a path takes, and everything in a query that its name does not explain."""
    explained = {"text", "author", "state", "source", "class", "closing"}
    for method, path, operation in operations():
        for parameter in operation.get("parameters", ()):
            if parameter["name"] not in explained | {"row"}:
                assert parameter.get("description"), f"{method} {path} {parameter['name']}"
