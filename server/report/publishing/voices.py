"""Counts what holders shared of how they feel, and the stars that they gave, in a year.

Shared wellbeing counts where the newest card of the holder is from; stars where the venue is.
"""

from collections import defaultdict
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.clock import beginning_of, day_of
from server.feedback.models import FeedbackThread
from server.report.models import FigureKind, ReportCard
from server.report.publishing.counting import AT_ONCE, ByHolder, Through, only_once
from server.report.publishing.network import Network
from server.report.publishing.tables import WHOLE, FigureKey
from server.report.rollup.cells import month_of, venue_scope
from server.visit.counting import counts
from server.visit.models import Visit
from server.wellbeing.models import WellbeingShare

FEWEST_MONTHS = 2
"""Of less there is no before and after."""


def shares_by_holder(db: Session, year: str, network: Network) -> ByHolder:
    """Count who shared two months of a meter or more, with the first and the last of them."""
    first, last = date(int(year), 1, 1), date(int(year), 12, 31)
    newest_home = (
        select(ReportCard.area_id)
        .where(ReportCard.holder_id == WellbeingShare.holder_id, ReportCard.granted_on <= last)
        .order_by(ReportCard.granted_on.desc(), ReportCard.card_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = (
        select(WellbeingShare.holder_id, WellbeingShare.meter, WellbeingShare.points, newest_home)
        .where(WellbeingShare.month.between(first, last))
        .order_by(WellbeingShare.holder_id, WellbeingShare.meter, WellbeingShare.month)
        .execution_options(yield_per=AT_ONCE)
    )
    for (_, meter), months in groupby(db.execute(rows), key=itemgetter(0, 1)):
        _, _, points, homes = zip(*months, strict=True)
        if len(points) < FEWEST_MONTHS or homes[0] is None:
            continue
        area_id = network.places.area_in(homes[0], f"{year}-12")
        added: dict[FigureKey, int] = {}
        for scope in network.above(area_id):
            added[FigureKind.SHARED, scope, meter.value] = 1
            added[FigureKind.BEFORE, scope, meter.value] = points[0]
            added[FigureKind.AFTER, scope, meter.value] = points[-1]
        yield True, added


def stars_by_holder(db: Session, year: str, network: Network) -> ByHolder:
    """Count the stars that were given to visits that count, where the venue is."""
    rows: Any = (
        select(FeedbackThread.holder_id, FeedbackThread.stars, Visit.venue_id, Visit.visited_at)
        .join(Visit, Visit.id == FeedbackThread.visit_id)
        .where(
            FeedbackThread.stars.is_not(None),
            Visit.visited_at >= beginning_of(date(int(year), 1, 1)),
            Visit.visited_at < beginning_of(date(int(year) + 1, 1, 1)),
            counts(),
        )
        .order_by(FeedbackThread.holder_id)
        .execution_options(yield_per=AT_ONCE)
    )
    places = network.places
    for _, threads in groupby(db.execute(rows), key=itemgetter(0)):
        added: dict[FigureKey, int] = defaultdict(int)
        through: Through = defaultdict(set)
        for _, stars, venue_id, at in threads:
            month = month_of(day_of(at))
            area_id = places.area_in(places.area_of_venue[venue_id], month)
            *large, area = network.above(area_id)
            for scope in (*large, area):
                added[FigureKind.RATINGS, scope, WHOLE] += 1
                added[FigureKind.STARS, scope, WHOLE] += stars
            through[FigureKind.RATINGS, area, WHOLE].add(venue_scope(venue_id))
            for scope in large:
                added[FigureKind.RATINGS, scope, f"stars:{stars}"] += 1
        yield True, added | dict.fromkeys(only_once(through), 1)
