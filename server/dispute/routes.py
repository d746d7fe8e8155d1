"""HTTP: the holder says that a visit is not theirs."""

from fastapi import APIRouter

from server.card.actors import SignedInHolder
from server.clock import Now
from server.db import Db
from server.dispute.errors import (
    DisputedVisitTooOld,
    DisputedVisitUndone,
    DisputedVisitUnknown,
    DisputeIdTaken,
)
from server.dispute.service import tell_dispute
from server.problems import refusals
from server.signin.errors import SignInRequired
from server.wire import TooLarge
from shared.visit import DisputeReport, ToldDispute

router = APIRouter(tags=["visit"])


@router.post(
    "/disputes",
    responses=refusals(
        SignInRequired, DisputedVisitUnknown, DisputedVisitUndone, DisputedVisitTooOld,
        DisputeIdTaken, TooLarge,
    ),
)  # fmt: skip
def dispute_visit(report: DisputeReport, holder: SignedInHolder, db: Db, now: Now) -> ToldDispute:
    """Say that a visit is not one's own. Safe to send again: a visit is disputed once."""
    return tell_dispute(db, holder, report, now=now)
