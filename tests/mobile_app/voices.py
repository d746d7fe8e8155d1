"""A holder whose visits the real register knows, and a venue that answers."""

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import joinedload

from server.area.models import Area
from server.feedback.desk import answer_thread
from server.feedback.models import FeedbackPost, FeedbackThread
from server.ids import new_id
from server.message.service import send_message
from server.scan.service import record_scan
from server.settings import Settings
from server.signing import KeyRing
from server.venue.models import Scanner, Venue
from server.visit.models import Visit
from tests.factories import make_report, make_scanner, make_venue
from tests.mobile_app.phones import HolderPhone
from tests.server.callers import one_session


class Town:
    """What happens around a phone, in the register itself; each in a transaction of its own."""

    def __init__(self, engine: Engine, phone: HolderPhone, ring: KeyRing, settings: Settings):
        self.engine, self.phone = engine, phone
        self.ring, self.settings = ring, settings

    async def visit(self, place: str = "Teatteri") -> str:
        """Let the holder be scanned somewhere; gives the visit's name in the diary."""
        card, now = await self.phone.card(), self.phone.clock.now()
        report = make_report(card.qr_text, at=now)
        with one_session(self.engine) as db:
            found = db.scalars(select(Venue).where(Venue.name == place)).first()
            made = make_scanner(db, venue=found or make_venue(db, name=place))
            one = select(Scanner).where(Scanner.id == made.id).options(joinedload(Scanner.venue))
            scanner = db.scalars(one).one()
            record_scan(db, scanner, report, ring=self.ring, settings=self.settings, now=now)
            return str(db.scalars(select(Visit.id).where(Visit.scan_id == report.scan_id)).one())

    def answer(self, words: str) -> None:
        """Let the venue answer in the newest thread."""
        self.phone.clock.pass_time(minutes=1)
        now = self.phone.clock.now()
        newest = select(FeedbackThread).order_by(FeedbackThread.latest_at.desc()).limit(1)
        with one_session(self.engine) as db:
            thread = db.scalars(newest).one()
            answer_thread(db, thread.venue_id, thread.id, words, post_id=new_id(now), now=now)

    def send(self, words: str, place: str | None = None) -> None:
        """Let a venue, or the area, send a message to many."""
        self.phone.clock.pass_time(minutes=1)
        now = self.phone.clock.now()
        with one_session(self.engine) as db:
            sender = {"area_id": db.scalars(select(Area.id)).one()}
            if place is not None:
                sender = {"venue_id": db.scalars(select(Venue.id).where(Venue.name == place)).one()}
            send_message(db, words, message_id=new_id(now), now=now, **sender)

    def posts(self) -> list[FeedbackPost]:
        """Give what the register has, the oldest first."""
        ordered = select(FeedbackPost).order_by(FeedbackPost.posted_at, FeedbackPost.id)
        with one_session(self.engine) as db:
            return list(db.scalars(ordered))

    def forget(self) -> None:
        """Let the register lose every thread, as it does after a year."""
        with one_session(self.engine) as db:
            db.execute(delete(FeedbackPost))
            db.execute(delete(FeedbackThread))
