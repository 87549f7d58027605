"""The golden corpus: events of every version so far, which every later version reads as the same facts."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest
from pydantic import TypeAdapter

from schemas import codec
from schemas.generate import outputs
from schemas.generate.contracts import CONTRACTS, Contract
from schemas.projects import CourseProject
from schemas.requests import ImportRequested, decode_request, encode_request
from schemas.upcasting import OLD_FACTS_BY_TYPE, newest, newest_type
from tests.support.facts import as_json

BY_FILE = {contract.file_name: contract for contract in CONTRACTS}
FILES = sorted(path.name for path in outputs.EXAMPLES.glob("*.v*.json"))


def _load(file_name: str) -> list[dict[str, Any]]:
    examples: list[dict[str, Any]] = json.loads((outputs.EXAMPLES / file_name).read_text("utf-8"))
    return examples


CASES = [
    pytest.param(BY_FILE[file_name], example, id=f"{file_name}: {example['name']}")
    for file_name in FILES
    for example in _load(file_name)
]


def _headers(example: dict[str, Any]) -> list[tuple[str, bytes | None]]:
    return [(name, value.encode()) for name, value in example["headers"].items()]


def _value(example: dict[str, Any]) -> bytes:
    raw: str = example["raw"] if "raw" in example else json.dumps(example["value"], ensure_ascii=False)
    return raw.encode()


def _read(contract: Contract, example: dict[str, Any]) -> Any:
    if contract.model is CourseProject:
        return codec.decode_project(_headers(example), _value(example))
    if contract.model is ImportRequested:
        return decode_request(_headers(example), _value(example)).wish
    return codec.decode(_headers(example), _value(example)).fact


def _written_again(contract: Contract, example: dict[str, Any]) -> codec.Encoded:
    thing = _read(contract, example)
    headers = example["headers"]
    source, time = headers["ce_source"], datetime.fromisoformat(headers["ce_time"])
    if contract.model is CourseProject:
        return codec.encode_project(thing, source=source, time=time)
    if contract.model is ImportRequested:
        key = example["key"].encode()
        return encode_request(thing, event_id=headers["ce_id"], source=source, time=time, key=key)
    cause = headers.get("ce_causationid")
    return codec.encode(thing, source=source, time=time, causation_id=UUID(cause) if cause else None)


def _newest(contract: Contract) -> Contract:
    """The contract that an old version is read, and would be written again, as."""
    if contract.type_name not in OLD_FACTS_BY_TYPE:
        return contract
    return next(one for one in CONTRACTS if one.type_name == newest_type(contract.type_name))


def _version_headers(contract: Contract) -> dict[str, str]:
    headers = {"ce_type": contract.type_name}
    return headers if contract.from_outside else {**headers, "ce_dataschema": contract.schema_id}


def _missing(wanted: Any, found: Any, at: str = "$") -> list[str]:
    """Where `found` lacks or changes something of `wanted`; what it has beside that is newer, and fine."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return [
            line for key in wanted for line in _missing(wanted[key], found.get(key, "absent"), f"{at}.{key}")
        ]
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return [
            line
            for n, (a, b) in enumerate(zip(wanted, found, strict=True))
            for line in _missing(a, b, f"{at}[{n}]")
        ]
    if (
        isinstance(wanted, str)
        and isinstance(found, str)
        and _moment(wanted)
        and _moment(wanted) == _moment(found)
    ):
        return []  # the same moment in another zone
    return [] if wanted == found else [f"{at}: {found!r} instead of {wanted!r}"]


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def test_every_event_type_has_an_example() -> None:
    """At least one per type; and an example never outlives the reader of its type."""
    assert set(FILES) == set(BY_FILE)


@pytest.mark.parametrize(("contract", "example"), CASES)
def test_read_as_the_same_fact(contract: Contract, example: dict[str, Any]) -> None:
    """Every field has the value it always had, defaults of absent fields included."""
    fact = _read(contract, example)
    expected = example.get("read_as") or example["value"]
    assert not _missing(expected, as_json(fact))
    assert newest(TypeAdapter(contract.model).validate_json(_value(example))) == fact


@pytest.mark.parametrize(("contract", "example"), CASES)
def test_written_again_it_says_the_same(contract: Contract, example: dict[str, Any]) -> None:
    """Read and written again, nothing known is lost, and key, id and all headers are the same."""
    record = _written_again(contract, example)
    assert record.key.decode() == example["key"]
    assert {name: value.decode() for name, value in record.headers} == {
        **example["headers"],
        **_version_headers(_newest(contract)),
    }
    assert not _missing(example.get("read_as") or example["value"], json.loads(record.value))
    again = {
        "headers": {**example["headers"], **_version_headers(_newest(contract))},
        "raw": record.value.decode(),
    }
    assert _read(_newest(contract), again) == _read(contract, example)


@pytest.mark.parametrize(("contract", "example"), CASES)
def test_examples_fit_the_published_schema(contract: Contract, example: dict[str, Any]) -> None:
    """What is published as an example is valid by the published schema, and so is what we write for it."""
    if "raw" not in example:
        _schema(contract).validate(example["value"])
    _schema(_newest(contract)).validate(json.loads(_written_again(contract, example).value))


def _schema(contract: Contract) -> Any:
    return jsonschema_rs.validator_for(dict(outputs.current()[contract.file_name]), validate_formats=True)
