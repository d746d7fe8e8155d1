"""HTTP: scans and card codes."""

from typing import Annotated

from fastapi import APIRouter

from server.actors import ToJudge
from server.db import Db
from server.problems import refusals
from server.scan.errors import (
    BatchTooLong,
    CategoryNotHere,
    NegativeChildrenReported,
    Resting,
    ScanIdTaken,
    ScanInFuture,
    TooManyChildrenReported,
)
from server.scan.service import answer_card, record_batch, record_scan
from server.signin.errors import SignInRequired
from server.venue.actors import SignedInScanner
from server.wire import AsWritten, TooLarge
from shared.scan import (
    BatchReceipt,
    CardAnswer,
    CardQuestion,
    ScanBatch,
    ScanReceipt,
    ScanReport,
)

router = APIRouter(tags=["scan"])


@router.post(
    "/scans",
    responses=refusals(
        SignInRequired, ScanIdTaken, ScanInFuture, CategoryNotHere, NegativeChildrenReported,
        TooManyChildrenReported, Resting, TooLarge,
    ),
)  # fmt: skip
def report_scan(
    report: Annotated[ScanReport, AsWritten()],
    scanner: SignedInScanner,
    db: Db,
    to_judge: ToJudge,
) -> ScanReceipt:
    """Report one scan. Safe to send again: `scan_id` makes it happen once."""
    return record_scan(db, scanner, report, **to_judge)


@router.post("/scans/batch", responses=refusals(SignInRequired, BatchTooLong, TooLarge))
def report_scans(
    batch: Annotated[ScanBatch, AsWritten()],
    scanner: SignedInScanner,
    db: Db,
    to_judge: ToJudge,
) -> BatchReceipt:
    """Report up to 500 scans. Each gets its own answer, in the order of the batch."""
    return record_batch(db, scanner, batch.scans, **to_judge)


@router.post("/card-questions", responses=refusals(SignInRequired, Resting, TooLarge))
def ask_card(
    question: Annotated[CardQuestion, AsWritten()],
    scanner: SignedInScanner,
    db: Db,
    to_judge: ToJudge,
) -> CardAnswer:
    """Ask the register about a card before admitting. Report the scan afterwards."""
    return answer_card(db, scanner, question, **to_judge)
