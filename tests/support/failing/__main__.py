"""A provisioner that fails at a named point: `python -m tests.support.failing`, as `python -m services.provisioner`.

Product code knows nothing of points: it is handed a callable. `points.py` says what can fail, and how.
"""

from services.common.process import run
from services.provisioner.settings import ProvisionerSettings
from tests.support.failing.bootstrap import bootstrap

if __name__ == "__main__":
    run("provisioner", ProvisionerSettings, bootstrap)
