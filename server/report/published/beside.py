"""How places compare: by the newest published year, and never by live figures.

Own live figures beside a county of two areas would be the other area's.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.report.models import FigureKind, Publication
from server.report.published.edition import read_figures
from server.report.publishing.tables import WHOLE


@dataclass(frozen=True, slots=True)
class UsedShares:
    """Which part of the cards of a published year was used in it, 0 to 1, by scope."""

    year: str
    shares: Mapping[str, float]


def used_shares(db: Session, scopes: Collection[str]) -> UsedShares | None:
    """Compare places; none unless at least two of them are told."""
    newest = db.scalar(select(func.max(Publication.year)))
    if newest is None:
        return None
    figures = read_figures(db, newest, scopes)
    shares = {}
    for scope in scopes:
        cards = figures.get((FigureKind.CARDS, scope, WHOLE))
        used = figures.get((FigureKind.USED, scope, WHOLE))
        if cards and used is not None:
            shares[scope] = used / cards
    return UsedShares(newest, shares) if len(shares) > 1 else None
