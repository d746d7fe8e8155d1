"""Local-only pilots at the door: their cards stay in the area, and no others come in there (R15).

A card is of the area of the location that granted it.
"""

from datetime import datetime

from sqlalchemy import ScalarSelect, bindparam, case, or_, select
from sqlalchemy.orm import aliased

from server.area.models import Area
from server.card.models import Card
from server.distributor.models import Distributor

_HOME, _HERE = aliased(Area), aliased(Area)
_HOME_SINCE, _HERE_SINCE = _HOME.local_only_since_at, _HERE.local_only_since_at

KEPT_APART_SINCE: ScalarSelect[datetime | None] = (
    select(
        case(
            (or_(_HERE_SINCE.is_(None), _HOME_SINCE < _HERE_SINCE), _HOME_SINCE),
            else_=_HERE_SINCE,
        )
    )
    .select_from(Distributor)
    .join(_HOME, _HOME.id == Distributor.area_id)
    .join(_HERE, _HERE.id == bindparam("area_id"))
    .where(Distributor.id == Card.distributor_id, _HOME.id != _HERE.id)
    .correlate(Card)
    .scalar_subquery()
)
"""A column beside a card: since when a pilot, its own area's or that of *area_id*, keeps it out of
the venues of *area_id*; none if nothing does. A column, because one more statement would cost every
door a way to the database and back."""
