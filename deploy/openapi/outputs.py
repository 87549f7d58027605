"""The document as a file."""

import json
from pathlib import Path
from typing import Final

from deploy.openapi.frame import framed
from deploy.openapi.merging import merged
from deploy.openapi.routes import applications
from deploy.openapi.schemas import opened, with_nulls
from deploy.openapi.tidying import Document, tidied

PATH: Final = Path(__file__).resolve().parents[2] / "schemas/http/openapi.json"


def document() -> Document:
    """The document as it is published: answers may grow.

    Raises:
        CannotMerge: the services contradict each other or the front.
    """
    return opened(exact_document())


def exact_document() -> Document:
    """The same, saying exactly what this version answers: for tests and for clients made strict.

    Raises:
        CannotMerge: as above.
    """
    apps = applications()
    return with_nulls(framed(merged({owner: tidied(app.openapi()) for owner, app in apps.items()})))


def text(document: Document) -> str:
    """As it is committed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def committed() -> Document:
    """The document as it was written last."""
    found: Document = json.loads(PATH.read_text("utf-8"))
    return found
