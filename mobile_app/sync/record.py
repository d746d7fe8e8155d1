"""Wire values as records of the Store, and back."""

import json
import logging
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from mobile_app.device.store import Record
from shared.wire import from_json, to_json

T = TypeVar("T")

_log = logging.getLogger(__name__)


def as_record(value: Any) -> Record:
    """Write a frozen dataclass as a record."""
    record: Record = json.loads(to_json(value))
    return record


def from_record(kind: type[T], record: Record) -> T:
    """Read what `as_record` wrote.

    Raises:
        ValueError: The record is of another kind, or of another age of the app.
    """
    return from_json(kind, json.dumps(record))


def readable(kind: type[T], records: Iterable[tuple[str, Record]]) -> Iterator[tuple[str, T]]:
    """Read those of *records* that can be read.

    One that a fault or a stranger spoilt stays where it is, and holds back no other.
    """
    for name, record in records:
        try:
            yield name, from_record(kind, record)
        except ValueError:
            _log.exception("a record of this device cannot be read: %s", name)
