"""SQL with a name and a home: queries live in `.sql` files beside the code that uses them.

A file holds queries like this; the line below the name says what the query is for:

    -- name: claim_due
    -- Take due work, fair between imports.
    DELETE FROM work …
"""

import re
from collections.abc import Mapping
from importlib import resources

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


def load_queries(package: str, file: str = "queries.sql") -> Mapping[str, str]:
    """Read the named queries of one file of `package`.

    Raises:
        ValueError: a name twice, a query without a description, or text before the first name.
    """
    text = resources.files(package).joinpath(file).read_text("utf-8")
    preamble, *parts = _NAME.split(text)
    if any(line and not line.startswith("--") for line in preamble.splitlines()):
        raise ValueError(f"{package}/{file}: SQL before the first name")
    queries: dict[str, str] = {}
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        if name in queries:
            raise ValueError(f"{package}/{file}: {name} is there twice")
        if not body.lstrip().startswith("--"):
            raise ValueError(f"{package}/{file}: {name} has no description")
        queries[name] = body.strip()
    return queries
