"""Numbers as people read them."""


def count(number: int) -> str:
    """12345 as 12,345."""
    return f"{number:,}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 row, 2 rows."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """A span of time, as coarse as it may be: 0.4 s, 12 s, 3 min 5 s, 2 h 10 min."""
    if seconds < 10:
        return f"{max(seconds, 0):.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def parse_duration(text: str) -> float:
    """Seconds in `90`, `90s`, `5m` or `1.5h`.

    Raises:
        ValueError: it is none of these, or not positive.
    """
    said = text.strip().lower()
    factor = _UNITS.get(said[-1:])
    number = said[:-1] if factor else said
    try:
        seconds = float(number) * (factor or 1)
    except ValueError:
        seconds = 0
    if not 0 < seconds < _LONGEST:
        raise ValueError(f"{text} is not a time: say 90, 90s, 5m or 2h.")
    return seconds


_UNITS = {"s": 1, "m": 60, "h": 3600}
_LONGEST = 30 * 24 * 3600
