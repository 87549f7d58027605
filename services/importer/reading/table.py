"""Opening a file, whatever it is: the content decides, never its name."""

from typing import BinaryIO, Final

from services.importer.limits import Limits
from services.importer.reading import faults
from services.importer.reading.kinds import look
from services.importer.reading.model import Choices, Table
from services.importer.reading.pasted import open_pasted
from services.importer.reading.survey import read_fully
from services.importer.reading.text import open_text
from services.importer.reading.workbook import open_workbook

_HEAD: Final = 1024
_FIND_OUT: Final = Choices()


def open_table(
    stream: BinaryIO, limits: Limits, choices: Choices = _FIND_OUT, *, pasted: bool = False
) -> Table:
    """Look at the bytes, find the header, and return what can be iterated.

    Blocks while it reads: call it, and the iterator, in a thread or a process. The stream, which can seek, is the
    table's from here on. With `pasted` the text of a box is read: it needs no header, and may be a list of
    addresses.

    Raises:
        FileFault: the file cannot be read. The iterator raises it too.
    """
    stream.seek(0)
    head = read_fully(stream, _HEAD)
    if not head:
        raise faults.empty()
    kind = look(head)
    if kind != "text":
        return open_workbook(stream, limits, choices, kind)
    return open_pasted(stream, limits, choices) if pasted else open_text(stream, limits, choices)
