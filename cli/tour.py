"""What the demo shows: the sample is imported, and every outcome is named."""

import re
import tempfile
from pathlib import Path

from cli.client.accounts import list_accounts
from cli.client.api import Api
from cli.errors import Failure
from cli.exits import Exit
from cli.importing import Order, run_import
from cli.running import Ready
from cli.world import World

SAMPLE = Path(__file__).parent.parent / "examples" / "course.csv"
DOMAIN = "example.org"
"""Every address of the sample is there."""


def tour(world: World, api: Api, ready: Ready, sample: Path = SAMPLE) -> Exit:
    """Import the sample into the first project; returns how that ended (some rows are meant to fail).

    Raises:
        Failure: there is no sample or no project.
        ClientError: the server refused something or cannot be reached.
    """
    if not ready.projects:
        raise Failure(Exit.ERROR, "NO_DEMO_PROJECT", "The installation has no demo project.")
    try:
        text = sample.read_text(encoding="utf-8")
    except OSError as error:
        detail = f"The sample {sample} is missing: the demo needs a checkout of the project."
        raise Failure(Exit.ERROR, "NO_SAMPLE", detail) from error
    project = ready.projects[0].uuid
    seen = next(list_accounts(api, project=project, email=f"@{DOMAIN}"), None) is not None
    world.say()
    if seen:
        domain = f"{world.new_key()[:6]}.{DOMAIN}"
        world.say(f"The sample was imported here before; this time its addresses end in @{domain}.")
        text = re.sub(f"@{re.escape(DOMAIN)}", f"@{domain}", text, flags=re.IGNORECASE)
    with tempfile.TemporaryDirectory(prefix="course-accounts-demo-") as folder:
        file = Path(folder) / sample.name
        file.write_text(text, encoding="utf-8")
        ended = run_import(world, api, Order(file, project, wait=True, yes=True))
    world.out(f"\nOpen: {ready.web_url or ready.url}")
    return ended
