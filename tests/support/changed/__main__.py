"""`python -m tests.support.changed`, as `python -m services.projector`."""

from services.common.process import run
from services.projector.settings import ProjectorSettings
from tests.support.changed.bootstrap import bootstrap

if __name__ == "__main__":
    run("projector", ProjectorSettings, bootstrap)
