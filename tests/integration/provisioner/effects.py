"""What the account service did for one test: projects have slugs of their own, the service is shared."""

from deploy.account_service import journal
from deploy.account_service.launch import LaunchedService
from schemas.facts import ProjectSnapshot


def created_for(service: LaunchedService, project: ProjectSnapshot) -> list[journal.Created]:
    """The accounts it made in the scope of a project."""
    return [made for made in journal.created(service.effects()) if made.scope == project.slug]
