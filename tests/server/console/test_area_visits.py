"""What a coordinator sees of the visits of the area, and undoes however old; a venue's filters."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from server.audit.models import AuditEntry
from server.card.models import Card
from server.holder.models import Holder
from server.scan.listing import VisitFilter, list_visits_of_venue
from server.scan.service import record_scan
from server.venue.models import Scanner, Venue
from server.visit.models import Visit, Voiding
from shared.scan import Category
from tests.factories import NOON, HolderPhone, make_report, make_scanner
from tests.server.console.conftest import words

EARLY, LATE = "22.11.2026 10.00", "22.11.2026 14.00"


@pytest.fixture
def visit(network, ring, settings):
    """Records a visit and gives its id; `known` is when the register heard of it."""

    def record(at=NOON, *, place="Teatteri 1", known=None, blocked=False, **over):
        with network.sessions.begin() as db:
            venue = db.scalars(select(Venue).where(Venue.name == place)).one()
            phone = HolderPhone(db, ring=ring, settings=settings, now=at)
            phone.card.blocked_at = at if blocked else None  # the door had not heard of it
            made = make_scanner(db, venue=venue)
            one = select(Scanner).where(Scanner.id == made.id).options(joinedload(Scanner.venue))
            report = make_report(phone.show(now=at), at=at, **over)
            scanner, now = db.scalars(one).one(), known or at
            record_scan(db, scanner, report, ring=ring, settings=settings, now=now)
            return db.scalars(select(Visit.id).where(Visit.scan_id == report.scan_id)).one()

    return record


def shown(answer) -> set[str]:
    """When the visits were that the page lists."""
    cells = answer.text.split('<td class="when"')[1:]
    return {cell.split(">")[1].split("<")[0] for cell in cells}


def test_the_coordinator_sees_the_visits_of_the_own_area_and_no_holder(
    network, coordinator, visit
) -> None:
    visit(NOON - timedelta(hours=4))
    page = coordinator.open("/area-visits")
    assert shown(page) == {EARLY}
    assert "Teatteri 1" in words(page)
    with network.sessions() as db:
        holder, card = db.scalars(select(Holder)).one(), db.scalars(select(Card)).one()
    for secret in (holder.id, card.id, card.code, card.birth_year, card.home_postcode):
        assert str(secret) not in page.text
    other = network.browser("vastuu-2").open("/area-visits")
    assert shown(other) == set()
    assert "Teatteri 1" not in words(other)


def test_a_visit_is_undone_however_old_and_the_list_stays_as_it_was(
    network, coordinator, visit, clock
) -> None:
    visit_id = visit()
    clock.advance(days=40)
    coordinator = network.browser("vastuu-1")
    assert shown(coordinator.open("/area-visits")) == set()  # it begins 30 days ago
    page = coordinator.open("/area-visits?first_on=1.11.2026&category=culture")
    path = page.text.split('<form method="post" action="/console')[2].split('"')[0]
    assert str(visit_id) in path
    for _ in range(2):  # a second click
        done = coordinator.submit(path.replace("&amp;", "&"))
        assert done.status_code == 303
    assert "first_on=1.11.2026" in done.headers["location"]
    assert "Kumottu 1.1.2027" in words(coordinator.get(done.headers["location"]))
    with network.sessions() as db:
        [voiding] = db.scalars(select(Voiding))
        entry = db.scalars(select(AuditEntry).where(AuditEntry.act == "visit_undone")).first()
        assert (entry.access_id, entry.subject_id) == (voiding.access_id, visit_id)


def test_another_areas_visit_is_neither_shown_nor_undone(network, visit) -> None:
    visit_id = visit()
    other = network.browser("vastuu-2")
    with network.sessions() as db:
        venue_id = db.scalars(select(Venue.id).where(Venue.name == "Teatteri 1")).one()
    assert shown(other.open(f"/area-visits?venue={venue_id}")) == set()
    assert other.submit(f"/area-visits/{visit_id}/undo").status_code == 404
    with network.sessions() as db:
        assert db.scalars(select(Voiding)).all() == []


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", {EARLY, LATE, "20.11.2026 14.00"}),
        ("first_on=22.11.2026", {EARLY, LATE}),
        ("first_on=&last_on=21.11.2026", {"20.11.2026 14.00"}),
        ("first_on=2026-11-20&last_on=20.11.2026", {"20.11.2026 14.00"}),
        ("first_on=23.11.2026", set()),
        ("category=sport", {LATE}),
        ("category=nonsense", {EARLY, LATE, "20.11.2026 14.00"}),
        ("only=late", {"20.11.2026 14.00"}),
        ("only=differs", {LATE}),
        ("only=undone", {EARLY}),
        ("only=undone&category=sport", set()),
        ("venue=nonsense&cursor=nonsense", {EARLY, LATE, "20.11.2026 14.00"}),
    ],
)
def test_the_filters_of_the_coordinator(coordinator, visit, query, wanted) -> None:
    undone = visit(NOON - timedelta(hours=4))
    visit(NOON, category=Category.SPORT, blocked=True)
    visit(NOON - timedelta(days=2), known=NOON - timedelta(hours=23))
    coordinator.submit(f"/area-visits/{undone}/undo")
    assert shown(coordinator.open(f"/area-visits?{query}")) == wanted


def test_one_venue_of_the_area_is_chosen_by_its_name(network, coordinator, visit) -> None:
    visit(NOON)
    with network.sessions.begin() as db:
        first = db.scalars(select(Venue).where(Venue.name == "Teatteri 1")).one()
        second = Venue(
            id=first.area_id, area_id=first.area_id, name="Halli", categories=["culture"]
        )
        db.add(second)
    visit(NOON - timedelta(hours=4), place="Halli")
    assert shown(coordinator.open(f"/area-visits?venue={first.id}")) == {LATE}
    assert shown(coordinator.open(f"/area-visits?venue={second.id}")) == {EARLY}


@pytest.mark.parametrize("handle", ["vastuu-1", "kohde-1"])
def test_a_day_that_is_none_is_told_beside_its_field(network, handle) -> None:
    path = "/visits" if handle == "kohde-1" else "/area-visits"
    answer = network.browser(handle).open(f"{path}?first_on=31.2.2026&last_on=x")
    assert answer.status_code == 422
    assert 'id="first_on-error"' in answer.text
    assert 'id="last_on-error"' in answer.text
    assert 'value="31.2.2026"' in answer.text


def test_a_venue_filters_by_day_and_category_and_pages_on_with_them(venue, visit) -> None:
    visit(NOON, category=Category.SPORT)
    for minutes in range(51):
        visit(NOON - timedelta(hours=4, minutes=minutes))
    assert shown(venue.open("/visits?category=sport")) == {LATE}
    assert shown(venue.open("/visits?first_on=23.11.2026")) == set()
    first = venue.open("/visits?category=culture&last_on=22.11.2026")
    more = first.text.split('href="/console/visits?cursor=')[1].split('"')[0]
    second = venue.open(f"/visits?cursor={more}".replace("&amp;", "&"))
    assert len(shown(first)) == 50
    assert shown(second) == {"22.11.2026 9.10"}


@pytest.mark.parametrize("path", ["/visits", "/area-visits"])
def test_visits_are_listed_from_either_end(venue, coordinator, visit, path) -> None:
    visit(NOON - timedelta(hours=4))
    visit()
    browser = venue if path == "/visits" else coordinator

    newest, oldest = (words(browser.open(f"{path}?order={order}")) for order in ("", "oldest"))
    assert newest.index(LATE) < newest.index(EARLY)
    assert oldest.index(EARLY) < oldest.index(LATE)


@pytest.mark.parametrize("oldest_first", [True, False])
def test_a_list_of_visits_goes_on_in_its_order(network, visit, oldest_first) -> None:
    ids = [visit(NOON - timedelta(hours=hours)) for hours in (4, 2, 0)]
    wanted = VisitFilter(oldest_first=oldest_first)
    listed, cursor = [], None
    with network.sessions() as db:
        venue_id = db.scalars(select(Venue.id).where(Venue.name == "Teatteri 1")).one()
        for _ in ids:
            rows, cursor = list_visits_of_venue(db, venue_id, wanted, limit=1, cursor=cursor)
            listed += [row.visit.id for row in rows]

    assert listed == (ids if oldest_first else ids[::-1])
    assert cursor is None
