"""Drafts and projects as a person may see them; what is not seen does not exist."""

from uuid import UUID

from schemas.projects import refusal
from services.common.access import Principal
from services.common.http import Problem
from services.importer.api.deps import Parts
from services.importer.drafts.model import Draft


async def seen_draft(parts: Parts, principal: Principal, uuid: UUID) -> Draft:
    """The draft, to be read.

    Raises:
        Problem: 404, it is not there for this person.
    """
    draft = await parts.drafts.find(uuid)
    if draft is None or not principal.sees(draft.project_id):
        raise Problem(404, "NOT_FOUND", "There is no such draft.")
    return draft


async def own_draft(parts: Parts, principal: Principal, uuid: UUID) -> Draft:
    """The draft, to be changed.

    Raises:
        Problem: 404, as above.
        NotAllowed: it is seen, and may not be changed.
    """
    draft = await seen_draft(parts, principal, uuid)
    principal.check_manages(draft.project_id)
    return draft


async def check_project(parts: Parts, principal: Principal, project_id: UUID) -> None:
    """Go on only if accounts can be asked for in the project, by this person.

    Raises:
        Problem: 400, as Waldur says it; a project that is not seen is an unknown one.
        NotAllowed: it is seen, and may not be written.
    """
    project = await parts.projects.find(project_id) if principal.sees(project_id) else None
    if project is not None:
        principal.check_manages(project_id)
    why = refusal(project, parts.local_now())
    if why is not None:
        code, sentence = why
        raise Problem(400, code, sentence, errors={"project": [sentence]})
