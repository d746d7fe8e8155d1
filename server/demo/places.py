"""What the demo's venues tell those who come, and what is on there in the next weeks."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.directory.visitors import ForVisitors, tell_visitors
from server.event.service import EventFacts, add_event
from server.venue.models import Venue
from shared.scan import Category

_FACTS = (
    ForVisitors(
        street="Esittelykatu 1",
        getting_there="Raitiovaunu 3, pysäkki Keskustori. Pääovelle on kaksi porrasta, sivuovelle"
        " luiska.",
        greeting_fi="Näytä korttisi lipunmyynnissä ja sano, montako lasta on mukanasi.",
        greeting_sv="Visa ditt kort i biljettkassan och säg hur många barn du har med dig.",
        greeting_en="Show your card at the ticket desk and say how many children are with you.",
        website="https://teatteri.example/",
        languages=("fi", "sv", "en"),
        accessibility=("step_free", "accessible_toilet", "induction_loop"),
    ),
    ForVisitors(
        street="Esittelyranta 2",
        getting_there="Bussi 25, pysäkki Myllyranta.",
        languages=("fi", "en", "uk"),
        accessibility=("step_free", "wheelchair_places", "guide_dog"),
    ),
    ForVisitors(municipality_code="604", languages=("fi",), accessibility=("accessible_toilet",)),
)

_EVENTS = (
    (0, 10, 19, 2, Category.CULTURE, "Syystarina", 12),
    (0, 17, 13, 1, Category.CULTURE, "Lasten iltapäivä: Metsän väki", 30),
    (0, 38, 19, 3, Category.CULTURE, "Kolme sisarta", 0),
    (1, 12, 12, 1, Category.EDUCATION, "Opastus selkokielellä", 15),
    (1, 20, 17, 2, Category.CULTURE, "Taideilta", None),
    (1, 45, 11, 2, Category.SCIENCE, "Väripaja", 10),
    (2, 9, 10, 1, Category.SPORT, "Vesijumppa", 20),
    (2, 30, 18, 1, Category.EDUCATION, "Uimakoulu aikuisille", 8),
)
"""Venue, in how many days, at what hour, for how many hours, what for, name, places. None of them
so near that doors would be told of it: they show the one of today."""


def tell_of_places(db: Session, venues: Sequence[Venue], *, now: datetime) -> None:
    """Fill the directory for three venues."""
    for venue, facts in zip(venues, _FACTS, strict=True):
        tell_visitors(db, venue.id, facts)
    for number, days, hour, hours, category, name, places in _EVENTS:
        day = now + timedelta(days=days)
        starts_at = day.replace(hour=hour - 2, minute=0, second=0, microsecond=0)
        facts_of_it = EventFacts(
            name=name,
            category=category,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=hours),
            places=places,
        )
        add_event(db, venues[number], facts_of_it, now=now)
