"""Live figures of areas, counties and the country: places, holders, other years."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

from server.area.models import Area, AreaMerger, MovedPlace
from server.ids import new_id
from server.report.live.dashboard import LiveYear, live_year, live_years
from server.report.live.reach import Reach, places_within
from server.report.models import FigureKind, Publication, PublishedFigure
from server.report.published.beside import used_shares
from server.report.rollup.cells import area_scope, county_scope, venue_scope
from server.venue.models import Scanner, Venue
from server.visit.models import Visit, Voiding
from tests.factories import NOON, make_card, make_scanner, make_venue
from tests.server.report.test_rollup import settle, visit
from tests.server.report.world import grant, make_area

COUNTY = Reach(county_code="08")
NATION = Reach()


def door(db: Session, municipality: str, name: str) -> Scanner:
    """A door in an area of its own."""
    area = Area(id=new_id(NOON), municipality_code=municipality, name=name)
    db.add(area)
    db.flush()
    return make_scanner(db, venue=make_venue(db, area=area))


def come(db: Session, scanner: Scanner, holders: int, **how: object) -> None:
    for _ in range(holders):
        visit(db, make_card(db)[0], scanner, **how)


def area_id_of(db: Session, code: str = "837") -> object:
    return db.scalars(select(Area.id).where(Area.municipality_code == code)).one()


def read(db: Session, reach: Reach, year: str = "2026") -> LiveYear:
    settle(db)
    return live_year(db, reach, year, now=NOON)


def publish(db: Session, figures: dict[tuple[FigureKind, str, str], int | None]) -> None:
    db.add(Publication(year="2025", made_at=NOON))
    db.flush()
    for (kind, scope, part), value in figures.items():
        db.add(PublishedFigure(year="2025", kind=kind, scope=scope, slice=part, value=value))
    db.flush()


def test_an_area_is_told_by_its_venues_a_county_by_its_areas_the_country_by_counties(
    db: Session,
) -> None:
    theatre, hall = make_scanner(db), make_scanner(db)
    pirkkala, turku = door(db, "604", "Pirkkala"), door(db, "853", "Turku")
    for scanner, holders in ((theatre, 9), (hall, 8), (pirkkala, 7), (turku, 6)):
        come(db, scanner, holders)
    tampere = area_id_of(db)

    assert read(db, Reach(area_id=tampere)).lines["place"].parts == {
        venue_scope(theatre.venue_id): 9, venue_scope(hall.venue_id): 8,
    }  # fmt: skip
    assert read(db, COUNTY).lines["place"].parts == {
        area_scope(tampere): 17, area_scope(area_id_of(db, "604")): 7,
    }  # fmt: skip
    assert read(db, NATION).lines["place"].parts == {county_scope("08"): 24, county_scope("05"): 6}
    assert read(db, Reach(county_code="05")).uses == 6
    assert live_years(db, Reach(county_code="01")) == []


def test_a_municipality_of_few_is_hidden_behind_another(db: Session) -> None:
    come(db, make_scanner(db), 9)
    come(db, door(db, "604", "Pirkkala"), 2)

    county = read(db, COUNTY)

    assert county.uses == 11
    assert set(county.lines["place"].parts.values()) == {None}, "eleven less nine would be two"


def test_an_area_reads_where_its_cards_were_used_elsewhere_and_names_no_small_place(
    db: Session,
) -> None:
    come(db, make_scanner(db), 9)
    turku = door(db, "853", "Turku")
    come(db, turku, 8)
    come(db, door(db, "091", "Helsinki"), 3)
    come(db, door(db, "049", "Espoo"), 20)
    tampere = Reach(area_id=area_id_of(db))

    told = read(db, tampere)

    espoo = area_scope(area_id_of(db, "049"))
    assert told.lines["elsewhere"].parts == {espoo: 20}
    assert told.uses == 9, "what happened elsewhere is not of this area"


def test_holders_are_told_by_class_and_a_class_of_few_is_hidden(db: Session) -> None:
    scanner = make_scanner(db)
    for gender, holders in (("woman", 8), ("man", 6), ("other", 1)):
        for _ in range(holders):
            card, _ = make_card(db, gender=gender)
            for _ in range(2):
                visit(db, card, scanner)

    told = read(db, Reach(area_id=area_id_of(db)))

    assert told.uses == 30
    assert told.lines["gender"].parts == {"woman": 8, "man": None, "other": None}
    assert told.uses_each == 2.0


def test_what_was_recorded_late_is_a_share(db: Session) -> None:
    scanner = make_scanner(db)
    come(db, scanner, 6)
    come(db, scanner, 2, at=NOON.replace(month=10), recorded_at=NOON)

    assert read(db, Reach(area_id=area_id_of(db))).late_share == 0.25
    county = read(db, COUNTY)
    assert (county.late_share, county.children) == (None, None), "of how many, cells do not know"


def test_unused_cards_are_told_with_the_used_ones_or_not_at_all(db: Session) -> None:
    come(db, make_scanner(db), 6)
    for _ in range(7):
        make_card(db)

    told = read(db, COUNTY)

    assert (told.cards, told.cards_used, told.cards_unused) == (13, 6, 7)


def test_cards_never_used_are_not_what_a_small_number_hides_behind(db: Session) -> None:
    """They can be had from the cards granted and those used: two of 12 would be left."""
    scanner = make_scanner(db)
    for days, many in ((0, 10), (20, 9), (60, 2)):
        for _ in range(many):
            card, _ = make_card(db, now=NOON - timedelta(days=days))
            visit(db, card, scanner)
    for _ in range(6):
        make_card(db)

    told = read(db, Reach(area_id=area_id_of(db)))

    assert (told.cards, told.cards_used, told.cards_unused) == (27, 21, 6)
    assert told.lines["first"].parts == {"7": 10, "30": None, "90": None, "365": None, "never": 6}


def test_a_card_used_in_a_later_year_is_not_found_between_two_figures(db: Session) -> None:
    """Of 13 cards 6 were used in the year, 7 were not, and 6 never: one was used later."""
    scanner = make_scanner(db)
    last_year = NOON.replace(year=2025)
    cards = [make_card(db, now=last_year)[0] for _ in range(13)]
    for card in cards[:6]:
        visit(db, card, scanner, at=last_year)
    visit(db, cards[6], scanner, at=NOON.replace(month=1))

    told = read(db, COUNTY, "2025")

    assert (told.cards, told.cards_used) == (13, 6)
    assert told.lines["first"].parts["never"] is None
    assert sum(n is None for n in told.lines["first"].parts.values()) > 1


@pytest.fixture
def two_years(db: Session) -> Scanner:
    """Six holders came each month of last year, a seventh in May; six and a child of this one."""
    scanner = make_scanner(db)
    begin = NOON.replace(year=2025, month=1)
    cards = [make_card(db, now=begin)[0] for _ in range(7)]
    visit(db, cards[6], scanner, at=begin.replace(month=5))
    for year, months, children in ((2025, 12, 0), (2026, 11, 1)):
        for month in range(1, months + 1):
            for card in cards[:6]:
                at = NOON.replace(year=year, month=month)
                visit(db, card, scanner, at=at, children=children if card is cards[0] else 0)
    return scanner


@pytest.mark.usefixtures("two_years")
def test_a_running_year_compares_the_months_that_are_over(db: Session) -> None:
    told = read(db, NATION)

    change = told.changes["uses"]
    assert told.uses == 77, "with November"
    assert (change.n, change.before, change.percent) == (70, 61, 15)
    assert (change.months[0], change.months[-1]) == ("2026-01", "2026-10")
    assert told.changes.keys() == {"uses"}, "of the others there are no lines by month"


def test_a_year_that_is_over_is_compared_as_a_whole(db: Session, two_years: Scanner) -> None:
    come(db, two_years, 6, at=NOON.replace(year=2024))

    changes = read(db, NATION, "2025").changes

    assert (changes["uses"].n, changes["uses"].before, changes["uses"].percent) == (73, 6, 1117)
    assert (changes["holders"].n, changes["holders"].before) == (7, 6)
    assert changes["uses"].months == ()


@pytest.mark.usefixtures("two_years")
def test_in_january_there_is_nothing_to_compare_yet(db: Session) -> None:
    settle(db)

    assert live_year(db, NATION, "2026", now=NOON.replace(month=1)).changes == {}


def test_a_comparison_that_would_tell_of_a_hidden_month_is_not_made(
    db: Session, two_years: Scanner
) -> None:
    """With two left in December, the year less the other months would be they."""
    assert "uses" in read(db, NATION).changes
    last = NOON.replace(year=2025, month=12)
    found = db.scalars(select(Visit.id).where(Visit.visited_at == last).limit(4)).all()
    gone = {"scanner_id": two_years.id, "voided_at": NOON}
    db.add_all([Voiding(visit_id=visit_id, **gone) for visit_id in found])

    told = read(db, NATION)

    assert told.uses == 77
    assert "uses" not in told.changes


@pytest.mark.usefixtures("two_years")
def test_a_running_year_is_compared_with_what_was_published_of_the_one_before(db: Session) -> None:
    """What the cells of a published year say by now is nobody's to know."""
    uses, county = FigureKind.USES, "county:08"
    months = {f"2025-{month:02}": 5 + month for month in range(1, 13)}
    of_months = {(uses, county, month): n for month, n in months.items()}
    publish(db, {(uses, county, "all"): sum(months.values())} | of_months)

    assert read(db, COUNTY).changes["uses"].before == sum(range(6, 16))

    hidden = db.get_one(PublishedFigure, ("2025", uses, county, "2025-03"))
    hidden.value = None
    assert read(db, COUNTY).changes == {}


