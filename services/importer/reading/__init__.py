"""From bytes to records with line numbers. Knows files; knows nothing of drafts, accounts or tables in Postgres.

`open_table` is the whole interface: whoever stages rows iterates a `Table` and catches `FileFault`.
"""

from services.importer.reading.faults import FileFault
from services.importer.reading.table import Layout, Note, Record, Table, open_table

__all__ = ["FileFault", "Layout", "Note", "Record", "Table", "open_table"]
