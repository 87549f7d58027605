"""The printed address: it signs in once, everywhere, until one signs out."""

import json

import httpx2

from tests.e2e.site import Site
from tests.support.waiting import until

OWN = {"Sec-Fetch-Site": "same-origin"}
ONE_EACH = ("/api/tokens/", "/api/target/", "/api/course-imports/")
"""Of importer, provisioner and projector."""


async def test_the_printed_address_signs_in_once(shared_site: Site) -> None:
    """A session counts at all three services, and at none five seconds after signing out; the trail tells of both."""
    printed = await (await shared_site.person.begin("up", "--status", "--json")).end()
    url = json.loads(printed.out)["web_url"]
    assert url != shared_site.installation.ready["web_url"]
    address, _, one_time = url.partition("/#sign-in=")
    async with (
        httpx2.AsyncClient(base_url=address, headers=OWN) as browser,
        httpx2.AsyncClient(base_url=address) as thief,
    ):
        who = await browser.post("/api/session/", json={"sign_in": one_time})
        assert (who.status_code, who.json()["staff"]) == (200, True), who.text
        assert (await thief.post("/api/session/", json={"sign_in": one_time})).status_code == 401
        for path in ONE_EACH:
            assert (await browser.get(path)).status_code == 200, path
            assert (await thief.get(path)).status_code == 401, path
        thief.cookies = httpx2.Cookies(browser.cookies)
        forged = await thief.post("/api/target/pause/", headers={"Sec-Fetch-Site": "cross-site"})
        assert (forged.status_code, forged.json()["code"]) == (403, "CROSS_SITE")
        stolen = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
        thief.cookies.clear()
        assert (await browser.delete("/api/session/")).status_code == 204

        async def ended() -> bool:
            return {(await thief.get(path, headers=stolen)).status_code for path in ONE_EACH} == {401}

        await until(ended, "the end of the session everywhere", within_s=15)
    entries = (await shared_site.http.get("/api/audit/", params={"user": "staff", "page_size": 300})).json()[
        "results"
    ]
    assert {"sign_in", "sign_out"} <= {entry["action"] for entry in entries}
