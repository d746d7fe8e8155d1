"""Days in Finland as SQL expressions, alike on both databases."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, String, cast, func, literal
from sqlalchemy.orm import Session

from server.db import is_postgres
from server.visit.models import RECORDED_WITHIN, Visit
from shared.rules.validity import HELSINKI


def local_day(db: Session, instant: Any) -> ColumnElement[str]:
    """Give the day in Finland of an instant, as text."""
    if is_postgres(db):
        local = func.timezone(literal(HELSINKI.key), instant)
        return func.to_char(local, "YYYY-MM-DD", type_=String)
    driver: Any = db.connection().connection.driver_connection
    driver.create_function("kaiku_local_day", 1, _day_of_text, deterministic=True)
    return func.kaiku_local_day(instant, type_=String)


def as_date(db: Session, day: ColumnElement[str]) -> ColumnElement[Any]:
    """Give a day of text as a date; SQLite keeps dates as text."""
    return cast(day, Date) if is_postgres(db) else day


def as_text(db: Session, day: Any) -> ColumnElement[str]:
    """Give a date as text."""
    return cast(day, String) if is_postgres(db) else func.substr(day, 1)


def day_before(db: Session, day: Any) -> ColumnElement[str]:
    """Give the day before a date, as text."""
    return cast(day - 1, String) if is_postgres(db) else func.date(day, "-1 day", type_=String)


def days_between(db: Session, first: Any, last: Any) -> ColumnElement[int]:
    """Count the days from one date to another."""
    if is_postgres(db):
        return cast(last - first, Integer)
    return cast(func.julianday(last) - func.julianday(first), Integer)


def recorded_late(db: Session) -> ColumnElement[bool]:
    """Tell whether a visit was recorded later than `RECORDED_WITHIN` after it happened."""
    if is_postgres(db):
        return Visit.recorded_at - Visit.visited_at > RECORDED_WITHIN
    days = func.julianday(Visit.recorded_at) - func.julianday(Visit.visited_at)
    return func.round(days * 86_400.0, 3) > RECORDED_WITHIN.total_seconds()


def _day_of_text(instant: str | None) -> str | None:
    if instant is None:
        return None
    at = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    return at.astimezone(HELSINKI).date().isoformat()
