"""The newest description of each project in a batch."""

from uuid import UUID

from schemas.projects import CourseProject

HANDLES = (CourseProject,)


class ProjectsInMemory:
    """Projects by id; the highest revision counts, the first record of it if there are two."""

    def __init__(self) -> None:
        self.projects: dict[UUID, CourseProject] = {}

    def apply(self, project: CourseProject) -> None:
        """Fold one description."""
        known = self.projects.get(project.project_id)
        if known is None or known.revision < project.revision:
            self.projects[project.project_id] = project