def test_uses_from_near_and_far_hide_their_own(db: Session) -> None:
    """How many came from this county, and from farther away, is published together."""
    here = make_scanner(db)
    for code, holders in (("604", 8), ("536", 3), ("853", 20), ("091", 9)):
        _, distributor = make_area(db, code, code)
        for _ in range(holders):
            visit(db, grant(db, distributor, now=NOON), here)
    come(db, here, 9)
    near, few, far = (str(area_id_of(db, code)) for code in ("604", "536", "853"))

    told = read(db, Reach(area_id=area_id_of(db))).lines["from"].parts

    assert not {near, few} & told.keys(), "8 less than the published 11 would be 3"
    assert told[far] == 20


def test_a_county_tells_places_or_categories_when_something_is_hidden(db: Session) -> None:
    for category in ("culture", "sport"):
        venue = make_venue(db, categories=[category])
        come(db, make_scanner(db, venue=venue), 9, category=category)
    assert "cat" in read(db, COUNTY).lines

    come(db, door(db, "604", "Pirkkala"), 2)

    told = read(db, COUNTY)
    assert None in told.lines["place"].parts.values()
    assert "cat" not in told.lines


def test_a_county_is_told_as_it_was_published_once_it_was(db: Session) -> None:
    """What is told in two ways is hidden in both."""
    then = NOON.replace(year=2025)
    come(db, make_scanner(db), 9, at=then)
    come(db, door(db, "604", "Pirkkala"), 8, at=then)
    tampere, pirkkala = (area_scope(area_id_of(db, code)) for code in ("837", "604"))
    assert read(db, COUNTY, "2025").lines["place"].parts == {tampere: 9, pirkkala: 8}
    uses, all_ = FigureKind.USES, "all"
    publish(db, {
        (uses, "county:08", all_): 16, (uses, "county:08", "cat:culture"): None,
        (uses, "county:08", "2025-11"): 16, (uses, tampere, all_): None, (uses, pirkkala, all_): 7,
        (FigureKind.CARDS, "county:08", all_): 40, (FigureKind.USED, "county:08", all_): 10,
    })  # fmt: skip

    told = read(db, COUNTY, "2025")

    assert (told.uses, told.cards, told.cards_used, told.published_at) == (16, 40, 10, NOON)
    assert told.lines["place"].parts == {tampere: None, pirkkala: 7}
    assert told.lines["cat"].parts == {"culture": None}
    assert told.children is None, "what was not published is not told otherwise"
    assert "age" not in told.lines
    assert read(db, Reach(area_id=area_id_of(db)), "2025").uses == 9, "an area has its own"


