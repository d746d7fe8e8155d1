"""Read events as the open format of Linked Events has them: schema.org in JSON, a page or one.

Only what is used here is looked at; whatever else a document has may be anything. Times without a
zone and days without a time are no instants, so an event that has no others is not taken.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from server.event.errors import (
    DocumentEmpty,
    DocumentTooLong,
    DocumentUnreadable,
    SourceUnnamed,
    SourceUntimed,
)
from server.event.links import is_safe_link
from server.event.service import NAME_MOST, one_line
from server.problems import Problem
from shared.directory import LANGUAGES

BYTES_MOST = 8 * 1024 * 1024
EVENTS_MOST = 500
SOURCE_MOST = 120
LASTS_UNLESS_TOLD = timedelta(hours=2)
"""Many of these events say no end."""

_NAMED_IN = ("fi", "sv", "en")
_YEARS = range(2000, 3000)
_OFF = {"EventCancelled", "EventPostponed"}
_SERIES = {"recurring", "umbrella"}
_WORD_MOST = 40


@dataclass(frozen=True, slots=True)
class LinkedEvent:
    """One event of a document.

    `off` is one that was cancelled, put off or deleted; its times may be missing. A `series` only
    holds other events together. `end_told` is false where the end is our guess. `place` is the id
    of where it is, empty if the document does not say.
    """

    source_id: str
    name: str
    starts_at: datetime | None
    ends_at: datetime | None
    end_told: bool
    off: bool
    series: bool
    place: str
    languages: tuple[str, ...]
    link: str | None


@dataclass(frozen=True, slots=True)
class Unread:
    """An event that cannot be taken, what it calls itself, and why."""

    name: str
    problem: Problem


def read_document(content: bytes) -> list[Mapping[str, Any]]:
    """Take the events out of a document: of a page (`data`), of a list, or the one that it is.

    Raises:
        DocumentUnreadable, DocumentTooLong, DocumentEmpty.
    """
    if len(content) > BYTES_MOST:
        raise DocumentTooLong
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DocumentUnreadable from error
    if isinstance(document, dict):
        document = document.get("data", [document] if "id" in document else None)
    if not isinstance(document, list) or not all(isinstance(one, dict) for one in document):
        raise DocumentUnreadable
    if not document:
        raise DocumentEmpty
    if len(document) > EVENTS_MOST:
        raise DocumentTooLong
    return document


def read_events(found: list[Mapping[str, Any]]) -> Iterator[LinkedEvent | Unread]:
    """Read each event of a document; of two with the same id the later one counts."""
    latest = {str(one.get("id")): one for one in found}
    for one in latest.values():
        yield _event(one)


def only_used(found: list[Mapping[str, Any]]) -> str:
    """Write the events again with nothing but what is read, and short: for a form to carry on."""
    slim = [{name: told for name, told in _slim(one).items() if told is not None} for one in found]
    return json.dumps({"data": slim}, ensure_ascii=False, separators=(",", ":"))


def _slim(one: Mapping[str, Any]) -> Mapping[str, Any]:
    source_id = one.get("id")
    return {
        "id": source_id[: SOURCE_MOST + 1] if isinstance(source_id, str) else None,
        "name": _name(one.get("name")),
        "start_time": _word(one.get("start_time")),
        "end_time": _word(one.get("end_time")),
        "event_status": _word(one.get("event_status")),
        "super_event_type": _word(one.get("super_event_type")),
        "deleted": one.get("deleted") is True,
        "in_language": [{"id": tag} for tag in _languages(one.get("in_language"))],
        "info_url": _link(one.get("info_url")),
        "location": {"id": _named(one.get("location"))},
    }


def _word(told: Any) -> str | None:
    """Give a word as it is told; what is none stays something that cannot be read."""
    return None if told is None else told[:_WORD_MOST] if isinstance(told, str) else "?"


def _event(one: Mapping[str, Any]) -> LinkedEvent | Unread:
    source_id, name = one.get("id"), _name(one.get("name"))
    if not isinstance(source_id, str) or not 0 < len(_plain(source_id)) <= SOURCE_MOST:
        return Unread(name, SourceUnnamed())
    status = one.get("event_status")
    off = one.get("deleted") is True or (isinstance(status, str) and status in _OFF)
    starts_at, ends_at = _instant(one.get("start_time")), _instant(one.get("end_time"))
    kind = one.get("super_event_type")
    series = isinstance(kind, str) and kind in _SERIES
    end_told = one.get("end_time") is not None
    if not off and not series and (starts_at is None or (end_told and ends_at is None)):
        return Unread(name, SourceUntimed())
    if starts_at is not None and not end_told:
        ends_at = starts_at + LASTS_UNLESS_TOLD
    return LinkedEvent(
        source_id=_plain(source_id),
        name=name,
        starts_at=starts_at,
        ends_at=ends_at,
        end_told=end_told,
        off=off,
        series=series,
        place=_named(one.get("location")),
        languages=_languages(one.get("in_language")),
        link=_link(one.get("info_url")),
    )


def _plain(text: str) -> str:
    """Leave out what no database stores as text: NUL, halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _words(told: Any) -> str:
    """Give words in the first of our languages that has them."""
    if isinstance(told, dict):
        told = next((told[tag] for tag in _NAMED_IN if told.get(tag)), None)
    return _plain(told) if isinstance(told, str) else ""


def _name(told: Any) -> str:
    """Give a name, shortened to what there is room for."""
    name = one_line(_words(told))
    return name if len(name) <= NAME_MOST else name[: NAME_MOST - 1].rstrip() + "…"


def _instant(told: Any) -> datetime | None:
    if not isinstance(told, str):
        return None
    try:
        at = datetime.fromisoformat(told)
        return at.astimezone(UTC) if at.tzinfo is not None and at.year in _YEARS else None
    except (ValueError, OverflowError):
        return None


def _named(reference: Any) -> str:
    """Give the last part of a reference: `…/language/fi/` names fi, `…/place/tprek:8740/` that."""
    if not isinstance(reference, dict):
        return ""
    told = reference.get("id") or reference.get("@id")
    address = told.partition("?")[0] if isinstance(told, str) else ""
    return _plain(address.rstrip("/").rpartition("/")[2])[:SOURCE_MOST]


def _languages(told: Any) -> tuple[str, ...]:
    spoken = {_named(one) for one in told} if isinstance(told, list) else set()
    return tuple(tag for tag in LANGUAGES if tag in spoken)


def _link(told: Any) -> str | None:
    link = _words(told).strip()
    return link if is_safe_link(link) else None
