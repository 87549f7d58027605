"""From bytes to records with line numbers. Knows files; knows nothing of drafts, accounts or tables in Postgres.

`open_table` is the whole interface: whoever stages rows iterates a `Table` and catches `FileFault`.
"""

from typing import Final

from services.importer.reading.faults import FileFault
from services.importer.reading.model import Choices, Layout, Note, Record, Table
from services.importer.reading.table import open_table

ENCODINGS: Final = ("utf-8", "utf-16", "windows-1252", "windows-1257", "windows-1250", "windows-1251")

__all__ = ["ENCODINGS", "Choices", "FileFault", "Layout", "Note", "Record", "Table", "open_table"]
