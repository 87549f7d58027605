"""Many accounts at once, for the service that was asked to make them."""

from services.common.database import Pool
from services.common.questions import MANY
from tests.integration.projector.a_course import ACCOUNTS, A, a_course
from tests.integration.projector.support import INTERNAL, client, feed, records
from tests.unit.projector.stories import account_of


async def test_many_are_answered_as_each_is(pool: Pool, admin: Pool) -> None:
    """Whatever an account says by itself it says here, too; those that are not listed are left out."""
    people = ("ann", "ben", "cleo")
    await feed(pool, records(a_course().facts))
    ours = {"Authorization": f"Bearer {INTERNAL}"}
    path = "/internal/accounts/"
    async with client(pool, admin) as http:
        each = [(await http.get(f"{ACCOUNTS}{account_of(person).hex}/")).json() for person in people]
        ids = b"".join(account_of(person).bytes for person in people)
        many = await http.post(path, content=ids + A.bytes, headers=ours)
        assert sorted(many.json()["accounts"], key=lambda one: str(one["email"])) == each
        assert (await http.post(path, content=b"", headers=ours)).json() == {"accounts": []}
        assert (await http.post(path, content=b"x", headers=ours)).status_code == 400
        assert (await http.post(path, content=bytes(16 * MANY + 16), headers=ours)).status_code == 413
        assert (await http.post(path, content=ids)).status_code == 401
