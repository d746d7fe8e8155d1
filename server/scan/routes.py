"""HTTP: scans and card codes."""

from typing import Annotated

from fastapi import APIRouter

from server.actors import Keys, ServerSettings
from server.clock import Now
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
from server.scan.service import answer_card_code, record_batch, record_scan
from server.signin.errors import SignInRequired
from server.venue.actors import SignedInScanner
from server.wire import AsWritten, TooLarge
from shared.scan import (
    BatchReceipt,
    CardCodeAnswer,
    CardCodeQuestion,
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
def report_scan(  # noqa: PLR0913, PLR0917 - a sentence of types
    report: Annotated[ScanReport, AsWritten()],
    scanner: SignedInScanner,
    db: Db,
    now: Now,
    ring: Keys,
    settings: ServerSettings,
) -> ScanReceipt:
    """Report one scan. Safe to send again: `scan_id` makes it happen once."""
    return record_scan(db, scanner, report, ring=ring, settings=settings, now=now)


@router.post("/scans/batch", responses=refusals(SignInRequired, BatchTooLong, TooLarge))
def report_scans(  # noqa: PLR0913, PLR0917 - a sentence of types
    batch: Annotated[ScanBatch, AsWritten()],
    scanner: SignedInScanner,
    db: Db,
    now: Now,
    ring: Keys,
    settings: ServerSettings,
) -> BatchReceipt:
    """Report up to 500 scans. Each gets its own answer, in the order of the batch."""
    return record_batch(db, scanner, batch.scans, ring=ring, settings=settings, now=now)


@router.post("/card-codes", responses=refusals(SignInRequired, Resting, TooLarge))
def ask_card_code(
    question: Annotated[CardCodeQuestion, AsWritten()],
    scanner: SignedInScanner,
    db: Db,
    now: Now,
    settings: ServerSettings,
) -> CardCodeAnswer:
    """Ask the register about a card code before admitting. Report the scan afterwards."""
    secret = settings.secret
    return answer_card_code(db, scanner, question, secret=secret, now=now)
