"""The encodings a file may be in, by the names people are shown."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ENCODINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "utf-8": "utf-8-sig",
        "utf-16": "utf-16",
        "windows-1252": "cp1252",
        "windows-1257": "cp1257",
        "windows-1250": "cp1250",
        "windows-1251": "cp1251",
        "windows-1253": "cp1253",
        "windows-1254": "cp1254",
        "iso-8859-1": "latin-1",
        "iso-8859-2": "iso8859-2",
        "iso-8859-4": "iso8859-4",
        "iso-8859-5": "iso8859-5",
        "iso-8859-13": "iso8859-13",
        "iso-8859-15": "iso8859-15",
        "koi8-r": "koi8-r",
        "cp437": "cp437",
        "cp775": "cp775",
        "cp850": "cp850",
        "cp866": "cp866",
        "macintosh": "mac-roman",
    }
)
"""Our name → Python's; what may be chosen. The first is what we ask people for."""

GUESSED: Final = (
    "windows-1252",
    "windows-1257",
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
)
"""What is guessed among, the likeliest first. A guess among all of them is wrong far too often."""


def spoken(name: str) -> str:
    """An encoding's name in a sentence."""
    return name.replace("windows", "Windows") if name.startswith("windows") else name.upper()
