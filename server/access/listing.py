"""Lists of who has access: the locations of an area, the coordinators of the country."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from server.access.models import Access, Role
from server.distributor.models import Distributor
from server.venue.models import Venue


@dataclass(frozen=True, slots=True)
class ListedAccess:
    """A location's access, and the name of the place it is for."""

    access: Access
    place: str


def list_accesses(
    db: Session,
    area_id: UUID,
    *,
    overdue_on: date | None = None,
    after: str = "",
    limit: int = 200,
) -> list[ListedAccess]:
    """List the distributors and venues of an area by handle, those without access too.

    *overdue_on* leaves those whose induction is overdue on that day, and who have access.
    """
    in_order = (
        select(Access)
        .outerjoin(Access.distributor)
        .outerjoin(Access.venue)
        .where(or_(Distributor.area_id == area_id, Venue.area_id == area_id))
        .where(Access.handle > after)
        .options(joinedload(Access.distributor), joinedload(Access.venue))
        .order_by(Access.handle)
        .limit(limit)
    )
    if overdue_on is not None:
        in_order = in_order.where(
            Access.induction_due_on < overdue_on, Access.withdrawn_at.is_(None)
        )
    return [ListedAccess(one, _place(one)) for one in db.scalars(in_order)]


def access_in_area(db: Session, area_id: UUID, access_id: UUID) -> Access | None:
    """Find the access of a distributor or venue of an area; nobody else's."""
    return db.scalar(
        select(Access)
        .outerjoin(Access.distributor)
        .outerjoin(Access.venue)
        .where(
            Access.id == access_id,
            or_(Distributor.area_id == area_id, Venue.area_id == area_id),
        )
        .with_for_update(of=Access)
    )


def coordinators_of(db: Session, area_ids: Collection[UUID]) -> dict[UUID, list[Access]]:
    """Give the coordinators' accesses of each area."""
    found: dict[UUID, list[Access]] = {}
    wanted = select(Access).where(Access.area_id.in_(area_ids)).order_by(Access.handle)
    for access in db.scalars(wanted):
        if access.area_id is not None:
            found.setdefault(access.area_id, []).append(access)
    return found


def coordinator_access(db: Session, access_id: UUID) -> Access | None:
    """Find the access of a coordinator; nobody else's."""
    access = db.get(Access, access_id, with_for_update=True)
    return access if access is not None and access.role is Role.COORDINATOR else None


def list_analysts(db: Session, *, limit: int) -> list[Access]:
    """List the analysts of the wellbeing counties, by county and handle."""
    by_county = (
        select(Access)
        .where(Access.role == Role.ANALYST)
        .order_by(Access.county_code, Access.handle)
        .limit(limit)
    )
    return list(db.scalars(by_county))


def analyst_access(db: Session, access_id: UUID) -> Access | None:
    """Find the access of an analyst; nobody else's."""
    access = db.get(Access, access_id, with_for_update=True)
    return access if access is not None and access.role is Role.ANALYST else None


def _place(access: Access) -> str:
    place = access.distributor or access.venue
    return "" if place is None else place.name
