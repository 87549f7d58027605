"""`python -m services.projector.replay REPLAY WORKER`: works on one replay; a projector starts it."""

import sys
from uuid import UUID

from services.projector.registry import EDITIONS
from services.projector.replay.process import run

if __name__ == "__main__":
    run(UUID(sys.argv[1]), UUID(sys.argv[2]), EDITIONS)
