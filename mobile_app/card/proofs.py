"""What the holder's key signs: the QR of the moment, and proofs to the server."""

import hashlib
import logging
from datetime import datetime

from mobile_app.card.held import CARD, HISTORY, HeldCard
from mobile_app.device.api import Refused
from mobile_app.device.device import Device
from mobile_app.device.key_store import KeyLost, KeysAway
from mobile_app.device.store import Record
from shared.token.cose import Unsigned
from shared.token.presentation import draft_presentation, write_text
from shared.token.proof import draft_activation_proof, draft_service_proof

NO_KEY = "no_key"
"""The code of a refusal of this phone itself: without the key nobody signs in."""

_log = logging.getLogger(__name__)


async def kept_card(device: Device) -> HeldCard | None:
    """Give the card out of the Store; a record that cannot be read is no card."""
    try:
        record = await device.store.get(CARD)
        return None if record is None else HeldCard.from_record(record)
    except (ValueError, KeyError, TypeError):
        _log.exception("the kept card cannot be read")
        return None


async def present_card(device: Device, held: HeldCard, *, at: datetime) -> str:
    """Sign a presentation of the card; give the text of its QR code.

    Raises:
        KeyLost, KeysAway: The phone does not give the card's key.
    """
    draft = draft_presentation(held.credential, shown_at_s=int(at.timestamp()))
    return write_text(await _sealed(device, held.key_name, draft))


async def prove_holder(device: Device, held: HeldCard, nonce: bytes) -> bytes:
    """Sign the server's nonce with the card's key.

    Raises:
        Refused: There is no signing in without the key; the card's face says why.
    """
    at_s = int(device.clock.now().timestamp())
    draft = draft_service_proof(held.credential, nonce=nonce, at_s=at_s)
    try:
        return await _sealed(device, held.key_name, draft)
    except (KeyLost, KeysAway) as error:
        raise Refused(NO_KEY) from error


async def activate_card(device: Device, code: str, *, replace_phone: bool) -> HeldCard:
    """Exchange an activation code for a card on this phone; durable when it returns.

    The same code uses the same key again, so that an answer that was lost on the way can be asked
    for once more. A card that was on this phone before gives way, but for its key.

    Raises:
        Refused, ServerUnreachable: As the server says; the old card is untouched.
        TokenError, ValueError: The server issued something that is not a credential.
        KeyLost, KeysAway: The phone keeps no key.
    """
    key_name = key_name_of(code)
    point = await device.keys.point_of(key_name) or await device.keys.make_key(key_name)
    at_s = int(device.clock.now().timestamp())
    draft = draft_activation_proof(code, key=point, at_s=at_s)
    proof = await _sealed(device, key_name, draft)
    issued = await device.api.activate(proof, replace_phone=replace_phone)
    held = HeldCard.of(issued, key_name=key_name)
    await _put_in_place(device, held)
    return held


def key_name_of(code: str) -> str:
    """Name the key that belongs to an activation code, without keeping the code itself."""
    return f"card-{hashlib.sha256(code.encode()).hexdigest()[:16]}"


async def forget_key(device: Device, key_name: str) -> None:
    """Destroy a key that is of no more use. A phone that cannot keeps one that opens nothing."""
    try:
        await device.keys.forget(key_name)
    except KeysAway:
        _log.warning("the phone could not destroy the key %s", key_name)


async def _put_in_place(device: Device, held: HeldCard) -> None:
    """Write the new card over the old one; another card's history goes with its card."""
    before = await kept_card(device)
    records: dict[str, Record | None] = {CARD: held.to_record()}
    if before is None or before.facts.card_id != held.facts.card_id:
        records |= dict.fromkeys(key for key, _ in await device.store.under(HISTORY))
    await device.store.put_all(records)


async def _sealed(device: Device, key_name: str, draft: Unsigned) -> bytes:
    try:
        signature = await device.keys.sign(key_name, draft.bytes_to_sign())
    except KeyError as error:  # a browser's keys do not say KeyLost
        raise KeyLost(key_name) from error
    return draft.seal(signature)
