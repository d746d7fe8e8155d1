"""What live figures tell: nothing of fewer than five holders, and nothing by subtraction."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from server.report.models import ReportCell
from server.report.rollup.cells import area_scope
from tests.factories import NOON, make_area, make_card, make_scanner, make_venue, make_visit
from tests.server.report.cells import settle
from tests.server.report.live.reading import (
    COUNTY,
    area_id_of,
    come,
    door,
    own_area,
    read,
)
from tests.server.report.world import grant, make_desk


def test_fewer_than_five_holders_are_no_figure(db: Session) -> None:
    come(db, make_scanner(db), 4, children=2)

    told = read(db, own_area(db))

    assert (told.uses, told.children, told.holders, told.cards, told.lines) == (
        None, None, None, None, {},
    )  # fmt: skip


def test_five_holders_are_a_figure_and_a_small_month_is_hidden_with_others(db: Session) -> None:
    scanner = make_scanner(db)
    for month, holders in ((11, 20), (3, 2), (7, 9)):
        come(db, scanner, holders, at=NOON.replace(month=month))

    told = read(db, own_area(db))

    months = told.lines["month"].parts
    assert told.uses == 31
    assert list(months) == [f"2026-{month:02}" for month in range(1, 12)], "December is to come"
    assert months["2026-03"] is None
    assert months["2026-01"] is None, "a month without visits is small, too"
    assert months["2026-11"] == 20
    assert months["2026-07"] is None, "else the small ones together would be known to be two"


def test_used_cards_are_not_told_when_hardly_any_is_unused(db: Session) -> None:
    come(db, make_scanner(db), 9)
    make_card(db)

    told = read(db, own_area(db))

    assert (told.cards, told.cards_used) == (10, None)


@pytest.mark.parametrize("many", [0, 3])
def test_other_areas_that_nearly_nobody_came_from_are_not_named(db: Session, many: int) -> None:
    come(db, make_scanner(db), 12)
    settle(db)
    own, other = area_id_of(db), make_area(db, "853", "Turku").id
    key = {"period": "2026", "scope": area_scope(own), "slice": f"from:{other}"}
    numbers = dict.fromkeys(("children", "late", "cards", "cards_used"), 0)
    db.add(ReportCell(**key, **numbers, adults=many, holders=many))

    told = read(db, own_area(db)).lines["from"].parts

    assert str(own) in told or many
    assert str(other) not in told


def test_a_municipality_of_few_is_hidden_behind_another(db: Session) -> None:
    come(db, make_scanner(db), 9)
    come(db, door(db, "604", "Pirkkala"), 2)

    county = read(db, COUNTY)

    assert county.uses == 11
    assert set(county.lines["place"].parts.values()) == {None}, "eleven less nine would be two"


def test_holders_are_told_by_class_and_a_class_of_few_is_hidden(db: Session) -> None:
    scanner = make_scanner(db)
    for gender, holders in (("woman", 8), ("man", 6), ("other", 1)):
        for _ in range(holders):
            card, _ = make_card(db, gender=gender)
            for _ in range(2):
                make_visit(db, card, scanner)

    told = read(db, own_area(db))

    assert told.uses == 30
    assert told.lines["gender"].parts == {"woman": 8, "man": None, "other": None}
    assert told.uses_each == 2.0


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
            make_visit(db, card, scanner)
    for _ in range(6):
        make_card(db)

    told = read(db, own_area(db))

    assert (told.cards, told.cards_used, told.cards_unused) == (27, 21, 6)
    assert told.lines["first"].parts == {"7": 10, "30": None, "90": None, "365": None, "never": 6}


def test_a_card_used_in_a_later_year_is_not_found_between_two_figures(db: Session) -> None:
    """Of 13 cards 6 were used in the year, 7 were not, and 6 never: one was used later."""
    scanner = make_scanner(db)
    last_year = NOON.replace(year=2025)
    cards = [make_card(db, now=last_year)[0] for _ in range(13)]
    for card in cards[:6]:
        make_visit(db, card, scanner, at=last_year)
    make_visit(db, cards[6], scanner, at=NOON.replace(month=1))

    told = read(db, COUNTY, "2025")

    assert (told.cards, told.cards_used) == (13, 6)
    assert told.lines["first"].parts["never"] is None
    assert sum(n is None for n in told.lines["first"].parts.values()) > 1


def test_uses_from_near_and_far_hide_their_own(db: Session) -> None:
    """How many came from this county, and from farther away, is published together."""
    here = make_scanner(db)
    for code, holders in (("604", 8), ("536", 3), ("853", 20), ("091", 9)):
        _, distributor = make_desk(db, code, code)
        for _ in range(holders):
            make_visit(db, grant(db, distributor, now=NOON), here)
    come(db, here, 9)
    near, few, far = (str(area_id_of(db, code)) for code in ("604", "536", "853"))

    told = read(db, own_area(db)).lines["from"].parts

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
