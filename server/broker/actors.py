"""The broker as a parameter of routes."""

from typing import Annotated

from fastapi import Depends

from server.actors import SentBearer, ServerSettings
from server.broker.errors import BrokerKeyRefused
from server.broker.models import Broker
from server.broker.service import broker_of
from server.db import Db


def _broker(sent: SentBearer, db: Db, settings: ServerSettings) -> Broker:
    broker = None
    if sent is not None:
        broker = broker_of(db, sent.credentials, secret=settings.secret)
    if broker is None:
        raise BrokerKeyRefused
    return broker


KnownBroker = Annotated[Broker, Depends(_broker)]
"""The broker whose key came as bearer."""
