"""What the operators' page says to do about a damaged log for which there is no archive."""

import re
from pathlib import Path

_PAGE = Path(__file__).parents[2] / "docs/how-to/operator.md"


def way_out(service: str) -> str:
    """The SQL for one service, word for word."""
    section = _PAGE.read_text("utf-8").split("\n## The log is damaged\n")[1].split("\n## ")[0]
    (block,) = re.findall(rf"```sql\n(-- {service}\b.*?)```", section, re.DOTALL)
    return str(block)
