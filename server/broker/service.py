"""Ticket brokers: their keys and venues, and the uses they record.

A broker sees nobody: what would make a door ask its staff (K1 §10.5) refuses here. Where the card
was lately says nothing of a ticket that is bought at home, so that alone is let pass.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.broker.errors import BrokerUnnamed
from server.broker.models import Broker, BrokerVenue
from server.ids import new_id
from server.signin.codes import hash_code
from server.venue.models import Venue

NAME_MOST = 120
KEY_PREFIX = "kaiku_"
"""So that a key in the wrong place is known for what it is."""
SEEN_EVERY = timedelta(hours=1)
BROKERS_LISTED = 200


def add_broker(db: Session, *, name: str, secret: bytes, now: datetime) -> tuple[Broker, str]:
    """Add a broker; give it with its key, which is told only here.

    Raises:
        BrokerUnnamed.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_MOST:
        raise BrokerUnnamed
    broker = Broker(id=new_id(now), name=name, granted_at=now)
    db.add(broker)
    db.flush()
    return broker, draw_key(broker, secret=secret)


def draw_key(broker: Broker, *, secret: bytes) -> str:
    """Give a broker another key; the one before ends with that."""
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    broker.key_hash = hash_code(key, secret)
    return key


def end_key(broker: Broker) -> None:
    """Let a broker do nothing any more, until it is given another key."""
    broker.key_hash = None


def broker_of(db: Session, key: str, *, secret: bytes) -> Broker | None:
    """Find the broker whose key this is."""
    if not key.isascii() or not key.startswith(KEY_PREFIX):
        return None
    return db.scalar(select(Broker).where(Broker.key_hash == hash_code(key, secret)))


def find_broker(db: Session, broker_id: UUID) -> Broker | None:
    """Find a broker, to change it."""
    return db.get(Broker, broker_id, with_for_update=True)


def note_seen(broker: Broker, *, now: datetime) -> None:
    """Remember that a broker is at work, once an hour."""
    if broker.seen_at is None or now - broker.seen_at >= SEEN_EVERY:
        broker.seen_at = now


def list_brokers(db: Session) -> list[tuple[Broker, int]]:
    """List the brokers by name, each with the number of its venues."""
    by_name = (
        select(Broker, func.count(BrokerVenue.venue_id))
        .outerjoin(BrokerVenue, BrokerVenue.broker_id == Broker.id)
        .group_by(Broker.id)
        .order_by(Broker.name, Broker.id)
        .limit(BROKERS_LISTED)
    )
    return [(broker, venues) for broker, venues in db.execute(by_name)]


def allowed_by(db: Session, venue_id: UUID) -> set[UUID]:
    """Tell which brokers may record uses for a venue."""
    return set(db.scalars(select(BrokerVenue.broker_id).where(BrokerVenue.venue_id == venue_id)))


def allow(db: Session, venue_id: UUID, broker: Broker, *, now: datetime) -> None:
    """Let a broker record uses for a venue; allowing twice is allowing once."""
    if db.get(BrokerVenue, (broker.id, venue_id)) is None:
        db.add(BrokerVenue(broker_id=broker.id, venue_id=venue_id, allowed_at=now))


def disallow(db: Session, venue_id: UUID, broker: Broker) -> None:
    """Let a broker record nothing more for a venue; what it recorded stays."""
    db.execute(
        delete(BrokerVenue).where(
            BrokerVenue.broker_id == broker.id, BrokerVenue.venue_id == venue_id
        )
    )


def venues_of(db: Session, broker: Broker) -> Sequence[Venue]:
    """List the venues that let a broker record uses, by name."""
    by_name = (
        select(Venue)
        .join(BrokerVenue, BrokerVenue.venue_id == Venue.id)
        .where(BrokerVenue.broker_id == broker.id)
        .order_by(Venue.name, Venue.id)
    )
    return db.scalars(by_name).all()


def venue_of(db: Session, broker: Broker, venue_id: UUID) -> Venue | None:
    """Find a venue, if it lets this broker record uses."""
    return db.scalar(
        select(Venue)
        .join(BrokerVenue, BrokerVenue.venue_id == Venue.id)
        .where(Venue.id == venue_id, BrokerVenue.broker_id == broker.id)
    )
