"""`python -m services.projector`."""

from services.common.process import run
from services.projector.bootstrap import bootstrap
from services.projector.settings import ProjectorSettings

if __name__ == "__main__":
    run("projector", ProjectorSettings, bootstrap)
