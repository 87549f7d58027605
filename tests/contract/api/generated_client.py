"""A client made of the document alone: models by datamodel-code-generator, read in pydantic's strict mode."""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import httpx2
import jsonschema_rs
from datamodel_code_generator import DataModelType, InputFileType, PythonVersion, generate
from datamodel_code_generator.format import Formatter
from pydantic import BaseModel, TypeAdapter

from deploy.openapi.tidying import Document, operations


class NotAsDocumented(Exception):
    """The document does not have what was asked or answered."""


class GeneratedClient:
    """Calls operations by their ids. What the document does not know it neither sends nor takes."""

    def __init__(self, http: httpx2.AsyncClient, document: Document, folder: Path) -> None:
        self._http = http
        self._document = document
        self._operations = {
            one["operationId"]: (path, method, one) for path, method, one in operations(document)
        }
        self._models = _generated(document, folder)

    async def call(
        self, name: str, *, path: dict[str, Any] | None = None, body: Any = None, **query: Any
    ) -> tuple[Any, httpx2.Headers]:
        """Do an operation; what it answers, as the generated model, and the headers.

        Raises:
            NotAsDocumented: a parameter, body, status or content type that is not in the document.
            ValidationError: the body is not exactly what the document says.
        """
        template, method, one = self._operations[name]
        self._check(one, query, body)
        answer = await self._http.request(
            method.upper(), template.format_map(path or {}), params=query or None, json=body
        )
        return self.read(one, answer), answer.headers

    async def follow(self, name: str, address: str) -> tuple[Any, httpx2.Headers]:
        """The same from an address that an answer gave."""
        one = self._operations[name][2]
        answer = await self._http.get(address)
        return self.read(one, answer), answer.headers

    def read(self, one: Document, answer: httpx2.Response) -> Any:
        """An answer of an operation as its model; None where there is no body."""
        said = one["responses"].get(str(answer.status_code))
        if said is None:
            raise NotAsDocumented(f"{one['operationId']}: {answer.status_code} {answer.text[:200]}")
        said = self._resolved(said)
        content = said.get("content", {})
        if not content:
            if answer.content:
                raise NotAsDocumented(f"{one['operationId']}: a body with {answer.status_code}")
            return None
        media = content.get(answer.headers["Content-Type"].partition(";")[0])
        if media is None:
            raise NotAsDocumented(f"{one['operationId']}: {answer.headers['Content-Type']}")
        return self._adapter(media["schema"]).validate_json(answer.content, strict=True)

    def _check(self, one: Document, query: dict[str, Any], body: Any) -> None:
        known = {self._resolved(given)["name"] for given in one.get("parameters", ())}
        if unknown := set(query) - known:
            raise NotAsDocumented(f"{one['operationId']} takes no {unknown}")
        if body is not None:
            schema = one["requestBody"]["content"]["application/json"]["schema"]
            whole = {**schema, "components": self._document["components"]}
            jsonschema_rs.validator_for(whole, validate_formats=True).validate(body)

    def _adapter(self, schema: Document) -> TypeAdapter[Any]:
        if schema.get("type") == "array":
            return TypeAdapter(list[self._model(schema["items"])])  # type: ignore[misc]
        return TypeAdapter(self._model(schema))

    def _model(self, schema: Document) -> type[BaseModel]:
        model: type[BaseModel] = getattr(self._models, schema["$ref"].rsplit("/", 1)[1])
        return model

    def _resolved(self, part: Document) -> Document:
        if "$ref" not in part:
            return part
        _, _, kind, name = part["$ref"].split("/")
        found: Document = self._document["components"][kind][name]
        return found


def _generated(document: Document, folder: Path) -> Any:
    """The module of models that the generator writes."""
    target = folder / "generated_models.py"
    generate(
        json.dumps(document),
        input_file_type=InputFileType.OpenAPI,
        output=target,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_311,
        enum_field_as_literal="all",
        use_union_operator=True,
        disable_timestamp=True,
        formatters=[Formatter.BUILTIN],
    )
    spec = importlib.util.spec_from_file_location("generated_models", target)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["generated_models"] = module
    spec.loader.exec_module(module)
    return module
