"""What a person chose of how a file is to be read, as it arrives: fields of a form, a query, JSON."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.common.http import Problem
from services.importer.reading import ENCODINGS, Choices

DELIMITERS: Final = (",", ";", "\t", "|")
_NAMES: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_NO_SUCH_COLUMN: Final = -1
_FIELDS: Final = ("encoding", "delimiter", "columns")


class ColumnsBody(BaseModel):
    """Where the header and the columns are. Places count from 0; `header_line` 0: there is none."""

    model_config = ConfigDict(extra="forbid")

    header_line: int | None = Field(default=None, ge=0, le=100)
    email: int | None = Field(default=None, ge=0, le=10_000)
    description: int | None = Field(default=None, ge=_NO_SUCH_COLUMN, le=10_000)


class ChoicesBody(BaseModel):
    """How the file is to be read; what is missing is found out."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"encoding": "windows-1252", "delimiter": ";"}]}
    )

    encoding: str | None = Field(default=None, max_length=40)
    delimiter: str | None = Field(default=None, max_length=10)
    columns: ColumnsBody | None = None

    def choices(self) -> Choices:
        """The choices.

        Raises:
            Problem: 400, an encoding or delimiter nobody knows.
        """
        encoding = self.encoding.strip().lower() if self.encoding else None
        if encoding is not None and encoding not in ENCODINGS:
            raise _unknown("encoding", f"Choose one of: {', '.join(ENCODINGS)}.")
        delimiter = _NAMES.get(self.delimiter, self.delimiter) if self.delimiter else None
        if delimiter is not None and delimiter not in DELIMITERS:
            raise _unknown("delimiter", "Choose a comma, a semicolon, a tab or a vertical bar.")
        columns = self.columns or ColumnsBody()
        return Choices(encoding, delimiter, columns.header_line, columns.email, columns.description)


def choices_of(fields: Mapping[str, str]) -> Choices:
    """Read the fields `encoding`, `delimiter` and `columns` (JSON) of a form or query.

    Raises:
        Problem: 400, they say nothing that can be done.
    """
    given: dict[str, Any] = {name: value for name in _FIELDS if (value := fields.get(name))}
    try:
        if "columns" in given:
            given["columns"] = orjson.loads(given["columns"])
        return ChoicesBody.model_validate(given).choices()
    except (orjson.JSONDecodeError, ValidationError):
        raise _unknown(
            "columns", 'Write columns as JSON, counting from 0: {"email": 0, "description": 1}.'
        ) from None


def _unknown(field: str, sentence: str) -> Problem:
    return Problem(400, "CHOICE_UNKNOWN", sentence, errors={field: [sentence]})
