"""Run the provisioner: `python -m services.provisioner`."""

from services.common.process import run
from services.provisioner.bootstrap import bootstrap
from services.provisioner.settings import ProvisionerSettings

run("provisioner", ProvisionerSettings, bootstrap)
