"""`course-accounts`, but its installations run a provisioner that fails on request."""

from cli.main import main
from deploy.embedded import stack

stack.MODULES["provisioner"] = "tests.support.failing"

if __name__ == "__main__":
    main()
