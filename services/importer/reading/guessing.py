"""The one place that asks a library what an encoding may be; small, so that it can be swapped."""

from collections.abc import Iterable, Sequence

from services.importer.reading.encodings import ENCODINGS


def rank(cells: Iterable[bytes], candidates: Sequence[str]) -> list[str]:
    """The candidates, the likeliest first.

    Args:
        cells: distinct cells that are not ASCII; repeated text would count more than it tells.
        candidates: names of `ENCODINGS` that can decode the cells.
    """
    import chardet

    text = b"\n".join(cells)
    if len(candidates) < 2 or not text:
        return list(candidates)
    answer = chardet.detect(text, include_encodings=list(candidates), no_match_encoding=candidates[0])
    best = next(
        (name for name in candidates if name == str(answer["encoding"]).lower().replace("cp", "windows-")),
        candidates[0],
    )
    # Many code pages agree on what this file holds: then the name that people know is the better one.
    said = text.decode(ENCODINGS[best], "replace")
    best = next(name for name in candidates if text.decode(ENCODINGS[name], "replace") == said)
    return [best, *(name for name in candidates if name != best)]
