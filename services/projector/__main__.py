"""`python -m services.projector`."""

import gc

from services.common.process import run
from services.projector.bootstrap import bootstrap
from services.projector.settings import ProjectorSettings

if __name__ == "__main__":
    # A batch holds some hundred thousand objects, none of them in a cycle: looking for cycles every 700
    # allocations took a third of the processor (docs/adr/0005).
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    run("projector", ProjectorSettings, bootstrap)
