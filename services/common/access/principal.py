"""Who is asking, and what that person may see and do (design decision D13)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

Role = Literal["manager", "owner"]
"""Manager (or administrator) of a project; owner of the customer that the project belongs to. Both may do the same."""


class NotSignedIn(Exception):
    """No token or session, or one that is unknown, expired or revoked."""


class NotAllowed(Exception):
    """Signed in, but without the role, or the right to write, that this needs."""


class NotVisible(Exception):
    """For this person there is nothing here: answered as if it did not exist."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking. Staff see everything; everybody else sees the projects they have a role in, and no others."""

    user_id: str
    staff: bool = False
    roles: Mapping[UUID, Role] = field(default_factory=dict)
    """By project; already narrowed to the projects of a token that is for some only."""
    may_write: bool = True
    """False for a token that may only read."""
    narrowed: bool = False
    """The token is for some projects only: even staff then see no other."""
    credential: str = ""
    """Which token or session this is, as a public id; never the secret."""

    @property
    def unlimited(self) -> bool:
        """Whether every project is visible, and what belongs to no project."""
        return self.staff and not self.narrowed

    @property
    def projects(self) -> list[UUID] | None:
        """The projects that are visible, for a query; None: all of them."""
        return None if self.unlimited else list(self.roles)

    def sees(self, project_id: UUID) -> bool:
        """Whether the project is visible."""
        return self.unlimited or project_id in self.roles

    def manages(self, project_id: UUID) -> bool:
        """Whether accounts may be asked for, retried and closed in the project."""
        return self.may_write and self.sees(project_id)

    def check_sees(self, project_id: UUID) -> None:
        """Go on only if the project is visible.

        Raises:
            NotVisible: it is not: 404, as for what does not exist.
        """
        if not self.sees(project_id):
            raise NotVisible

    def check_manages(self, project_id: UUID) -> None:
        """Go on only if the project may be changed.

        Raises:
            NotVisible: it is not visible: 404.
            NotAllowed: it is, and may not be changed: 403.
        """
        self.check_sees(project_id)
        if not self.may_write:
            raise NotAllowed
