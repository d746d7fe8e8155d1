"""What the tests of cards ask the register."""

from sqlalchemy import select

from server.audit.models import AuditEntry
from server.card.models import Card


def cards(network) -> list[Card]:
    with network.sessions() as db:
        return list(db.scalars(select(Card).order_by(Card.id)))


def acts(network) -> list[str]:
    with network.sessions() as db:
        return list(db.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))
