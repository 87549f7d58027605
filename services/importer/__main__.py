"""`python -m services.importer`."""

from services.common.process import run
from services.importer.bootstrap import bootstrap
from services.importer.settings import ImporterSettings

if __name__ == "__main__":
    run("importer", ImporterSettings, bootstrap)
