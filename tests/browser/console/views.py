"""Every page of the console in every state, and the way there."""

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
    COORDINATOR,
    DISTRIBUTOR,
    IDLE_COORDINATOR,
    IDLE_DISTRIBUTOR,
    IDLE_VENUE,
    LATE_VENUE,
    PASSWORD,
    SERVICE,
    UNAGREED_VENUE,
    VENUE,
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


VIEWS = (
    View("signing in", None, "/sign-in"),
    View("signing in, refused", None, "/sign-in", is_refused),
    View("signing in, initials that are none", None, "/sign-in", fills(SEND, initials="Maija")),
    View("signed out meanwhile", DISTRIBUTOR, "/cards/new", is_signed_out_meanwhile),
    View("going on", DISTRIBUTOR, "/cards/new", is_signed_in_again),
    View("an invitation", None, "/sign-in", has_an_invitation),
    View("an invitation, a weak password", None, "/sign-in", takes_a_weak_password),
    View("an invitation that is taken", None, "/sign-in", takes_the_invitation),
    View("an invitation that is over", None, "/invitation/old"),
    View("granting", DISTRIBUTOR, "/cards/new"),
    View(
        "granting, with mistakes",
        DISTRIBUTOR,
        "/cards/new",
        fills(SEND, birth_year="75", home_postcode="99999", children="monta"),
    ),
    View("granting a community card", DISTRIBUTOR, "/cards/new?kind=community"),
    View("cards", DISTRIBUTOR, "/cards"),
    View("cards, none found", DISTRIBUTOR, "/cards?code=000"),
    View("cards, none yet", IDLE_DISTRIBUTOR, "/cards"),
    View("a card granted", DISTRIBUTOR, "/cards/{card}?done=granted"),
    View(
        "a card, a wrong number",
        DISTRIBUTOR,
        "/cards/{card}",
        fills("form[action$=children] button", children="99"),
    ),
    View(
        "a card, all unfolded",
        DISTRIBUTOR,
        "/cards/{card}",
        fills("summary >> nth=0", "summary >> nth=1"),
    ),
    View("a community card", DISTRIBUTOR, "/cards/{community}"),
    View("a blocked card", DISTRIBUTOR, "/cards/{blocked}?done=blocked"),
    View("a replaced card", DISTRIBUTOR, "/cards/{replaced}"),
    View(
        "a code for the phone",
        DISTRIBUTOR,
        "/cards/{card}",
        fills("form[action$=activation] button"),
    ),
    View("visits", VENUE, "/visits"),
    View("visits, none such", VENUE, "/visits?category=science"),
    View("visits, none yet", IDLE_VENUE, "/visits"),
    View("not my visit", VENUE, "/disputes?done=happened"),
    View("not my visit, none", IDLE_VENUE, "/disputes"),
    View("not my visit, in the area", COORDINATOR, "/disputes"),
    View("erasing a holder", DISTRIBUTOR, "/cards/{card}/erasure"),
    View("cards, a holder erased", DISTRIBUTOR, "/cards?done=erased"),
    View("events", VENUE, "/events"),
    View("events, none yet", IDLE_VENUE, "/events"),
    View("events, with mistakes", IDLE_VENUE, "/events", fills(SEND, name=LONG_NAME)),
    View("a course", VENUE, "/events", fills("td a >> nth=1", "summary >> nth=0")),
    View("facts for visitors", VENUE, "/visitors?done=1"),
    View(
        "facts for visitors, with mistakes",
        IDLE_VENUE,
        "/visitors",
        fills(SEND, municipality="49", street=LONG_NAME * 3, website="esimerkki.fi"),
    ),
    View("events from Linked Events", VENUE, "/linked-events"),
    View("events from Linked Events, with mistakes", IDLE_VENUE, "/linked-events", fills(SEND)),
    View(
        "events from Linked Events, looked at",
        VENUE,
        "/linked-events",
        fills(SEND, document=LINKED),
    ),
    View("limits", VENUE, "/limits"),
    View("limits, with mistakes", VENUE, "/limits", fills(SEND, most="x", covers="abc")),
    View("limits of an area", COORDINATOR, "/limits"),
    View("limits, none", IDLE_COORDINATOR, "/limits"),
    View("ticket brokers of a venue", VENUE, "/tickets"),
    View("ticket brokers", SERVICE, "/brokers", fills("summary >> nth=0")),
    View("a broker's key", SERVICE, "/brokers", fills(SEND, name=LONG_NAME)),
    View("visits from paper", VENUE, "/paper"),
    View(
        "visits from paper, and what becomes of them",
        VENUE,
        "/paper",
        fills(
            "form[action$=preview] button",
            **{"day-1": "20.11.2026", "code-1": "000", "day-2": "31.2.2026", "code-2": "000"},
        ),
    ),
    View("visits from paper, some with a problem", VENUE, "/paper/{looked_at}?only=problems"),
    View("visits from paper, being recorded", VENUE, "/paper/{running}", stands_still),
    View("visits from paper, stopped", VENUE, "/paper/{stopped}"),
    View("background work", VENUE, "/work"),
    View("background work, none yet", IDLE_VENUE, "/work"),
    View("many sheets", DISTRIBUTOR, "/sheets?choice=all"),
    View("many sheets, none chosen", DISTRIBUTOR, "/sheets?choice=all", fills("[value=ticked]")),
    View("many sheets, no card", IDLE_DISTRIBUTOR, "/sheets"),
    View("many sheets, ready", DISTRIBUTOR, "/sheets/{ready}"),
    View("many sheets, stopped", DISTRIBUTOR, "/sheets/{sheets_stopped}"),
    View("the accessibility statement", None, "/info/accessibility"),
    View("the privacy notice", None, "/info/privacy"),
    View("the terms", None, "/info/terms"),
    View("an answer to feedback", None, "/info/feedback"),
    View("feedback", COORDINATOR, "/feedback"),
    View("old scans, none", COORDINATOR, "/quarantine"),
    View("visitor feedback", VENUE, "/visitor-feedback"),
    View("visitor feedback, none such", VENUE, "/visitor-feedback?show=open"),
    View("visitor feedback, none yet", IDLE_VENUE, "/visitor-feedback"),
    View("a visitor's feedback", VENUE, "/visitor-feedback/{thread}", fills("summary >> nth=0")),
    View("an answer, with a mistake", VENUE, "/visitor-feedback/{thread}", fills(SEND)),
    View("messages to holders", VENUE, "/messages", fills("summary >> nth=0")),
    View("messages to holders, too many", VENUE, "/messages", fills(SEND, words=LONG_NAME)),
    View("messages to an area, none yet", IDLE_COORDINATOR, "/messages"),
    View("reported posts", COORDINATOR, "/reported", fills("summary >> nth=0")),
    View("reported posts, none", IDLE_COORDINATOR, "/reported"),
    View("scanners", VENUE, "/scanners", fills("summary >> nth=0")),
    View("scanners, none yet", IDLE_VENUE, "/scanners"),
    View("scanners, unnamed", VENUE, "/scanners", fills(SEND)),
    View("pairing", IDLE_VENUE, "/scanners", fills(SEND, name=LONGEST_NAME)),
    View("an agreement to read", UNAGREED_VENUE, "/visits"),
    View("the agreement", VENUE, "/agreement?done=1"),
    View("the agreement, an induction that is late", LATE_VENUE, "/agreement"),
    View("events, an induction that is late", LATE_VENUE, "/events"),
    View("locations where the induction is late", COORDINATOR, "/locations?overdue=1"),
    View("locations, nowhere late", IDLE_COORDINATOR, "/locations?overdue=1"),
    View("figures", COORDINATOR, "/figures"),
    View("statistics", SERVICE, "/statistics"),
    View("locations", COORDINATOR, "/locations", fills("summary >> nth=0")),
    View("locations, none yet", IDLE_COORDINATOR, "/locations"),
    View(
        "locations, with mistakes",
        IDLE_COORDINATOR,
        "/locations",
        fills("#kind-venue", SEND, handle="Ä"),
    ),
    View("a location invited", COORDINATOR, "/locations", invites_a_location),
    View("lost cards", COORDINATOR, "/area-cards"),
    View("lost cards, none found", COORDINATOR, "/area-cards?code=000-000-000"),
    View("a lost card, all unfolded", COORDINATOR, "/area-cards/{card}", fills("summary >> nth=0")),
    View("a lost card, blocked", COORDINATOR, "/area-cards/{blocked}?done=blocked"),
    View("visits of the area", COORDINATOR, "/area-visits", fills("summary >> nth=0")),
    View("visits of the area, none", COORDINATOR, "/area-visits?category=science&only=late"),
    View("visits of the area, with mistakes", COORDINATOR, "/area-visits?first_on=31.2.2026"),
    View("conflicts", COORDINATOR, "/conflicts"),
    View("conflicts, none", IDLE_COORDINATOR, "/conflicts"),
    View("areas", SERVICE, "/areas"),
    View("areas, with mistakes", SERVICE, "/areas", fills(SEND, municipality="49")),
    View("areas of one county, none", SERVICE, "/areas?county=21"),
    View("an area added", SERVICE, "/areas", adds_an_area),
    View("the national settings", SERVICE, "/settings"),
    View(
        "the national settings, with mistakes",
        SERVICE,
        "/settings",
        fills("#add button", code="Ä", words_fi=LONG_NAME),
    ),
    View("a ground", SERVICE, "/settings/grounds/debts", fills("summary >> nth=0")),
    View("a ground, with mistakes", SERVICE, "/settings/grounds/debts", fills(SEND, words_sv="")),
    View("the settings of an area", COORDINATOR, "/area"),
    View(
        "the settings of an area, with a mistake",
        COORDINATOR,
        "/area",
        fills(SEND, children_age="sata"),
    ),
    View("the log", SERVICE, "/audit"),
    View("the keys", SERVICE, "/keys", fills("summary >> nth=0")),
    View("the log, nothing found", SERVICE, "/audit?code=000"),
    View("a page of another role", VENUE, "/cards"),
    View("a page that is not there", VENUE, "/nowhere"),
)
