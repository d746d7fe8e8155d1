"""A small demo network: one area, one distributor, three venues, twelve cards, some history.

Everything is made the way people would make it: cards are granted, activated with a real key, shown
and scanned; only the clock is an argument.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from server.area.models import Area, AreaPostcode
from server.card.desk import block_card, take_off_phone
from server.card.models import Card
from server.card.service import activate_card, card_state
from server.demo.phone import Phone
from server.demo.places import tell_of_places
from server.demo.voices import seed_voices
from server.distributor.models import Distributor
from server.event.service import EventFacts, add_event
from server.grant.service import CardRequest, draw_activation_code, grant_card
from server.ids import new_id
from server.scan.service import record_scan
from server.settings import Settings
from server.signing import KeyRing
from server.venue.models import Scanner, Venue
from server.venue.service import draw_pairing_code, enrol_scanner
from shared.card import CardState
from shared.rules.admission import Reason
from shared.scan import Category, ScanReport
from shared.wire import from_base64url

_AREA = ("837", "Tampere (esittely)", ("33100", "33500", "33720"))
_DISTRIBUTOR = "Hervannan sosiaaliasema (esittely)"
_VENUES = (
    ("Keskustan teatteri (esittely)", [Category.CULTURE]),
    ("Taidemuseo Myllyranta (esittely)", [Category.CULTURE, Category.EDUCATION, Category.SCIENCE]),
    ("Järvenrannan uimahalli (esittely)", [Category.SPORT, Category.EDUCATION]),
)
_EVENT = "Esittelynäytös"
_YEAR_AGO = timedelta(days=370)
_LIFE = timedelta(days=360)
DEMO_HISTORY_S = 400 * 86_400
"""The demo's keys have signed for so long, so that its history can be genuine."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """One card of the demo: how it is granted, and how many visits it has behind it."""

    children: int
    visits: int = 0
    granted_ago: timedelta = timedelta(days=60)
    community: bool = False
    blocked: bool = False


_PLANS = (
    _Plan(children=2, visits=9),
    _Plan(children=0, visits=4),
    _Plan(children=1, visits=2),
    _Plan(children=3),
    _Plan(children=0),
    _Plan(children=5, visits=1),
    _Plan(children=0, visits=12, granted_ago=timedelta(days=200)),
    _Plan(children=1),
    _Plan(children=10, community=True, visits=2),
    _Plan(children=2, blocked=True),
    _Plan(children=0, visits=3, granted_ago=_YEAR_AGO),
    _Plan(children=23),
)


@dataclass(frozen=True, slots=True)
class DemoCode:
    """A fresh one-time code to try something with, and what it is for."""

    label: str
    code: str


@dataclass(frozen=True, slots=True)
class DemoCodes:
    """What the demo prints: card codes to type, activation codes for phones, pairing codes."""

    activations: Sequence[DemoCode]
    pairings: Sequence[DemoCode]
    cards: Sequence[DemoCode]


def seed_demo(db: Session, *, ring: KeyRing, settings: Settings, now: datetime) -> None:
    """Fill an empty database; leave one that has an area alone."""
    if db.scalar(select(Area.id).limit(1)) is not None:
        return
    network = _make_network(db, now=now - _YEAR_AGO)
    scanners = [
        _enrol(db, venue, settings=settings, now=now - _YEAR_AGO) for venue in network.venues
    ]
    starts_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    add_event(
        db,
        network.venues[0],
        EventFacts(
            name=_EVENT,
            category=Category(network.venues[0].categories[0]),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            places=20,
            accessibility=("step_free", "induction_loop"),
        ),
        now=now,
    )
    tell_of_places(db, network.venues, now=now)
    cards = []
    for number, plan in enumerate(_PLANS):
        granted_at = now - plan.granted_ago
        request = CardRequest(
            birth_year=None if plan.community else 1961 + 4 * number,
            home_postcode=None if plan.community else _AREA[2][number % 3],
            children=plan.children,
            community=plan.community,
        )
        granted = grant_card(
            db, network.distributor, request, secret=settings.secret, now=granted_at
        )
        _live_through(
            db, granted.card, plan, scanners, number, ring=ring, settings=settings, now=now
        )
        cards.append(granted.card)
    seed_voices(db, cards[:2], now=now)


