"""HTTP: sharing wellbeing, and stopping."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from server.card.actors import SignedInHolder
from server.clock import Now
from server.db import Db
from server.problems import refusals
from server.signin.errors import SignInRequired
from server.wellbeing.errors import (
    MonthOutOfRange,
    PointsOutOfRange,
    SharingIdTaken,
    SharingStopped,
)
from server.wellbeing.service import share, stop_sharing
from server.wire import AsWritten, TooLarge
from shared.wellbeing import Sharing, SharingReceipt

router = APIRouter(tags=["wellbeing"])


@router.put(
    "/wellbeing-sharings/{sharing_id}",
    responses=refusals(
        SignInRequired, PointsOutOfRange, MonthOutOfRange, SharingStopped, SharingIdTaken, TooLarge
    ),
)
def share_wellbeing(
    sharing_id: UUID,
    sharing: Annotated[Sharing, AsWritten()],
    holder: SignedInHolder,
    db: Db,
    now: Now,
) -> SharingReceipt:
    """Share a meter by a consent that this phone made. Safe to send again."""
    return share(db, holder, sharing_id, sharing, now=now)


@router.delete(
    "/wellbeing-sharings/{sharing_id}", responses=refusals(SignInRequired, SharingIdTaken)
)
def stop_sharing_wellbeing(
    sharing_id: UUID, holder: SignedInHolder, db: Db, now: Now
) -> SharingReceipt:
    """Take a consent back: what was shared by it is deleted, and what is on its way refused."""
    return stop_sharing(db, holder, sharing_id, now=now)
