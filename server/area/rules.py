"""What the country and its areas settle: until which age children come along, local-only pilots."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.area.errors import ChildrenAgeOutOfRange
from server.area.models import Area, NationalSetting

CHILDREN_AGE_LEAST, CHILDREN_AGE_MOST = 7, 25

_CHILDREN_AGE = "children_age"


def national_children_age(db: Session) -> int:
    """Give the age below which children come along, where the area has none of its own."""
    return db.get_one(NationalSetting, _CHILDREN_AGE).value


def children_age_in(db: Session, area_id: UUID) -> int:
    """Give the age below which children come along with the cards of an area (R8)."""
    return db.get_one(Area, area_id).children_age or national_children_age(db)


def set_national_children_age(db: Session, age: int) -> int:
    """Settle the children's age for the whole country; gives what it was before.

    Raises:
        ChildrenAgeOutOfRange.
    """
    _check_age(age)
    setting = db.get_one(NationalSetting, _CHILDREN_AGE, with_for_update=True)
    before, setting.value = setting.value, age
    return before


def set_children_age(area: Area, age: int | None) -> None:
    """Settle the children's age for an area; none lets the country's hold.

    Raises:
        ChildrenAgeOutOfRange.
    """
    if age is not None:
        _check_age(age)
    area.children_age = age


def set_local_only(area: Area, *, local_only: bool, now: datetime) -> None:
    """Begin or end a pilot whose cards and venues keep to themselves (R15)."""
    if local_only != (area.local_only_since_at is not None):
        area.local_only_since_at = now if local_only else None


def _check_age(age: int) -> None:
    if not CHILDREN_AGE_LEAST <= age <= CHILDREN_AGE_MOST:
        raise ChildrenAgeOutOfRange


def has_pilots(db: Session) -> bool:
    """Tell whether any area is a local-only pilot now."""
    return (
        db.scalar(select(Area.id).where(Area.local_only_since_at.is_not(None)).limit(1)) is not None
    )
