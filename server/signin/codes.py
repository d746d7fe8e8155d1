"""Codes for people: drawn at random, kept only as HMAC, and hard to guess."""

import asyncio
import hmac
import secrets
from datetime import datetime, timedelta
from typing import cast

from fastapi import Request
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from server.clock import Now
from server.ids import new_id
from server.signin.errors import CodeRefused, TooManyTries
from server.signin.models import WrongTry
from shared.token.codes import ALPHABET, RANDOM_SYMBOLS, CodeKind, complete_code

WRONG_TRIES = 5
"""How many wrong codes one client may give in `TRIES_WINDOW` (K1 §9)."""
TRIES_WINDOW = timedelta(hours=1)
SLOW_FROM_TRIES = 100
"""More wrong tries than this in `TRIES_WINDOW`, by all clients together, slow everybody down."""
SLOW_BY = timedelta(seconds=2)


def draw_code(kind: CodeKind) -> str:
    """Draw a code of *kind* with its check symbol."""
    while True:
        symbols = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_SYMBOLS[kind]))
        if code := complete_code(symbols):
            return code


def hash_code(code: str, secret: bytes) -> bytes:
    """Give what the database keeps of a code."""
    return hmac.digest(secret, code.encode("ascii"), "sha256")


def check_tries(db: Session, client: str, *, now: datetime) -> None:
    """Let a client try a code, unless it has given too many wrong ones.

    Raises:
        TooManyTries: With the seconds until the oldest of them is an hour old.
    """
    since = now - TRIES_WINDOW
    recent = select(WrongTry.tried_at).where(WrongTry.client == client, WrongTry.tried_at > since)
    tried = db.scalars(recent.order_by(WrongTry.tried_at.desc()).limit(WRONG_TRIES)).all()
    if len(tried) >= WRONG_TRIES:
        raise TooManyTries(retry_after_s=int((tried[-1] - since).total_seconds()) + 1)


def wrong_code(db: Session, client: str, *, now: datetime) -> CodeRefused:
    """Remember a wrong try, and give the refusal to raise."""
    db.add(WrongTry(id=new_id(now), client=client, tried_at=now))
    return CodeRefused()


async def slow_down(request: Request, now: Now) -> None:
    """Wait before answering while codes are being guessed from many sides at once.

    A dependency of its own, before the one that opens the transaction: who waits holds no lock.
    """
    sessions = cast("sessionmaker[Session]", request.app.state.sessions)
    if await asyncio.to_thread(_is_under_attack, sessions, now):
        await asyncio.sleep(SLOW_BY.total_seconds())


def _is_under_attack(sessions: "sessionmaker[Session]", now: datetime) -> bool:
    recent = select(func.count()).where(WrongTry.tried_at > now - TRIES_WINDOW)
    with sessions() as db:
        return (db.scalar(recent) or 0) > SLOW_FROM_TRIES
