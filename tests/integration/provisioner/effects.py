"""What the account service did for one test: projects have slugs of their own, the service is shared."""

from deploy.account_service import journal
from deploy.account_service.launch import LaunchedService
from schemas.facts import ProjectSnapshot


def created_for(service: LaunchedService, project: ProjectSnapshot) -> list[journal.Created]:
    """The accounts it made in the scope of a project."""
    return [made for made in journal.created(service.effects()) if made.scope == project.slug]


def closed_for(service: LaunchedService, project: ProjectSnapshot) -> list[str]:
    """The addresses of the accounts it closed in the scope of a project, one for each time."""
    names = {made.username: made.email for made in created_for(service, project)}
    closed = [effect.username for effect in service.effects() if isinstance(effect, journal.Closed)]
    return [names[username] for username in closed if username in names]
