"""JSON Schemas of the contracts (draft 2020-12), from the pydantic models."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from schemas.generate.contracts import Contract

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = Mapping[str, Any]


class _Closed(GenerateJsonSchema):
    """Closed objects, although readers ignore what they do not know.

    A closed schema says exactly what is written today. Only so does a checker count a new optional field as
    compatible: in an open schema that name might already have held anything.
    """

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        return {**super().dataclass_schema(schema), "additionalProperties": False}

    def field_title_should_be_set(self, schema: Any) -> bool:
        del schema
        return False  # "Account Id" says no more than `account_id`


def json_schema(contract: Contract) -> Schema:
    """The schema of one contract, complete in itself; its `$id` is the URN that events name as dataschema."""
    schema = TypeAdapter(contract.model).json_schema(schema_generator=_Closed)
    return {"$schema": DIALECT, "$id": contract.schema_id, **schema}


def shared_schemas(contracts: Iterable[Contract], ref_template: str) -> dict[str, Any]:
    """The schemas of all contracts and their parts by class name, each once, referring to one another."""
    _, document = TypeAdapter.json_schemas(
        [(contract.name, "validation", TypeAdapter(contract.model)) for contract in contracts],
        schema_generator=_Closed,
        ref_template=ref_template,
    )
    definitions: dict[str, Any] = document["$defs"]
    return definitions
