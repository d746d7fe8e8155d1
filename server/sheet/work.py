"""Many sheets in one file, as long work: printed a few at a time, drawn, kept sealed for a day."""

import base64
import hmac
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.fernet import Fernet
from pydantic import TypeAdapter
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from server.card.errors import CardBlocked, CardExpired
from server.card.models import Card
from server.distributor.models import Distributor
from server.settings import Settings
from server.sheet.errors import NoCardChosen, SheetsGone
from server.sheet.facts import Sheet
from server.sheet.models import SheetPage
from server.sheet.printing import print_card
from server.sheet.service import Booklet
from server.signing import KeyRing
from server.texts import Language
from server.work.models import Work, WorkKind
from server.work.runner import Chunk, Job, Shift
from server.work.service import ask_for_work, drop_file, file_of, keep_file

KEPT_FOR = timedelta(days=1)
"""The file has codes that take cards to phones: it does not lie about."""
PAGES_AT_ONCE = 5

_SHEET = TypeAdapter(Sheet)


def ask_for_sheets(  # noqa: PLR0913 - all by keyword
    db: Session,
    cards: Sequence[Card],
    *,
    language: Language,
    access_id: UUID,
    distributor_id: UUID,
    now: datetime,
) -> Work:
    """Put down that these cards are to be printed, in this order.

    Raises:
        NoCardChosen, TooMuchWork.
    """
    if not cards:
        raise NoCardChosen
    work = ask_for_work(
        db, WorkKind.SHEETS, access_id=access_id, place_id=distributor_id, total=len(cards),
        asked={"language": language.value}, now=now, kept_for=KEPT_FOR,
    )  # fmt: skip
    rows = [
        {"work_id": work.id, "place": place, "card_id": card.id, "printed": False}
        for place, card in enumerate(cards, start=1)
    ]
    db.execute(insert(SheetPage), rows)
    return work


def sheets_job(*, ring_now: Callable[[], KeyRing], settings: Settings) -> Job:
    """Make the job that prints and draws sheets, each with the keys of its time."""

    def job(shift: Shift) -> Iterator[None]:
        booklet: Booklet | None = None
        place, goes_on = 0, True
        while goes_on:
            with shift.chunk() as chunk:
                booklet = booklet or Booklet(Language(chunk.work.asked["language"]))
                sheets, last = _print_on(chunk, place, ring=ring_now(), settings=settings)
            goes_on, place = last > place, last
            for sheet in sheets:  # outside the transaction: drawing takes the longest
                booklet.add(sheet)
            yield
        if booklet is not None and booklet.pages:
            content = _box(settings.secret).encrypt(booklet.close())
            with shift.chunk() as chunk:
                drop_file(chunk.db, chunk.work)
                keep_file(chunk.db, chunk.work, content)
                _forget_pages(chunk.db, chunk.work)

    return job


def take_sheets(db: Session, work: Work, *, secret: bytes) -> bytes:
    """Give the file, once: it is deleted in the transaction that gives it.

    Raises:
        SheetsGone.
    """
    content = file_of(db, work)
    if content is None:
        raise SheetsGone
    drop_file(db, work)
    return _box(secret).decrypt(content)


def count_printed(db: Session, work: Work) -> int:
    """Count the sheets that are printed; the others of those done were blocked or over."""
    printed = select(func.count()).where(SheetPage.work_id == work.id, SheetPage.printed)
    return db.scalar(printed.select_from(SheetPage)) or 0


def _print_on(
    chunk: Chunk, place: int, *, ring: KeyRing, settings: Settings
) -> tuple[list[Sheet], int]:
    """Print the pages after *place*, or open what was printed before; gives the last place too."""
    db, work, secret = chunk.db, chunk.work, settings.secret
    after = select(SheetPage).where(SheetPage.work_id == work.id, SheetPage.place > place)
    pages = db.scalars(after.order_by(SheetPage.place).limit(PAGES_AT_ONCE)).all()
    name = db.get_one(Distributor, work.place_id).name
    ids = [one.card_id for one in pages if not one.printed]
    # In the order in which everybody locks cards, so that nobody waits in a circle.
    locked = select(Card).where(Card.id.in_(ids)).order_by(Card.id).with_for_update()
    cards = {card.id: card for card in db.scalars(locked)}
    sheets = []
    for one in pages:
        if one.printed and one.sealed is None:  # the file that has it was finished before
            continue
        if one.sealed is not None:
            sheets.append(_SHEET.validate_json(_box(secret).decrypt(one.sealed)))
            continue
        try:
            sheet = print_card(
                db, cards[one.card_id], distributor_name=name, access_id=work.access_id, ring=ring,
                settings=settings, now=chunk.at, work_id=work.id,
            )  # fmt: skip
        except (CardBlocked, CardExpired):  # since it was chosen
            continue
        one.printed, one.sealed = True, _box(secret).encrypt(_SHEET.dump_json(sheet))
        sheets.append(sheet)
    last = pages[-1].place if pages else place
    work.done = max(work.done, last)
    return sheets, last


def _forget_pages(db: Session, work: Work) -> None:
    db.execute(update(SheetPage).where(SheetPage.work_id == work.id).values(sealed=None))


def _box(secret: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.digest(secret, b"sheets", "sha256")))
