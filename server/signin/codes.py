"""Codes for people: drawn at random, kept only as HMAC, and hard to guess."""

import asyncio
import hmac
import secrets
from datetime import datetime, timedelta
from typing import cast

import structlog
from fastapi import Request
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from server.clock import Now, Pause
from server.db import READS
from server.ids import new_id
from server.signin.errors import CodeRefused, TooManyTries
from server.signin.models import WrongTry
from shared.token.codes import ALPHABET, RANDOM_SYMBOLS, CodeKind, complete_code

log = structlog.get_logger()

WRONG_TRIES = 5
"""How many wrong codes one client may give in `TRIES_WINDOW` (K1 §9)."""
TRIES_WINDOW = timedelta(hours=1)
SLOW_FROM_TRIES = 100
"""More wrong tries than this in `TRIES_WINDOW`, by all clients together, slow everybody down."""
SLOW_BY = timedelta(seconds=2)
SCANNER = "scanner:"
"""Begins the `client` of a card code that a scanner asked about: typing errors at doors all over
the country are no attack on activation codes."""


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
    remember_wrong_try(db, client, now=now)
    return CodeRefused()


def tell_of_used_code(code_hash: bytes, *, kind: CodeKind) -> None:
    """Leave a line in the log: somebody else's key came with a code that was used (K1 §9).

    Either a slip of paper was read by two people, or a code was stolen before its owner used it.
    """
    log.warning("used_code_tried", kind=kind.value, code=code_hash[:4].hex())


def remember_wrong_try(db: Session, client: str, *, now: datetime) -> None:
    """Count a wrong code against *client*, and forget those that count no more."""
    db.execute(delete(WrongTry).where(WrongTry.tried_at <= now - TRIES_WINDOW))
    db.add(WrongTry(id=new_id(now), client=client, tried_at=now))


async def slow_down(request: Request, now: Now) -> None:
    """Wait before answering while codes are being guessed from many sides at once.

    A dependency of its own, before the one that opens the transaction: who waits holds no lock.
    """
    sessions = cast("sessionmaker[Session]", request.app.state.sessions)
    if await asyncio.to_thread(_is_under_attack, sessions, now):
        await cast("Pause", request.app.state.pause)(SLOW_BY.total_seconds())


def _is_under_attack(sessions: "sessionmaker[Session]", now: datetime) -> bool:
    recent = select(func.count()).where(
        WrongTry.tried_at > now - TRIES_WINDOW, WrongTry.client.not_like(f"{SCANNER}%")
    )
    with sessions() as db:
        db.connection(execution_options={READS: True})
        return (db.scalar(recent) or 0) > SLOW_FROM_TRIES
