"""Every contract on a topic: its model, who writes it, and the name of its files."""

from dataclasses import dataclass
from inspect import getdoc
from typing import Any

from schemas import topics
from schemas.codec import data_schema
from schemas.facts import ALL_FACTS, AccountRequested, Fact, ImportFact, TargetFact
from schemas.projects import CourseProject
from schemas.requests import ImportRequested
from schemas.upcasting import STEPS


@dataclass(frozen=True, slots=True)
class Contract:
    """One kind of record. `key`: in words, what the record's key is. `from_outside`: the envelope is not ours."""

    model: type[Any]
    topic: str
    writer: str
    key: str
    follows_import: bool
    from_outside: bool = False

    @property
    def type_name(self) -> str:
        """The CloudEvents type."""
        name: str = self.model.TYPE
        return name

    @property
    def name(self) -> str:
        """The class, for example `AccountCreated`."""
        return self.model.__name__

    @property
    def file_name(self) -> str:
        """For example `account-created.v1.json`."""
        return ".".join(self.type_name.rsplit(".", 2)[1:]) + ".json"

    @property
    def schema_id(self) -> str:
        """The URN of its JSON Schema."""
        return data_schema(self.type_name)

    @property
    def says(self) -> str:
        """What a record of this kind says: the first paragraph of its docstring."""
        return " ".join((getdoc(self.model) or "").split("\n\n")[0].split())


def _of_fact(fact: type[Fact]) -> Contract:
    if issubclass(fact, ImportFact):
        return Contract(fact, topics.LOG, "importer", "import_id", follows_import=True)
    if issubclass(fact, TargetFact):
        return Contract(fact, topics.LOG, "provisioner", "uuid5 of the target", follows_import=False)
    writer = "importer" if fact is AccountRequested else "provisioner"
    if fact in STEPS:
        writer = "nobody any more"
    return Contract(fact, topics.LOG, writer, "account_id", follows_import=True)


CONTRACTS: tuple[Contract, ...] = (
    *(_of_fact(fact) for fact in (*ALL_FACTS, *STEPS)),
    Contract(CourseProject, topics.PROJECTS, "whoever owns the projects", "project_id", follows_import=False),
    Contract(
        ImportRequested,
        topics.REQUESTS,
        "whoever asks for accounts",
        "any; requests of one key stay in order",
        follows_import=False,
        from_outside=True,
    ),
)
