"""HTTP: what is stored about the holder, and erasing it."""

from fastapi import APIRouter

from server.actors import Keys
from server.card.actors import SignedInHolder
from server.clock import Now
from server.db import Db
from server.mine.erasure import erase_proven
from server.mine.service import answer_holder
from server.problems import refusals
from server.signin.errors import (
    ForgedProof,
    KeyChanged,
    MalformedProof,
    NonceRefused,
    SignInRequired,
    UnknownKey,
)
from server.wire import CoseBytes, TooLarge
from shared.holder import Erasure, RegisterAnswer

router = APIRouter(tags=["holder"])


@router.get("/holder", responses=refusals(SignInRequired))
def read_register(holder: SignedInHolder, db: Db, now: Now) -> RegisterAnswer:
    """Read all that the register has about the holder; the visits come from `/visits`."""
    return answer_holder(db, holder, now=now)


@router.post(
    "/erasures",
    responses=refusals(MalformedProof, ForgedProof, UnknownKey, NonceRefused, KeyChanged, TooLarge),
)
def erase(proof: CoseBytes, db: Db, now: Now, ring: Keys) -> Erasure:
    """Erase the holder whose phone signed this service proof, for good.

    After it the credential is unknown: `unknown_key` for the same again means that it is done.
    """
    return erase_proven(db, proof, ring=ring, now=now)
