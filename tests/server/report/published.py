"""A published year of the areas and venues that there are, with every kind of figure."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.report.models import FigureKind, Publication, PublishedFigure
from server.report.rollup.cells import area_scope, county_scope, months_of, venue_scope
from server.venue.models import Venue

Key = tuple[str, str, str]
"""Kind, scope, slice."""

MADE_AT = datetime(2027, 2, 1, 7, tzinfo=UTC)
_OF_AREAS = {
    ("uses", "cat:culture"): 610, ("uses", "cat:education"): 45, ("uses", "cat:science"): 205,
    ("uses", "cat:sport"): 830, ("uses", "adults"): 1412, ("uses", "children"): 278,
    ("uses", "near:own"): 1102, ("uses", "near:county"): 437, ("uses", "near:away"): 151,
    ("cards", "all"): 412, ("used", "all"): 251,
    ("unused", "all"): 161, ("holders", "all"): 263, ("shared", "mood"): 31, ("shared", "who5"): 12,
    ("ratings", "all"): 204,
}  # fmt: skip
_ABOVE = {
    ("uses", "in-time"): 1350, ("uses", "late"): 62,
    ("cards", "first:7"): 90, ("cards", "first:30"): 81, ("cards", "first:90"): 60,
    ("cards", "first:365"): 20, ("cards", "first:never"): 161,
    ("used", "age:0-17"): 9, ("used", "age:25-34"): 72, ("used", "age:65-"): 30,
    ("used", "age:untold"): 140, ("used", "gender:woman"): 131, ("used", "gender:man"): 98,
    ("used", "gender:untold"): 22, ("used", "life:unemployed"): 120, ("used", "life:untold"): 131,
    ("holders", "often:1"): 101, ("holders", "often:2-4"): 80, ("holders", "often:5-9"): 52,
    ("holders", "often:10-"): 30, ("ratings", "stars:5"): 120, ("ratings", "stars:4"): 60,
    ("ratings", "stars:3"): 14, ("ratings", "stars:2"): 6, ("ratings", "stars:1"): 4,
}  # fmt: skip
_MEANS = {
    ("before", "mood"): 31, ("after", "mood"): 36, ("before", "who5"): 482, ("after", "who5"): 543,
    ("stars", "all"): 43,
}  # fmt: skip


def publish(
    db: Session,
    year: str = "2026",
    *,
    percent: int = 100,
    hidden: Mapping[Key, object] | frozenset[Key] = frozenset(),
    only: tuple[str, ...] = tuple(FigureKind),
) -> dict[Key, int | None]:
    """Publish a year that the visits do not tell of; gives what anybody may read."""
    figures = {
        key: None if key in hidden else value
        for key, value in _figures(db, year, percent).items()
        if key[0] in only
    }
    db.add(Publication(year=year, made_at=MADE_AT.replace(year=int(year) + 1)))
    db.flush()
    rows = [
        {"year": year, "kind": kind, "scope": scope, "slice": part, "value": value}
        for (kind, scope, part), value in figures.items()
    ]
    db.execute(insert(PublishedFigure), rows)
    return figures


def _figures(db: Session, year: str, percent: int) -> dict[Key, int]:
    sums: Counter[Key] = Counter()
    means: dict[Key, int] = {}
    for number, area in enumerate(
        db.scalars(select(Area).order_by(Area.municipality_code.desc())), start=1
    ):
        above = ["fi"] if area.county_code is None else ["fi", county_scope(area.county_code)]
        large = _ABOVE | {
            ("uses", f"home:{area.county_code}"): 1500,
            ("uses", "home:07"): 179,
            ("uses", "home:untold"): 11,
            **{("uses", month): 90 + 17 * (at % 5) for at, month in enumerate(months_of(year))},
        }
        near = {key: n for key, n in _OF_AREAS.items() if key[1].startswith("near:")}
        for scope in above:
            _add(
                sums,
                scope,
                {key: n for key, n in _OF_AREAS.items() if key not in near} | large,
                percent / number,
            )
        _add(sums, area_scope(area.id), _OF_AREAS, percent / number)
        means |= {
            (kind, scope, part): n
            for scope in (*above, area_scope(area.id))
            for (kind, part), n in _MEANS.items()
        }
        for at, venue in enumerate(db.scalars(select(Venue).where(Venue.area_id == area.id))):
            _add(sums, venue_scope(venue.id), {("uses", "all"): 700}, percent / (at + 1))
    return dict(sums) | means


def _add(sums: Counter[Key], scope: str, of: Mapping[tuple[str, str], int], percent: float) -> None:
    for (kind, part), n in of.items():
        sums[kind, scope, part] += round(n * percent / 100)
        if part.startswith("cat:"):
            sums[kind, scope, "all"] += round(n * percent / 100)
