"""What the descriptions of all answers share: strict models, ids, and pages that a cursor leads through."""

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from services.common.http.types import HexText

ID: Final = "2f1d3a5b7c9e4f60a1b2c3d4e5f60718"
OTHER_ID: Final = "6c8f1f1e0b8c5f3c9d0f9a3b8e7d6c5b"
THIRD_ID: Final = "9b2d8e7f6a5c4b3d8e1f0a9b8c7d6e5f"

Person = Annotated[str, Field(description="who: 32 hex digits where it is a UUID, else as it is")]
Next = Annotated[str | None, Field(description="the address of the next page; null on the last one")]
MaybeId = HexText | None


class Answer(BaseModel):
    """An answer as it is made, without a field more."""

    model_config = ConfigDict(extra="forbid")


def example(value: Any) -> ConfigDict:
    """For `model_config`: one example, beside what `Answer` says."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [value]})