def fresh_codes(db: Session, *, settings: Settings, now: datetime) -> DemoCodes:
    """Draw new codes for every card that is on no phone, and a new scanner for every venue."""
    free = select(Card).where(Card.key_x.is_(None)).order_by(Card.granted_at, Card.id)
    activations = [
        DemoCode(_card_label(card), draw_activation_code(db, card, secret=settings.secret, now=now))
        for card in db.scalars(free)
        if card_state(card, now) is CardState.VALID
    ]
    pairings = [
        DemoCode(
            venue.name,
            draw_pairing_code(db, venue, scanner_name="Lukija 1", secret=settings.secret, now=now),
        )
        for venue in db.scalars(select(Venue).order_by(Venue.name))
    ]
    cards = [
        DemoCode(_card_label(card), card.code)
        for card in db.scalars(select(Card).where(Card.erased_at.is_(None)).order_by(Card.id))
    ]
    return DemoCodes(activations, pairings, cards)


@dataclass(frozen=True, slots=True)
class _Network:
    distributor: Distributor
    venues: Sequence[Venue]


def _make_network(db: Session, *, now: datetime) -> _Network:
    code, name, postcodes = _AREA
    area = Area(id=new_id(now), municipality_code=code, name=name)
    distributor = Distributor(id=new_id(now), area_id=area.id, name=_DISTRIBUTOR)
    venues = [
        Venue(id=new_id(now), area_id=area.id, name=venue_name, categories=list(categories))
        for venue_name, categories in _VENUES
    ]
    db.add(area)
    db.flush()
    db.add_all([AreaPostcode(postcode=postcode, area_id=area.id) for postcode in postcodes])
    db.add_all([distributor, *venues])
    db.flush()
    return _Network(distributor, venues)


def _enrol(db: Session, venue: Venue, *, settings: Settings, now: datetime) -> Scanner:
    code = draw_pairing_code(
        db, venue, scanner_name="Esittelyn historia", secret=settings.secret, now=now
    )
    facts = enrol_scanner(
        db, Phone().pairing_proof(code, now=now), secret=settings.secret, client="demo", now=now
    )
    return db.get_one(Scanner, facts.scanner_id, options=[joinedload(Scanner.venue)])


def _live_through(  # noqa: PLR0913 - all by keyword
    db: Session,
    card: Card,
    plan: _Plan,
    scanners: Sequence[Scanner],
    number: int,
    *,
    ring: KeyRing,
    settings: Settings,
    now: datetime,
) -> None:
    """Let a card be activated, visit now and then, and come off its phone again."""
    phone = Phone()
    for visit in range(plan.visits):
        at = _visit_time(card, plan, visit, now=now)
        # Months lie between the visits: each time the phone comes back with a new code.
        code = draw_activation_code(db, card, secret=settings.secret, now=at)
        issued = activate_card(
            db,
            phone.activation_proof(code, now=at),
            ring=ring,
            secret=settings.secret,
            client="demo",
            replace_phone=True,
            status_lists=settings.status_lists,
            now=at,
        )
        text = phone.present(from_base64url(issued.credential), now=at)
        scanner = scanners[(number + visit) % len(scanners)]
        report = _report(scanner, text, visit, children=min(card.children, visit % 3), at=at)
        record_scan(db, scanner, report, ring=ring, settings=settings, now=at)
    if plan.visits:
        take_off_phone(db, card, now=now)
    if plan.blocked:
        block_card(db, card, now=now)


def _visit_time(card: Card, plan: _Plan, visit: int, *, now: datetime) -> datetime:
    """Spread the visits over the card's life, at hours when doors are open."""
    step = min(now - card.granted_at, _LIFE) / (plan.visits + 1)
    day = card.granted_at + step * (visit + 1)
    return day.replace(hour=9 + visit % 7, minute=(visit * 17) % 60, second=0)


def _report(scanner: Scanner, text: str, visit: int, *, children: int, at: datetime) -> ScanReport:
    categories = scanner.venue.categories
    return ScanReport(
        scan_id=new_id(at),
        text=text,
        category=Category(categories[visit % len(categories)]),
        scanned_at=at,
        closed_at=at + timedelta(seconds=8),
        admitted=True,
        children=children,
        assistant=visit % 5 == 3,  # noqa: PLR2004 - now and then
        reasons=[Reason.OK],
    )


def _card_label(card: Card) -> str:
    kind = "yhteisökortti" if card.community else "kortti"
    state = ", suljettu" if card.blocked_at else ""
    return f"{kind}, lapsia enintään {card.children}, voimassa {card.last_valid_on} asti{state}"
