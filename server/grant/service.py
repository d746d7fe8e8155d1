"""Grant a card: check what the rules ask, and nothing that would tell who the holder is."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.area.models import AreaPostcode
from server.card.models import Activation, Card
from server.clock import seconds
from server.distributor.models import Distributor
from server.grant.errors import (
    ChildrenOutOfRange,
    HomeNotInNetwork,
    MalformedBirthYear,
    MalformedPostcode,
    TooYoung,
)
from server.holder.models import Holder
from server.ids import new_id
from server.signin.codes import draw_code, hash_code
from shared.rules.validity import is_old_enough, last_valid_day, local_day
from shared.token.codes import CodeKind

ACTIVATION_LIFE = timedelta(hours=72)
MOST_CHILDREN = 23
"""What the token can carry in one byte (K1 §3)."""
OLDEST_AGE = 120

_POSTCODE = re.compile(r"[0-9]{5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRequest:
    """What a distributor tells about a holder (R2). A community card has neither year nor home."""

    birth_year: int | None
    home_postcode: str | None
    children: int
    community: bool = False


@dataclass(frozen=True, slots=True)
class GrantedCard:
    """A new card and the one-time code that brings it to a phone; the code is told only here."""

    card: Card
    activation_code: str


def grant_card(
    db: Session, distributor: Distributor, request: CardRequest, *, secret: bytes, now: datetime
) -> GrantedCard:
    """Grant a card that is valid from today for a year.

    Raises:
        MalformedBirthYear, TooYoung, MalformedPostcode, HomeNotInNetwork, ChildrenOutOfRange.

    Source: R1-R6, R11.
    """
    today = local_day(seconds(now))
    if not 0 <= request.children <= MOST_CHILDREN:
        raise ChildrenOutOfRange
    if not request.community:
        _check_age(request.birth_year, today)
        _check_home(db, request.home_postcode)
    holder = Holder(id=new_id(now), known_since_at=now)
    card = Card(
        id=new_id(now),
        holder_id=holder.id,
        distributor_id=distributor.id,
        code=draw_code(CodeKind.CARD),
        community=request.community,
        children=request.children,
        birth_year=None if request.community else request.birth_year,
        home_postcode=None if request.community else request.home_postcode,
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


def _check_age(birth_year: int | None, today: date) -> None:
    if birth_year is None or not today.year - OLDEST_AGE <= birth_year <= today.year:
        raise MalformedBirthYear
    if not is_old_enough(birth_year=birth_year, granted_on=today):
        raise TooYoung


def _check_home(db: Session, postcode: str | None) -> None:
    if postcode is None or not _POSTCODE.fullmatch(postcode):
        raise MalformedPostcode
    if db.scalar(select(AreaPostcode.area_id).where(AreaPostcode.postcode == postcode)) is None:
        raise HomeNotInNetwork
