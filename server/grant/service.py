"""Grant a card: check what the rules ask, and nothing that would tell who the holder is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.area.models import AreaPostcode
from server.card.desk import MOST_CHILDREN
from server.card.errors import ChildrenOutOfRange
from server.card.models import Activation, Card
from server.clock import day_of
from server.distributor.models import Distributor
from server.grant.classes import GENDERS, LIFE_SITUATIONS
from server.grant.errors import (
    HomeNotInNetwork,
    MalformedBirthYear,
    MalformedPostcode,
    TooYoung,
    UnknownClass,
)
from server.grant.grounds import open_grounds
from server.holder.models import Holder
from server.ids import new_id
from server.problems import Problem
from server.signin.codes import draw_code, hash_code
from shared.rules.validity import is_old_enough, last_valid_day
from shared.token.codes import CodeKind

ACTIVATION_LIFE = timedelta(hours=72)
OLDEST_AGE = 120

_POSTCODE = re.compile(r"[0-9]{5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRequest:
    """What a distributor tells about a holder (R2). A community card has neither year nor home."""

    birth_year: int | None
    home_postcode: str | None
    children: int
    community: bool = False
    grounds: str | None = None
    life_situation: str | None = None
    gender: str | None = None


@dataclass(frozen=True, slots=True)
class GrantedCard:
    """A new card and the one-time code that brings it to a phone; the code is told only here."""

    card: Card
    activation_code: str


def grant_card(  # noqa: PLR0913 - all by keyword
    db: Session,
    distributor: Distributor,
    request: CardRequest,
    *,
    secret: bytes,
    now: datetime,
    card_id: UUID | None = None,
) -> GrantedCard:
    """Grant a card that is valid from today for a year; its id may come from the form.

    Raises:
        MalformedBirthYear, TooYoung, MalformedPostcode, HomeNotInNetwork, ChildrenOutOfRange,
        UnknownClass.

    Source: R1-R6, R11.
    """
    today = day_of(now)
    for problem in problems_of(db, request, today=today):
        raise problem
    holder = Holder(id=new_id(now), known_since_at=now)
    card = Card(
        id=card_id or new_id(now),
        holder_id=holder.id,
        distributor_id=distributor.id,
        code=draw_code(CodeKind.CARD),
        community=request.community,
        children=request.children,
        birth_year=None if request.community else request.birth_year,
        home_postcode=None if request.community else request.home_postcode,
        grounds=request.grounds,
        life_situation=request.life_situation,
        gender=request.gender,
        granted_at=now,
        first_valid_on=today,
        last_valid_on=last_valid_day(today),
    )
    db.add(holder)
    db.flush()
    db.add(card)
    db.flush()
    return GrantedCard(card, draw_activation_code(db, card, secret=secret, now=now))


def draw_activation_code(db: Session, card: Card, *, secret: bytes, now: datetime) -> str:
    """Give a one-time code for a card, good for `ACTIVATION_LIFE`; told once, kept as HMAC."""
    code = draw_code(CodeKind.ACTIVATION)
    db.add(
        Activation(
            code_hash=hash_code(code, secret), card_id=card.id, usable_until=now + ACTIVATION_LIFE
        )
    )
    return code


def replace_activation_code(db: Session, card: Card, *, secret: bytes, now: datetime) -> str:
    """Give a one-time code in place of those that were told before."""
    end_activation_codes(db, card, now=now)
    return draw_activation_code(db, card, secret=secret, now=now)


def end_activation_codes(db: Session, card: Card, *, now: datetime) -> None:
    """End the codes of a card that were told before: one sheet works at a time."""
    db.execute(
        update(Activation)
        .where(
            Activation.card_id == card.id,
            Activation.used_at.is_(None),
            Activation.usable_until > now,
        )
        .values(usable_until=now)
    )


def problems_of(db: Session, request: CardRequest, *, today: date) -> Iterator[Problem]:
    """Give everything that stands in the way of a grant, so that a form can tell it all at once."""
    if not request.community:
        yield from _problems_of_home(db, request, today=today)
    if not 0 <= request.children <= MOST_CHILDREN:
        yield ChildrenOutOfRange()
    grounds = set() if request.grounds is None else {one.code for one in open_grounds(db)}
    for told, known in (
        (request.grounds, grounds),
        (request.life_situation, LIFE_SITUATIONS),
        (request.gender, GENDERS),
    ):
        if told is not None and told not in known:
            yield UnknownClass()


def _problems_of_home(db: Session, request: CardRequest, *, today: date) -> Iterator[Problem]:
    year, postcode = request.birth_year, request.home_postcode
    if year is None or not today.year - OLDEST_AGE <= year <= today.year:
        yield MalformedBirthYear()
    elif not is_old_enough(birth_year=year, granted_on=today):
        yield TooYoung()
    if postcode is None or not _POSTCODE.fullmatch(postcode):
        yield MalformedPostcode()
    elif db.scalar(select(AreaPostcode.area_id).where(AreaPostcode.postcode == postcode)) is None:
        yield HomeNotInNetwork()
