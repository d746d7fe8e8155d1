"""Messages to many: send and withdraw them, follow venues, read an inbox, forget old ones.

Nobody is pushed at: a phone asks when its app is open, so no third party learns who has a card.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from server.area.models import Area
from server.card.models import Card
from server.clock import day_of
from server.distributor.models import Distributor
from server.holder.models import Holder
from server.message.errors import (
    NewsEmpty,
    NewsTooLong,
    TooManyFollowed,
    TooMuchNews,
    VenueUnknown,
)
from server.message.models import Following, Message
from server.venue.models import Venue
from server.visit.errors import MalformedCursor
from shared.message import FollowedVenue, FollowedVenues, MessagePage, SentMessage
from shared.rules.masking import clean, mask

WORDS_MOST = 1_000
"""What is read while one waits for a bus; a programme has its own pages."""

WEEK = timedelta(days=7)
A_WEEK = 2
"""Of one venue or area: an inbox that is full of one sender is read by nobody. What was withdrawn
counts, or withdrawing would be the way round."""

KEPT_FOR = timedelta(days=365)
FOLLOWED_MOST = 200
RECEIVERS_ROUNDED_TO = 5
"""Fewer than so many is all that is told, and never the number itself (R26)."""
LISTED = 100
KEYS_FREE = {"key_share": True}
"""How rows are locked here: what names them, such as a visit at a door, need not wait."""


def follow_venue(db: Session, holder_id: UUID, venue_id: UUID, *, now: datetime) -> FollowedVenues:
    """Bring the venue's messages to the holder from now on; again is the same.

    Raises:
        VenueUnknown, TooManyFollowed.
    """
    if db.get(Venue, venue_id) is None:
        raise VenueUnknown
    db.get_one(Holder, holder_id, with_for_update=KEYS_FREE)
    if db.get(Following, (holder_id, venue_id)) is None:
        own = select(func.count()).where(Following.holder_id == holder_id)
        if (db.scalar(own) or 0) >= FOLLOWED_MOST:
            raise TooManyFollowed
        db.add(Following(holder_id=holder_id, venue_id=venue_id, since_at=now))
        db.flush()
    return list_followed(db, holder_id)


def unfollow_venue(db: Session, holder_id: UUID, venue_id: UUID) -> FollowedVenues:
    """Bring no more messages of the venue; also where none came."""
    own = (Following.holder_id == holder_id, Following.venue_id == venue_id)
    db.execute(delete(Following).where(*own))
    return list_followed(db, holder_id)


def list_followed(db: Session, holder_id: UUID) -> FollowedVenues:
    """List the venues that a holder follows, by name."""
    rows = db.execute(
        select(Venue.id, Venue.name)
        .join(Following, Following.venue_id == Venue.id)
        .where(Following.holder_id == holder_id)
        .order_by(Venue.name, Venue.id)
    )
    return FollowedVenues([FollowedVenue(venue_id, name) for venue_id, name in rows])


def list_inbox(db: Session, card: Card, *, limit: int, cursor: str | None) -> MessagePage:
    """List the messages to a holder, newest first: of followed venues, and of the card's area.

    Of a venue only what was sent since the holder follows it.

    Raises:
        MalformedCursor.
    """
    follows = exists().where(
        Following.holder_id == card.holder_id,
        Following.venue_id == Message.venue_id,
        Following.since_at <= Message.sent_at,
    )
    lives_there = Message.area_id == (
        select(Distributor.area_id).where(Distributor.id == card.distributor_id).scalar_subquery()
    )
    newest_first = (
        select(Message)
        .where(or_(follows, lives_there), Message.withdrawn_at.is_(None))
        .order_by(Message.id.desc())
        .options(joinedload(Message.venue), joinedload(Message.area))
        .limit(limit + 1)
    )
    if cursor is not None:
        newest_first = newest_first.where(Message.id < _read_cursor(cursor))
    found = list(db.scalars(newest_first))
    more = len(found) > limit
    return MessagePage(
        [_to_holder(message) for message in found[:limit]],
        str(found[limit - 1].id) if more else None,
    )


def send_message(  # noqa: PLR0913 - all by keyword
    db: Session,
    typed: str,
    *,
    message_id: UUID,
    now: datetime,
    venue_id: UUID | None = None,
    area_id: UUID | None = None,
) -> bool:
    """Send a message to a venue's followers, or to who lives in an area.

    Tells whether it is new: the same form sent twice is one message.

    Raises:
        NewsEmpty, NewsTooLong, TooMuchNews.
    """
    words = clean(typed)
    if not words:
        raise NewsEmpty
    if len(words) > WORDS_MOST:
        raise NewsTooLong
    # Locked, so that the second of two clicks finds the first.
    if venue_id is not None:
        db.get_one(Venue, venue_id, with_for_update=KEYS_FREE)
    elif area_id is not None:
        db.get_one(Area, area_id, with_for_update=KEYS_FREE)
    if db.get(Message, message_id) is not None:
        return False
    sender = _sent_by(venue_id, area_id)
    lately = select(func.count(), func.min(Message.sent_at)).where(
        sender, Message.sent_at > now - WEEK
    )
    count, first_at = db.execute(lately).one()
    if count >= A_WEEK:
        wait = first_at + WEEK - now
        raise TooMuchNews(retry_after_s=max(1, int(wait.total_seconds())))
    receivers = _count_receivers(db, venue_id, area_id, now=now)
    db.add(
        Message(
            id=message_id,
            venue_id=venue_id,
            area_id=area_id,
            words=mask(words).words,
            sent_at=now,
            receivers=receivers - receivers % RECEIVERS_ROUNDED_TO,
        )
    )
    db.flush()
    return True


def list_sent(
    db: Session, *, venue_id: UUID | None = None, area_id: UUID | None = None
) -> list[Message]:
    """List what a venue or an area sent, newest first: a year's, which is about a hundred."""
    own = select(Message).where(_sent_by(venue_id, area_id))
    return list(db.scalars(own.order_by(Message.id.desc()).limit(LISTED)))


