"""Hypothesis strategies for every fact, read from the models themselves."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from schemas.facts import ALL_FACTS, Fact
from schemas.facts.base import MAX_INT
from schemas.projects import CourseProject

# A NUL character no table can store: the codec refuses it (see test_codec_refusals).
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC) | _ZONES)  # noqa: DTZ001


def facts() -> st.SearchStrategy[Fact]:
    """Any fact of any type."""
    return st.one_of([of_model(model) for model in ALL_FACTS])


def projects() -> st.SearchStrategy[CourseProject]:
    """Any record of the projects topic."""
    return of_model(CourseProject)


def of_model(model: type[Any]) -> st.SearchStrategy[Any]:
    """Any value of one model that its constraints allow."""
    return _of(inspect.type_info(model))


def _of(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.DataclassType(cls=cls, fields=fields):
            return _build(cls, fields)
        case inspect.IntType(ge=low, le=high):
            return st.integers(low or 0, MAX_INT if high is None else high)
        case inspect.StrType(pattern=str(pattern)):
            return st.from_regex(pattern.rstrip("$") + r"\Z")
        case inspect.StrType(min_length=low, max_length=high):
            return st.text(_CHARACTERS, min_size=low or 0, max_size=min(high or 30, 30))
        case inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case inspect.UnionType(types=types):
            return st.one_of([_of(part) for part in types])
        case inspect.VarTupleType(item_type=item, min_length=low):
            return st.lists(_of(item), min_size=low or 0, max_size=3).map(tuple)
    return _PLAIN[type(kind)]


_PLAIN: dict[type[inspect.Type], st.SearchStrategy[Any]] = {
    inspect.BoolType: st.booleans(),
    inspect.NoneType: st.none(),
    inspect.UUIDType: st.uuids(),
    inspect.DateType: st.dates(),
    inspect.DateTimeType: _MOMENTS,
}


def _build(cls: type[Any], fields: tuple[inspect.Field, ...]) -> st.SearchStrategy[Any]:
    required = {field.name: _of(field.type) for field in fields if field.required}
    optional = {field.name: _of(field.type) for field in fields if not field.required}
    return st.fixed_dictionaries(required, optional=optional).map(lambda values: cls(**values))


def as_json(fact: object) -> Any:
    """The fact as the JSON value that is written for it."""
    return msgspec.json.decode(msgspec.json.encode(fact))
