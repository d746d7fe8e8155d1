"""The national list of grounds: the same everywhere, so that they can be counted.

A ground is added, reworded, moved, closed for new grants and opened again, but never removed: its
code stands on cards.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.grant.errors import GroundCodeTaken, LastGround, MalformedGroundCode
from server.grant.models import Ground
from server.problems import Problem
from server.texts import Language

_CODE = re.compile(r"[a-z][a-z0-9_]{2,29}")

Words = Mapping[Language, str]
"""What a ground is called, in every language."""


def list_grounds(db: Session, *, locked: bool = False) -> list[Ground]:
    """List all grounds in their order, the closed ones too; *locked* for whoever changes one."""
    in_order = select(Ground).order_by(Ground.place, Ground.code)
    return list(db.scalars(in_order.with_for_update() if locked else in_order))


def open_grounds(db: Session) -> list[Ground]:
    """List those on which a card can be granted now."""
    return [ground for ground in list_grounds(db) if ground.closed_at is None]


def problems_of_ground_code(db: Session, code: str) -> Iterator[Problem]:
    """Give what stands in the way of a new code."""
    if not _CODE.fullmatch(code):
        yield MalformedGroundCode()
    elif db.get(Ground, code) is not None:
        yield GroundCodeTaken()


def add_ground(db: Session, *, code: str, words: Words) -> Ground:
    """Add a ground at the end of the list.

    Raises:
        MalformedGroundCode, GroundCodeTaken.
    """
    for problem in problems_of_ground_code(db, code):
        raise problem
    last = db.scalar(select(func.max(Ground.place)))
    ground = Ground(code=code, place=0 if last is None else last + 1)
    reword_ground(ground, words)
    db.add(ground)
    db.flush()
    return ground


def reword_ground(ground: Ground, words: Words) -> None:
    """Call a ground otherwise; it is still the same one."""
    for language in Language:
        setattr(ground, f"words_{language.value}", words[language])


def close_ground(db: Session, ground: Ground, *, now: datetime) -> None:
    """Let no more cards be granted on a ground.

    Raises:
        LastGround: It is the only one that is open.
    """
    if [one.code for one in open_grounds(db)] == [ground.code]:
        raise LastGround
    ground.closed_at = ground.closed_at or now


def move_up(db: Session, ground: Ground) -> None:
    """Let a ground stand one place higher in the list; the first one stays where it is."""
    grounds = list_grounds(db)
    at = grounds.index(ground)
    before = max(at - 1, 0)
    grounds[before], grounds[at] = grounds[at], grounds[before]
    for place, one in enumerate(grounds):
        one.place = place