def test_shares_are_compared_by_published_figures_of_both_only(db: Session) -> None:
    make_scanner(db)
    area = area_scope(area_id_of(db))
    scopes = [area, "county:08", "fi"]
    assert used_shares(db, scopes) is None
    cards, used = FigureKind.CARDS, FigureKind.USED
    publish(db, {
        (cards, area, "all"): 50, (used, area, "all"): 20, (cards, "county:08", "all"): 90,
        (used, "county:08", "all"): None, (cards, "fi", "all"): 100, (used, "fi", "all"): 62,
    })  # fmt: skip

    told = used_shares(db, scopes)

    assert told is not None
    assert told.shares == {area: 0.4, "fi": 0.62}
    assert used_shares(db, ["county:08", "fi"]) is None, "one of them is no comparison"


@pytest.mark.parametrize("reach", [COUNTY, NATION])
def test_reading_figures_counts_no_visits(db: Session, engine: Engine, reach: Reach) -> None:
    come(db, make_scanner(db), 6)
    settle(db)
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    live_year(db, reach, "2026", now=NOON)
    event.remove(engine, "before_cursor_execute", note)

    assert 0 < len(asked) < 12
    assert not [one for one in asked if "FROM visit" in one or "JOIN visit" in one]


def test_an_area_without_a_county_stands_beside_the_counties(db: Session) -> None:
    scanner = door(db, "588", "Pertunmaa")
    area_id = db.scalars(select(Area.id).where(Area.county_code.is_(None))).one()
    come(db, scanner, 6)

    assert places_within(db, NATION, "2026") == [county_scope("08"), area_scope(area_id)]


def test_a_venue_that_came_with_a_merged_area_is_told_from_the_year_on_that_was_all_here(
    db: Session,
) -> None:
    own, came = make_scanner(db), door(db, "604", "Pirkkala")
    tampere, pirkkala = area_id_of(db), area_id_of(db, "604")
    db.add(AreaMerger(former_id=pirkkala, since_on=date(2026, 1, 1), area_id=tampere))
    db.add(MovedPlace(place_id=came.venue_id, origin_id=pirkkala))
    db.flush()
    db.execute(update(Venue).where(Venue.id == came.venue_id).values(area_id=tampere))
    for year in (2025, 2026):
        come(db, own, 9, at=NOON.replace(year=year))
        come(db, came, 8, at=NOON.replace(year=year))

    before, after = (read(db, Reach(area_id=tampere), year) for year in ("2025", "2026"))

    assert (before.uses, after.uses) == (9, 17)
    assert list(before.lines["place"].parts) == [venue_scope(own.venue_id)]
    assert set(after.lines["place"].parts) == {
        venue_scope(own.venue_id), venue_scope(came.venue_id),
    }  # fmt: skip
