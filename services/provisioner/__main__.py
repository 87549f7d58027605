"""`python -m services.provisioner`."""

from services.common.process import run
from services.provisioner.bootstrap import bootstrap
from services.provisioner.settings import ProvisionerSettings

if __name__ == "__main__":
    run("provisioner", ProvisionerSettings, bootstrap)
