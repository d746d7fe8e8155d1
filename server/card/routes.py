"""HTTP: activation, the holder's sign-in, credentials, and what doors download."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from server.actors import Client, Keys, ServerSettings
from server.card.actors import SignedInHolder
from server.card.errors import CardBlocked, CardExpired, CardOnAnotherPhone
from server.card.service import activate_card, card_facts, renew_credential, sign_in_holder
from server.card.status import LIST_TTL, sign_status_list
from server.clock import Now
from server.db import Db
from server.problems import refusals
from server.signin.codes import slow_down
from server.signin.errors import (
    CodeRefused,
    ForgedProof,
    KeyChanged,
    MalformedProof,
    NonceRefused,
    SignInRequired,
    TooManyTries,
    UnknownKey,
)
from server.wire import CoseBytes, TooLarge
from shared.card import CardFacts, IssuedCredential
from shared.signin import Bearer
from shared.wire import COSE_MEDIA_TYPE

router = APIRouter(tags=["card"])


class CoseAnswer(Response):
    """Signed bytes as they are."""

    media_type = COSE_MEDIA_TYPE


@router.post(
    "/activations",
    dependencies=[Depends(slow_down)],
    responses=refusals(
        MalformedProof, ForgedProof, CodeRefused, TooManyTries, CardBlocked, CardExpired,
        CardOnAnotherPhone, TooLarge,
    ),
)  # fmt: skip
def activate(  # noqa: PLR0913, PLR0917 - a sentence of types
    proof: CoseBytes,
    db: Db,
    now: Now,
    ring: Keys,
    client: Client,
    settings: ServerSettings,
    replace_phone: Annotated[bool, Query()] = False,  # noqa: FBT002 - a query parameter has a name
) -> IssuedCredential:
    """Bring a card to the phone that signed this activation proof."""
    return activate_card(
        db,
        proof,
        ring=ring,
        secret=settings.secret,
        client=client,
        replace_phone=replace_phone,
        status_lists=settings.status_lists,
        now=now,
    )


@router.post(
    "/holder-sessions",
    responses=refusals(
        MalformedProof, ForgedProof, UnknownKey, NonceRefused, KeyChanged, CardBlocked, CardExpired,
        TooLarge,
    ),
)  # fmt: skip
def sign_in(proof: CoseBytes, db: Db, now: Now, ring: Keys) -> Bearer:
    """Sign a holder's phone in by its service proof."""
    return sign_in_holder(db, proof, ring=ring, now=now)


@router.post("/credentials", responses=refusals(SignInRequired, CardBlocked, CardExpired))
def renew(
    holder: SignedInHolder, db: Db, now: Now, ring: Keys, settings: ServerSettings
) -> IssuedCredential:
    """Give the phone a new credential. Sign in with it, so that the old one can be closed."""
    return renew_credential(db, holder, ring=ring, status_lists=settings.status_lists, now=now)


@router.get("/card", responses=refusals(SignInRequired))
def read_card(holder: SignedInHolder, now: Now) -> CardFacts:
    """Read what the register says of the card."""
    return card_facts(holder, now)


@router.get("/key-set", response_class=CoseAnswer)
def read_key_set(ring: Keys) -> Response:
    """Read the key set that doors accept, signed by a root."""
    return CoseAnswer(ring.key_set.raw, headers={"Cache-Control": "no-cache"})


@router.get("/status-lists/{number}", response_class=CoseAnswer, responses=refusals())
def read_status_list(
    number: Annotated[int, Path(ge=0, le=65535)], db: Db, now: Now, ring: Keys
) -> Response:
    """Read a status list, signed now."""
    age_s = int(LIST_TTL.total_seconds()) // 2
    raw = sign_status_list(db, number, ring=ring, now=now)
    return CoseAnswer(raw, headers={"Cache-Control": f"max-age={age_s}"})
