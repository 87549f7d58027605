"""`python -m tests.support.changed.replay`, as `python -m services.projector.replay`."""

import sys
from uuid import UUID

from services.projector.replay.process import run
from tests.support.changed.progress import BOTH

if __name__ == "__main__":
    run(UUID(sys.argv[1]), UUID(sys.argv[2]), BOTH)
