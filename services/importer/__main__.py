"""`python -m services.importer`: run the importer."""

from services.common.process import run
from services.importer.bootstrap import bootstrap
from services.importer.settings import ImporterSettings

if __name__ == "__main__":
    run("course-accounts.importer", ImporterSettings, bootstrap)
