"""`python -m deploy.openapi`: write the document anew."""

import sys

from deploy.openapi import outputs
from deploy.openapi.merging import CannotMerge


def main() -> int:
    """Write it, say whether it changed, and return the exit code: 1 if the services contradict each other."""
    try:
        wanted = outputs.text(outputs.document())
    except CannotMerge as error:
        sys.stderr.write(f"Not written: {error}\n")
        return 1
    if not outputs.PATH.exists() or outputs.PATH.read_text("utf-8") != wanted:
        outputs.PATH.parent.mkdir(parents=True, exist_ok=True)
        outputs.PATH.write_text(wanted, "utf-8")
        sys.stdout.write("schemas/http/openapi.json changed\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
