"""Wire values as records of the Store, and back."""

import json
from typing import Any, TypeVar

from mobile_app.device.store import Record
from shared.wire import from_json, to_json

T = TypeVar("T")


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
