"""Not my visit: what a holder said reaches the venue, which decides, and the holder hears it."""

from uuid import uuid4

import httpx
import pytest
from playwright.async_api import expect

from server.clock import utc_now
from shared.rules.validity import HELSINKI
from tests.browser.console.people import People, button, is_told
from tests.browser.console.places import VENUE
from tests.browser.town import THEATRE, Town
from tests.server.callers import HttpHolder, HttpScanner

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def dispute_one(http: httpx.Client, town: Town) -> tuple[HttpHolder, str]:
    """Let a holder visit the theatre, and say that it was somebody else."""
    holder, door = HttpHolder(http, utc_now), HttpScanner(http, utc_now)
    holder.activate(town.grant()[1])
    holder.sign_in()
    door.pair(town.pairing_code(THEATRE))
    door.sign_in()
    visit_id = door.scan(holder.show(), children=1).json()["visit_id"]
    told = {"dispute_id": str(uuid4()), "visit_id": visit_id}
    assert http.post("disputes", json=told, headers=holder.speaking).is_success
    return holder, visit_id


async def test_the_venue_undoes_a_visit_that_its_holder_does_not_know(
    people: People, town: Town
) -> None:
    with httpx.Client(base_url=f"{town.url}/api/v1/") as http:
        holder, visit_id = dispute_one(http, town)
        venue = await people.opens("/visits", VENUE)
        await venue.get_by_role("link", name="Kortinhaltija sanoo: ei minun käyntini").first.click()
        [visit] = [one for one in town.visits() if str(one.id) == visit_id]
        at = visit.visited_at.astimezone(HELSINKI)
        moment = f"{at.day}.{at.month}.{at.year} {at.hour}.{at.minute:02}"
        undo = button(venue, f"Kumoa käynti {moment}").last
        await expect(undo).to_be_visible()
        await undo.click()
        await is_told(venue, "Käynti on kumottu. Kortinhaltija näkee sen.")

        [line] = holder.read("visits").json()["visits"]
        assert line["dispute"]["outcome"] == "undone"
        assert line["voided_at"] is not None