def withdraw_message(
    db: Session,
    message_id: UUID,
    *,
    now: datetime,
    venue_id: UUID | None = None,
    area_id: UUID | None = None,
) -> bool:
    """Let nobody read a message any more; tells whether it was one's own and still out."""
    own = select(Message).where(Message.id == message_id, _sent_by(venue_id, area_id))
    message = db.scalar(own.with_for_update())
    if message is None or message.withdrawn_at is not None:
        return False
    message.withdrawn_at = now
    return True


def is_anything_old(db: Session, *, now: datetime) -> bool:
    """Tell whether there is a message to forget."""
    old = select(Message.id).where(Message.sent_at <= now - KEPT_FOR).limit(1)
    return db.scalar(old) is not None


def forget_old_message(db: Session, *, now: datetime) -> bool:
    """Delete one message that is a year old, if there is one."""
    old = select(Message.id).where(Message.sent_at <= now - KEPT_FOR).limit(1)
    message_id = db.scalar(old.with_for_update(skip_locked=True))
    if message_id is not None:
        db.execute(delete(Message).where(Message.id == message_id))
    return message_id is not None


def _sent_by(venue_id: UUID | None, area_id: UUID | None) -> ColumnElement[bool]:
    return and_(Message.venue_id == venue_id, Message.area_id == area_id)


def _count_receivers(
    db: Session, venue_id: UUID | None, area_id: UUID | None, *, now: datetime
) -> int:
    """Count who may read it: followers, or holders with a card of the area in force."""
    if venue_id is not None:
        return db.scalar(select(func.count()).where(Following.venue_id == venue_id)) or 0
    living = (
        select(func.count(func.distinct(Card.holder_id)))
        .join(Distributor, Distributor.id == Card.distributor_id)
        .where(
            Distributor.area_id == area_id,
            Card.last_valid_on >= day_of(now),
            Card.blocked_at.is_(None),
        )
    )
    return db.scalar(living) or 0


def _to_holder(message: Message) -> SentMessage:
    sender = message.venue or message.area
    return SentMessage(
        message_id=message.id,
        sender_name="" if sender is None else sender.name,
        venue_id=message.venue_id,
        sent_at=message.sent_at,
        words=message.words,
    )


def _read_cursor(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError:
        raise MalformedCursor from None
