"""Lists of who has access: the locations of an area, the coordinators of the country."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from server.access.models import Access
from server.area.models import Area
from server.distributor.models import Distributor
from server.venue.models import Venue


@dataclass(frozen=True, slots=True)
class ListedAccess:
    """A location's access, and the name of the place it is for."""

    access: Access
    place: str


def list_accesses(
    db: Session, area_id: UUID, *, after: str = "", limit: int = 200
) -> list[ListedAccess]:
    """List the distributors and venues of an area by handle, those without access too."""
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


def coordinators_of(db: Session, area_id: UUID) -> list[Access]:
    """List the accesses of an area's coordinator."""
    mine = select(Access).join(Area, Area.id == Access.area_id).where(Area.id == area_id)
    return list(db.scalars(mine.order_by(Access.handle)))


def _place(access: Access) -> str:
    place = access.distributor or access.venue
    return "" if place is None else place.name
