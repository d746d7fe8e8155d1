"""A place's year stands beside the year before, its county and the country."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.area.models import Area, AreaMerger, MovedPlace
from server.distributor.models import Distributor
from server.ids import new_id
from server.report.errors import NotPublished, PlaceMergedAway, PlaceUnknown
from server.report.models import FigureKind, PublishedFigure
from server.report.published.atlas import PlaceKind, read_atlas
from server.report.published.dictionary import DICTIONARY, entry_of
from server.report.published.edition import Told
from server.report.published.long_tables import csv_cell
from server.report.published.place_year import PlaceYear, Row, place_year
from server.report.published.slices import family_of, in_order, part_of, part_words
from server.report.publishing.network import read_network
from server.report.publishing.tables import keys_of
from server.report.rollup.cells import area_scope, venue_scope
from server.texts import Language, Texts
from server.venue.models import Venue
from tests.factories import NOON, make_area, make_distributor, make_scanner, make_venue
from tests.server.report.published import publish

T = Texts(Language.ENGLISH)


def area_with(db: Session, code: str, name: str, *venues: str) -> Area:
    area = make_area(db, code, name)
    for venue in venues:
        make_venue(db, area=area, name=venue, categories=["sport"])
    return area


@pytest.fixture
def tampere(db: Session) -> Area:
    area_with(db, "604", "Pirkkala", "Hall")
    return area_with(db, "837", "Tampere", "Theatre", "Museum")


def row_of(told: PlaceYear, section: str, name: str) -> Row:
    [found] = [one for one in told.sections if one.code == section]
    [row] = [row for row in found.rows if row.name == name]
    return row


def hide(db: Session, kind: str, scope: str, part: str = "all", year: str = "2026") -> None:
    db.get_one(PublishedFigure, (year, kind, scope, part)).value = None
    db.flush()


def test_a_figure_is_compared_with_what_is_published(db, tampere) -> None:
    publish(db, "2025", percent=80)
    figures = publish(db, "2026")
    told = place_year(db, T, "2026", "837")

    row = row_of(told, "uses-cat", "Sport")
    scopes = area_scope(tampere.id), "county:08", "fi"
    wanted = [Told(figures["uses", scope, "cat:sport"]) for scope in scopes]
    assert [row.told, row.county, row.country] == wanted
    assert row.before == Told(664)
    assert row.change(T) == "+25\N{NO-BREAK SPACE}%"


def test_months_are_compared_with_the_same_month(db, tampere) -> None:
    before = publish(db, "2025", percent=50)
    publish(db, "2026")
    assert tampere

    row = row_of(place_year(db, T, "2026", "fi"), "uses-month", "April")

    assert row.before == Told(before["uses", "fi", "2025-04"])
    assert (row.county, row.country) == (None, None)


def test_without_a_year_before_nothing_is_compared_with_it(db, tampere) -> None:
    publish(db, "2024")
    publish(db, "2026")
    told = place_year(db, T, "2026", "837")

    assert told.before is None
    assert row_of(told, "key", "Uses").change(T) == "\N{EN DASH}"
    assert tampere


def test_nothing_is_worked_out_from_a_hidden_figure(db, tampere) -> None:
    publish(db, "2025")
    publish(db, "2026")
    hide(db, "used", area_scope(tampere.id))
    hide(db, "uses", area_scope(tampere.id), year="2025")
    told = place_year(db, T, "2026", "837")

    reach = row_of(told, "key", "Share of cards used")
    assert reach.told == Told(None)
    assert reach.write(T, reach.told) == ".."
    assert reach.change(T) == "\N{EN DASH}"
    assert row_of(told, "key", "Uses").change(T) == "\N{EN DASH}"


def test_where_no_card_was_granted_no_share_is_told(db, tampere) -> None:
    publish(db, "2026")
    key = ("2026", "cards", area_scope(tampere.id), "all")
    db.get_one(PublishedFigure, key).value = 0
    told = place_year(db, T, "2026", "837")

    [section] = [one for one in told.sections if one.code == "key"]
    assert "Share of cards used" not in [row.name for row in section.rows]


def test_means_change_in_points(db, tampere) -> None:
    publish(db, "2025")
    publish(db, "2026")
    key = ("2026", "after", area_scope(tampere.id), "mood")
    db.get_one(PublishedFigure, key).value = 33

    row = row_of(place_year(db, T, "2026", "837"), "wellbeing-mood", "Mood at last (mean)")
    assert row.write(T, row.told) == "3.3"
    assert row.change(T) == "\N{MINUS SIGN}0.3"


def test_venues_come_with_the_largest_first_and_hidden_ones_last(db, tampere) -> None:
    publish(db, "2026")
    first, second = sorted(
        db.scalars(select(Venue).where(Venue.area_id == tampere.id)),
        key=lambda venue: -(_uses(db, venue) or 0),
    )
    names = [row.name for row in _venues(place_year(db, T, "2026", "837"))]
    assert names == [first.name, second.name]

    hide(db, "uses", venue_scope(first.id))
    names = [row.name for row in _venues(place_year(db, T, "2026", "837"))]
    assert names == [second.name, first.name]


def _venues(told: PlaceYear):
    [section] = [one for one in told.sections if one.code == "uses-venue"]
    return section.rows


def _uses(db: Session, venue: Venue) -> int | None:
    return db.get_one(PublishedFigure, ("2026", "uses", venue_scope(venue.id), "all")).value


def test_a_merged_municipality_keeps_its_years_with_its_venues_and_leads_to_the_other(
    db, tampere
) -> None:
    gone = area_with(db, "911", "Valtimo", "Old hall")
    [hall] = db.scalars(select(Venue).where(Venue.area_id == gone.id))
    publish(db, "2026")
    publish(db, "2027")
    db.add(AreaMerger(former_id=gone.id, since_on=date(2027, 1, 1), area_id=tampere.id))
    db.add(MovedPlace(place_id=hall.id, origin_id=gone.id))
    hall.area_id = tampere.id
    for figure in db.scalars(select(PublishedFigure).where(PublishedFigure.year == "2027")):
        if figure.scope == area_scope(gone.id):
            db.delete(figure)
    db.flush()

    before, after = (place_year(db, T, year, "837") for year in ("2026", "2027"))

    assert [one.name for one in _venues(place_year(db, T, "2026", "911"))] == ["Old hall"]
    assert "Old hall" not in [one.name for one in _venues(before)]
    assert "Old hall" in [one.name for one in _venues(after)]
    with pytest.raises(PlaceMergedAway) as refused:
        place_year(db, T, "2027", "911")
    assert refused.value.detail == "837 Tampere, 2027"


def test_a_venue_has_figures_but_no_page(db, tampere) -> None:
    publish(db, "2026")
    venue = db.scalars(select(Venue).where(Venue.area_id == tampere.id)).first()

    with pytest.raises(PlaceUnknown):
        place_year(db, T, "2026", f"venue-{venue.id}")


def test_a_year_that_is_not_published_has_no_place(db, tampere) -> None:
    assert tampere
    with pytest.raises(NotPublished):
        place_year(db, T, "2026", "837")


def test_every_figure_that_a_year_publishes_has_words(db) -> None:
    venue = make_venue(db)
    make_scanner(db, venue=venue)
    make_distributor(db)
    area = make_area(db, "911", "Valtimo")
    db.add(Distributor(id=new_id(NOON), area_id=area.id, name="Sosiaaliasema 2"))
    db.flush()
    keys = list(keys_of(read_network(db, "2026"), "2026"))

    seen = set()
    for kind, scope, part in keys:
        entry = entry_of(kind, scope, part)
        seen.add((entry.kind, entry.family))
        for language in ("fi", "sv", "en"):
            assert part_words(Texts(language), family_of(part), part_of(part))
    assert seen == DICTIONARY.keys()
    assert {kind for kind, *_ in keys} == set(FigureKind)


def test_the_atlas_puts_a_county_before_its_municipalities_and_these_before_venues(
    db, tampere
) -> None:
    assert tampere
    make_area(db, "911", "Valtimo")
    kinds = [(place.kind, place.name("sv")) for place in read_atlas(db).values()]

    assert kinds == [
        (PlaceKind.COUNTRY, "Hela landet"),
        (PlaceKind.COUNTY, "Birkalands välfärdsområde"),
        (PlaceKind.MUNICIPALITY, "Birkala"),
        (PlaceKind.VENUE, "Hall"),
        (PlaceKind.MUNICIPALITY, "Tammerfors"),
        (PlaceKind.VENUE, "Museum"),
        (PlaceKind.VENUE, "Theatre"),
        (PlaceKind.MUNICIPALITY, "Valtimo"),
    ]


def test_parts_are_told_in_their_own_order() -> None:
    assert in_order(["often:10-", "often:1", "often:5-9"]) == ["often:1", "often:5-9", "often:10-"]
    assert in_order(["age:untold", "age:65-", "age:0-17"]) == ["age:0-17", "age:65-", "age:untold"]
    assert in_order(["home:untold", "home:08", "home:07"]) == ["home:07", "home:08", "home:untold"]
    assert in_order(["2026-10", "2026-09"]) == ["2026-09", "2026-10"]


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_a_table_is_a_formula(evil) -> None:
    assert csv_cell(evil) == f"'{evil}"


def test_numbers_of_a_table_have_the_point_of_their_readers() -> None:
    assert [csv_cell(one, decimal=",") for one in ("..", 12, 3.8)] == ["..", 12, "3,8"]


@pytest.mark.parametrize(
    ("language", "n", "said"),
    [("fi", 38, "3,8"), ("sv", -5, "\N{MINUS SIGN}0,5"), ("en", 12345, "1\N{NO-BREAK SPACE}234.5")],
)
def test_tenths_are_written_as_people_do(language, n, said) -> None:
    assert Texts(language).tenths(n) == said
