"""`course-accounts up`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Group, Parameter

from cli.parameters import Surroundings, Switch
from cli.running import noted
from cli.stack import explained

OWN = Group("An account service of your own, in place of the simulated one", sort_key=5)


def up(
    *,
    port: int | None = None,
    data_dir: Annotated[Path | None, Parameter(env_var="COURSE_ACCOUNTS_DATA_DIR", metavar="FOLDER")] = None,
    ready_file: Annotated[Path | None, Parameter(metavar="FILE")] = None,
    copies: Annotated[list[str] | None, Parameter(negative=(), metavar="SERVICE=NUMBER")] = None,
    account_service: Annotated[str | None, Parameter(group=OWN, metavar="URL")] = None,
    account_service_token_url: Annotated[str | None, Parameter(group=OWN, metavar="URL")] = None,
    status: Switch = False,
    json: Switch = False,
    no_open: Switch = False,
    world: Surroundings,
) -> int:
    """Start everything on this machine and stay up until Ctrl-C.

    Everything is Kafka, PostgreSQL, the services and a simulated account service. Data is kept between runs.
    Not meant for a site: see the how-to guides for that.

    Args:
        port: Port of the web address; the usual one, or the next free one, when not given.
        data_dir: Where everything is kept.
        ready_file: Write addresses, token, projects and process ids there (JSON) once all is ready.
        copies: Processes of a service, for example provisioner=2; may be repeated.
        account_service: Address of a service that speaks the account service protocol.
        account_service_token_url: Where that service gives out access tokens.
        status: Only show what is running, and a new address that signs in once.
        json: One JSON document a line instead of text.
        no_open: Do not open the page, also where there is a screen.
        world: The surroundings.
    """
    with explained():
        # the stack's code is not wanted by any other command
        from deploy.embedded.options import UpOptions, parse_copies

        options = UpOptions(
            data_dir=data_dir,
            port=port,
            ready_file=ready_file,
            copies=parse_copies(copies or ()),
            account_service=account_service,
            account_service_token_url=account_service_token_url,
            status=status,
            json=json,
            open_page=not no_open,
        ).checked()
        from deploy.embedded.up import run

        if status:
            return run(options)
        with noted(options.home(), world.environ):
            return run(options)
