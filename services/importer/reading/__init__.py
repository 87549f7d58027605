"""From bytes to records with line numbers. Knows files; knows nothing of drafts, accounts or tables in Postgres.

`open_table` is the whole interface: whoever stages rows iterates a `Table` and catches `FileFault`.
"""

from services.importer.reading.encodings import ENCODINGS
from services.importer.reading.faults import FileFault
from services.importer.reading.model import Choices, Layout, Note, Record, Table
from services.importer.reading.sampling import DELIMITERS
from services.importer.reading.table import open_table

__all__ = [
    "DELIMITERS",
    "ENCODINGS",
    "Choices",
    "FileFault",
    "Layout",
    "Note",
    "Record",
    "Table",
    "open_table",
]
