"""`python -m tests.support.failing`."""

from services.common.process import run
from services.provisioner.settings import ProvisionerSettings
from tests.support.failing.bootstrap import bootstrap

if __name__ == "__main__":
    run("provisioner", ProvisionerSettings, bootstrap)
