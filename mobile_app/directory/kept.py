"""The directory as the phone keeps it: public, so that it stays when a card goes."""

import json
import logging
from datetime import datetime

from mobile_app.device.store import Record, Store
from shared.directory import Directory
from shared.wire import from_json, to_json

TOLD = "where/directory"
HEARD = "where/heard"
"""When the server last confirmed it: written alone while nothing changes."""

_log = logging.getLogger(__name__)


async def kept_directory(store: Store) -> tuple[Directory, datetime] | None:
    """Give what the phone keeps and when it was heard; what cannot be read is asked for again."""
    told, heard = await store.get(TOLD), await store.get(HEARD)
    if told is None or heard is None:
        return None
    try:
        return from_json(Directory, json.dumps(told)), datetime.fromisoformat(heard["heard_at"])
    except (ValueError, KeyError, TypeError):
        _log.warning("the kept directory cannot be read")
        return None


def heard_record(heard_at: datetime) -> dict[str, Record | None]:
    """Give the record that changes when nothing else did."""
    return {HEARD: {"heard_at": heard_at.isoformat()}}


def told_records(told: Directory, heard_at: datetime) -> dict[str, Record | None]:
    """Give all records of a directory."""
    record: Record = json.loads(to_json(told))
    return {TOLD: record} | heard_record(heard_at)
