"""People with and without a role in two courses of the one shared installation, and what there is in each course."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from deploy.openapi import outputs
from deploy.openapi.tidying import Document
from tests.contract.api.people import World, made

if TYPE_CHECKING:
    from tests.e2e.site import Course, Site


@pytest.fixture(scope="session")
def document() -> Document:
    """The document, saying exactly what is answered."""
    return outputs.exact_document()


@pytest.fixture
async def site(shared_site: "Site") -> "AsyncIterator[Site]":
    """The shared installation, with an account service that behaves again afterwards."""
    yield shared_site
    await shared_site.faults()


@pytest.fixture(scope="session")
async def world(shared_site: "Site") -> World:
    """Two courses with an import, a draft and a job each, and everybody's tokens."""
    return await made(shared_site)


@pytest.fixture
async def course(site: "Site") -> "Course":
    """A course that only this test uses."""
    return await site.course()
