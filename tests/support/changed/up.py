"""`course-accounts`, but its installations run a projector with a changed read model beside the usual one."""

from cli.main import main
from deploy.embedded import stack

stack.MODULES["projector"] = "tests.support.changed"

if __name__ == "__main__":
    main()
