"""Who may see jobs and give orders: by the projects that they are about."""

from uuid import UUID

from services.common.access import Principal
from services.common.http import Problem
from services.provisioner.jobs.asking import Jobs
from services.provisioner.jobs.order import Job, JobOrder


def sees_job(who: Principal, job: Job) -> bool:
    """Whether all projects of a job are visible; a job of unknown ones is for staff only."""
    return who.unlimited or (bool(job.projects) and all(map(who.sees, job.projects)))


def the_project(job: Job) -> UUID | None:
    """The one project a job is about; None if there are several."""
    return job.projects[0] if len(job.projects) == 1 else None


async def check_order(jobs: Jobs, who: Principal, order: JobOrder) -> None:
    """Go on only if all that an order is about is there and may be changed.

    Staff may name accounts that nobody knows: each is refused by itself.

    Raises:
        Problem: 404, as if what is not visible did not exist.
    """
    if who.unlimited and order.import_id is None:
        return
    if not await jobs.all_there(order, who.manages):
        raise Problem(404, "NOT_FOUND", _WHAT[_kind(order)])


_WHAT = {
    "import": "There is no such import, or it has asked for no account yet.",
    "accounts": "At least one of these accounts does not exist. Nothing was changed.",
    "project": "There is no such project.",
}


def _kind(order: JobOrder) -> str:
    if order.import_id is not None:
        return "import"
    return "project" if order.account_ids is None else "accounts"
