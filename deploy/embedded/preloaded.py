"""Run a service whose libraries are loaded before anybody can say where Kafka and PostgreSQL are.

    python -m deploy.embedded.preloaded services.importer

Loading them takes seconds, and so does Kafka: this way both happen at once. Its settings come as one line of
JSON on standard input; without a line it ends.
"""

import importlib
import json
import os
import runpy
import sys


def main() -> None:
    """Load, wait for the settings, and become the service."""
    module = sys.argv[1]
    importlib.import_module(f"{module}.bootstrap")
    settings = sys.stdin.readline()
    if not settings:
        return
    os.environ.update(json.loads(settings))
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
