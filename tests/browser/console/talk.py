"""What holders and a venue have said to each other, so that pages have something to show."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.clock import utc_now
from server.feedback.desk import answer_thread, report_to_coordinator
from server.feedback.service import post_feedback
from server.ids import new_id
from server.message.service import send_message
from server.venue.models import Venue
from server.visit.models import Visit, Voiding
from shared.feedback import NewFeedback

LONG_WORDS = "Epäjärjestelmällistyttämättömyydellänsäkäänköhän " * 30
WORDS = "<b>Hissi</b> oli rikki.\n\nSoita 040 123 4567 tai ks. www.example.fi \u2764\ufe0f"


def let_talk(db: Session, venue: Venue) -> UUID:
    """Let a visitor tell twice, the venue answer and report, and send two messages to many."""
    now = utc_now()
    mine = (
        select(Visit)
        .outerjoin(Voiding, Voiding.visit_id == Visit.id)
        .where(Visit.venue_id == venue.id, Voiding.visit_id.is_(None))
    )
    visit = db.scalars(mine.limit(1)).one()
    ids = [new_id(now) for _ in range(3)]
    for post_id, words in zip(ids, (WORDS, LONG_WORDS), strict=False):
        told = NewFeedback(post_id, visit.id, words, 4)
        thread = post_feedback(db, visit.holder_id, told, now=now)
    answer_thread(db, venue.id, thread.thread_id, "Kiitos!", post_id=ids[2], now=now)
    report_to_coordinator(db, venue.id, thread.thread_id, 2, now=now)
    for words in ("Ensi-ilta on perjantaina.", LONG_WORDS[:900]):
        send_message(db, words, message_id=new_id(now), venue_id=venue.id, now=now)
    return thread.thread_id
