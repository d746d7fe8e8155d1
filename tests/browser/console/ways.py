"""What leads a page of the console to a state: forms filled in, clocks stopped, rows added."""

import json
from asyncio import Lock
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from itertools import count

from playwright.async_api import Page, Route, expect
from sqlalchemy import delete, select

from server.access.models import ConsoleSession
from server.access.service import grant_access, session_hash
from server.area.codes import MUNICIPALITIES
from server.area.models import Area
from server.clock import utc_now
from server.console.actors import COOKIE
from server.distributor.models import Distributor
from server.ids import new_id
from server.signin.models import WrongTry
from tests.browser.console.lately import LONG_NAME, LONGEST_NAME, Lately
from tests.browser.console.people import be_signed_in, digits
from tests.browser.console.places import (
    DISTRIBUTOR,
    PASSWORD,
    access_of,
    authenticator_of,
)
from tests.browser.town import Town
from tests.factories import SECRET

Then = Callable[[Page, Town], Awaitable[None]]
"""What leads from a page to its state, in any language: by names of fields, not by words."""

_numbers = count(1)
_one_at_a_time = Lock()


@dataclass(frozen=True)
class View:
    """One page in one state: what it shows, who sees it, where it is, what leads to the state."""

    name: str
    handle: str | None
    path: str
    then: Then | None = None

    async def open(self, page: Page, town: Town, lately: Lately) -> None:
        """Bring *page* into this state, whoever it was for before."""
        await page.context.clear_cookies()
        if self.handle is not None:
            await be_signed_in(page, town, self.handle)
        await page.goto(f"/console{self.path.format(**asdict(lately))}")
        if self.then is not None:
            await self.then(page, town)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()


def fills(*presses: str, **fields: str) -> Then:
    """Type into fields and send their form."""

    async def then(page: Page, _town: Town) -> None:
        for name, value in fields.items():
            field = page.locator(f"main [name={name}]")
            if await field.evaluate("one => one.tagName") == "SELECT":
                await field.select_option(value)
            else:
                await field.fill(value)
        for wanted in presses:
            await page.locator(wanted).click()

    return then


SEND = "main .form button"
LINKED = json.dumps(
    [
        {"id": "1", "name": {"fi": LONGEST_NAME}, "start_time": "2199-02-28T16:00:00Z"},
        {"id": "2", "name": {"fi": LONG_NAME}},
        {"id": "3", "event_status": "EventCancelled"},
    ]
)
"""A document of Linked Events: one event to store, one without a time, one that was never here."""


async def is_refused(page: Page, town: Town) -> None:
    await fills(SEND, handle="ei-ole", password="x")(page, town)
    with town.sessions.begin() as db:
        db.execute(delete(WrongTry))  # five of them in an hour would shut out everybody here


async def is_signed_out_meanwhile(page: Page, town: Town) -> None:
    await page.locator("[name=birth_year]").fill("1975")
    [cookie] = [one for one in await page.context.cookies() if one["name"] == COOKIE]
    with town.sessions.begin() as db:
        db.delete(db.get_one(ConsoleSession, session_hash(cookie["value"])))
    await page.locator(SEND).click()


async def invited(page: Page, town: Town) -> str:
    """Open an invitation of a location that was added just now; give what it signs in as."""
    handle = f"kutsuttu-{next(_numbers)}"
    with town.sessions.begin() as db:
        area = db.scalars(select(Area).where(Area.name == "Pirkkala")).one()
        place = Distributor(id=new_id(utc_now()), area_id=area.id, name=LONG_NAME)
        db.add(place)
        db.flush()
        _, code = grant_access(db, place, handle=handle, secret=SECRET, now=utc_now())
    await page.goto(f"/console/invitation/{code}")
    return handle


async def has_an_invitation(page: Page, town: Town) -> None:
    await invited(page, town)


async def takes_a_weak_password(page: Page, town: Town) -> None:
    await invited(page, town)
    await fills(SEND, password="lyhyt")(page, town)


async def takes_the_invitation(page: Page, town: Town) -> None:
    await invited(page, town)
    key = "".join((await page.locator("p.code").inner_text()).split())
    await fills(SEND, password=PASSWORD, code=digits(key))(page, town)


async def adds_an_area(page: Page, town: Town) -> None:
    number = next(_numbers)
    code = list(MUNICIPALITIES)[number]
    await fills(SEND, municipality=code, postcodes=f"{99_000 + number}", handle=f"alue-{number}")(
        page, town
    )


async def invites_a_location(page: Page, town: Town) -> None:
    await page.locator("#kind-distributor").check()
    await fills(SEND, name=LONG_NAME, handle=f"uusi-{next(_numbers)}")(page, town)


async def is_signed_in_again(page: Page, town: Town) -> None:
    await is_signed_out_meanwhile(page, town)
    async with _one_at_a_time:
        with town.sessions.begin() as db:
            access_of(db, DISTRIBUTOR).totp_step = None  # as if half a minute had gone by
        code = digits(authenticator_of(DISTRIBUTOR))
        await fills(SEND, handle=DISTRIBUTOR, password=PASSWORD, code=code)(page, town)


async def stands_still(page: Page, _town: Town) -> None:
    """Let the frame with the progress draw itself once: axe-core needs longer than two seconds."""

    async def once(route: Route) -> None:
        answer = await route.fetch()
        headers = {name: value for name, value in answer.headers.items() if name != "refresh"}
        await route.fulfill(response=answer, headers=headers)

    await page.route("**/progress", once)
    await page.reload()
