"""HTTP: nonces."""

from fastapi import APIRouter

from server.clock import Now
from server.db import Db
from server.problems import refusals
from server.signin.service import give_nonce
from shared.signin import FreshNonce

router = APIRouter(tags=["sign-in"])


@router.post("/nonces", responses=refusals())
def ask_for_nonce(db: Db, now: Now) -> FreshNonce:
    """Ask for sixteen random bytes to sign."""
    return give_nonce(db, now=now)
