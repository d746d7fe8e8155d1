"""What is told of a year and of other places once it is published."""

from sqlalchemy.orm import Session

from server.report.models import FigureKind
from server.report.published.beside import used_shares
from server.report.rollup.cells import area_scope
from tests.factories import NOON, make_scanner
from tests.server.report.live.reading import (
    COUNTY,
    area_id_of,
    come,
    door,
    own_area,
    publish_last_year,
    read,
)


def test_a_county_is_told_as_it_was_published_once_it_was(db: Session) -> None:
    """What is told in two ways is hidden in both."""
    then = NOON.replace(year=2025)
    come(db, make_scanner(db), 9, at=then)
    come(db, door(db, "604", "Pirkkala"), 8, at=then)
    tampere, pirkkala = (area_scope(area_id_of(db, code)) for code in ("837", "604"))
    assert read(db, COUNTY, "2025").lines["place"].parts == {tampere: 9, pirkkala: 8}
    uses, all_ = FigureKind.USES, "all"
    publish_last_year(db, {
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
    assert read(db, own_area(db), "2025").uses == 9, "an area has its own"


def test_shares_are_compared_by_published_figures_of_both_only(db: Session) -> None:
    make_scanner(db)
    area = area_scope(area_id_of(db))
    scopes = [area, "county:08", "fi"]
    assert used_shares(db, scopes) is None
    cards, used = FigureKind.CARDS, FigureKind.USED
    publish_last_year(db, {
        (cards, area, "all"): 50, (used, area, "all"): 20, (cards, "county:08", "all"): 90,
        (used, "county:08", "all"): None, (cards, "fi", "all"): 100, (used, "fi", "all"): 62,
    })  # fmt: skip

    told = used_shares(db, scopes)

    assert told is not None
    assert told.shares == {area: 0.4, "fi": 0.62}
    assert used_shares(db, ["county:08", "fi"]) is None, "one of them is no comparison"
