"""What a venue tells those who come: check it, keep it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session

from server.area.codes import MUNICIPALITIES
from server.area.errors import UnknownMunicipality
from server.directory.errors import VisitorTextTooLong
from server.directory.models import STREET_MOST, TEXT_MOST, VisitorFacts
from server.event.errors import LinkNotSafe
from server.event.links import is_safe_link
from server.problems import Problem

NAMED = (
    "municipality_code",
    "street",
    "getting_there",
    "greeting_fi",
    "greeting_sv",
    "greeting_en",
    "website",
    "languages",
    "accessibility",
)


@dataclass(frozen=True, slots=True)
class ForVisitors:
    """All that a venue tells, as it was asked for; its municipality is its area's unless told."""

    municipality_code: str | None = None
    street: str = ""
    getting_there: str = ""
    greeting_fi: str = ""
    greeting_sv: str = ""
    greeting_en: str = ""
    website: str | None = None
    languages: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()


def tell_visitors(db: Session, venue_id: UUID, told: ForVisitors) -> None:
    """Let the directory say this of a venue from now on.

    Raises:
        UnknownMunicipality, VisitorTextTooLong, LinkNotSafe.
    """
    for _field, problem in problems_for_visitors(told):
        raise problem
    facts = db.get(VisitorFacts, venue_id, with_for_update=True)
    if facts is None:
        facts = VisitorFacts(venue_id=venue_id)
        db.add(facts)
    for name in NAMED:
        value = getattr(told, name)
        setattr(facts, name, list(value) if isinstance(value, tuple) else value)


def told_to_visitors(db: Session, venue_id: UUID) -> ForVisitors:
    """Give what a venue tells now."""
    facts = db.get(VisitorFacts, venue_id)
    if facts is None:
        return ForVisitors()
    known = {name: getattr(facts, name) for name in NAMED}
    lists = {name: tuple(known[name]) for name in ("languages", "accessibility")}
    return replace(ForVisitors(), **(known | lists))


def problems_for_visitors(told: ForVisitors) -> Iterator[tuple[str, Problem]]:
    """Give everything that stands in the way, each with the field it is about."""
    if told.municipality_code is not None and told.municipality_code not in MUNICIPALITIES:
        yield "municipality_code", UnknownMunicipality()
    if len(told.street) > STREET_MOST:
        yield "street", VisitorTextTooLong(str(STREET_MOST))
    for name in ("getting_there", "greeting_fi", "greeting_sv", "greeting_en"):
        if len(getattr(told, name)) > TEXT_MOST:
            yield name, VisitorTextTooLong(str(TEXT_MOST))
    if told.website is not None and not is_safe_link(told.website):
        yield "website", LinkNotSafe()
