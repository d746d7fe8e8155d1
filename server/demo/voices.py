"""What is written in the demo: two conversations with venues, and messages to many."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.card.models import Card
from server.feedback.desk import answer_thread, report_to_coordinator
from server.feedback.service import post_feedback
from server.ids import new_id
from server.message.service import follow_venue, send_message
from server.visit.models import Visit
from shared.feedback import NewFeedback

_PRAISE = "Kiitos! Lapset viihtyivät koko ajan. Hissi oli rikki, joten tulimme portaita."
_ANSWER = "Kiva kuulla! Hissi korjataan tällä viikolla."
_REPORTED = "Lippukassalla puhuttiin minulle rumasti. Soita 040 123 4567."
_OF_VENUE = "Perjantaina on avoimet ovet. Kaikukortilla on vielä kymmenen paikkaa."
_OF_AREA = "Kaikukortti käy nyt myös työväenopiston syksyn lyhytkursseilla."


def seed_voices(db: Session, cards: Sequence[Card], *, now: datetime) -> None:
    """Let two holders write about their last visits, a venue answer, and an area be heard."""
    said_at = now - timedelta(days=2)
    for card, words, stars in zip(cards, (_PRAISE, _REPORTED), (5, 2), strict=True):
        own = select(Visit).where(Visit.holder_id == card.holder_id)
        visit = db.scalars(own.order_by(Visit.visited_at.desc()).limit(1)).one()
        told = NewFeedback(new_id(said_at), visit.id, words, stars)
        thread = post_feedback(db, card.holder_id, told, now=said_at)
        follow_venue(db, card.holder_id, visit.venue_id, now=said_at)
        answered_at = said_at + timedelta(hours=20)
        if words is _PRAISE:
            answer_thread(
                db, visit.venue_id, thread.thread_id, _ANSWER,
                post_id=new_id(answered_at), now=answered_at,
            )  # fmt: skip
            sender = {"venue_id": visit.venue_id}
            send_message(db, _OF_VENUE, message_id=new_id(answered_at), now=answered_at, **sender)
        else:
            report_to_coordinator(db, visit.venue_id, thread.thread_id, 1, now=answered_at)
    area_id = db.scalars(select(Area.id)).first()
    at = now - timedelta(hours=5)
    send_message(db, _OF_AREA, message_id=new_id(at), now=at, area_id=area_id)
