"""What the register knows about the holder, as it said last; and being erased from it."""

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import flet as ft

from mobile_app.card.held import CARD, HISTORY
from mobile_app.card.proofs import kept_card, prove_holder
from mobile_app.card.state import CardState
from mobile_app.device.api import Refused, ServerUnreachable
from mobile_app.device.device import Device
from shared.holder import Erasure, RegisterAnswer
from shared.wellbeing import Meter
from shared.wire import from_base64url, from_json, to_json

REGISTER = f"{HISTORY}register"

_ERASED_ALREADY = "unknown_key"

_log = logging.getLogger(__name__)


@ft.observable
@dataclass
class Register:
    """The server's answer and its age; `offline` when no newer was to be had."""

    device: Device
    answer: RegisterAnswer | None = None
    offline: bool = False
    refusal: str | None = None
    loaded: bool = False

    @property
    def heard_at(self) -> datetime | None:
        """Give the age of what is shown."""
        return None if self.answer is None else self.answer.server_time

    async def load(self) -> None:
        """Show what the phone remembers."""
        record = await self.device.store.get(REGISTER)
        try:
            kept = None if record is None else from_json(RegisterAnswer, json.dumps(record))
        except ValueError:
            _log.warning("what the register said cannot be read")
            kept = None
        self.answer, self.loaded = kept, True

    async def refresh(self) -> None:
        """Ask the register; harmless at any time."""
        try:
            answer = await self.device.api.register()
        except ServerUnreachable:
            self.offline = True
            return
        except Refused as refused:
            self.offline, self.refusal = False, refused.code
            return
        self.answer, self.offline, self.refusal = answer, False, None
        if await self.device.store.get(CARD) is not None:  # else signed out meanwhile
            await self.device.store.put(REGISTER, json.loads(to_json(answer)))

    def as_json(self) -> bytes:
        """Write the whole answer as a file."""
        if self.answer is None:
            return b""
        return json.dumps(json.loads(to_json(self.answer)), ensure_ascii=False, indent=1).encode()

    async def stop_sharing(self, meter: Meter | None) -> None:
        """Stop what any phone of the holder shares of a meter."""
        for one in [] if self.answer is None else self.answer.wellbeing:
            if one.meter is meter and one.stopped_at is None:
                try:
                    await self.device.api.stop_sharing(one.sharing_id)
                except ServerUnreachable:
                    self.offline = True
                    return
                except Refused as refused:
                    self.refusal = refused.code
                    return
        await self.refresh()


class Erased(Enum):
    """What became of the wish to be erased."""

    DONE = "done"
    NOT_SENT = "not_sent"
    """No connection: nothing was erased."""
    NOT_HEARD = "not_heard"
    """It was sent, and no answer came: it may be done or not."""
    NO_KEY = "no_key"
    MOVED = "key_changed"
    REFUSED = "refused"


async def erase_everywhere(device: Device, card: CardState) -> tuple[Erased, Erasure | None]:
    """Erase the holder from the register, and when that is done, everything from this phone.

    Proven by the phone's key over a nonce of this moment. An answer that was lost is no harm: the
    register then knows the key no more, which says that it is done.
    """
    held = await kept_card(device)
    if held is None:
        return Erased.REFUSED, None
    try:
        nonce = await device.api.nonce()
    except (ServerUnreachable, Refused):
        return Erased.NOT_SENT, None
    erasure = None
    try:
        proof = await prove_holder(device, held, from_base64url(nonce.nonce))
        erasure = await device.api.erase(proof)
    except ServerUnreachable:
        return Erased.NOT_HEARD, None
    except Refused as refused:
        if refused.code != _ERASED_ALREADY:
            return _why(refused.code), None
    await card.sign_out()
    return Erased.DONE, erasure


def _why(code: str) -> Erased:
    try:
        return Erased(code)
    except ValueError:
        _log.warning("the register refused to erase: %s", code)
        return Erased.REFUSED
