"""Activating a card on this phone: from a typed, linked or scanned code to the card."""

import logging
from dataclasses import dataclass

import flet as ft

from mobile_app.card.held import HeldCard
from mobile_app.card.proofs import activate_card, forget_key, key_name_of
from mobile_app.card.state import CardState
from mobile_app.card.words import KEYS_AWAY, ON_ANOTHER_PHONE, SYMBOLS, UNREACHABLE
from mobile_app.device.api import Refused, ServerUnreachable
from mobile_app.device.device import Device
from mobile_app.device.key_store import KeyLost, KeysAway
from shared.token.codes import read_activation_code
from shared.token.errors import TokenError

CODE_REFUSED = "code_refused"

_log = logging.getLogger(__name__)


@ft.observable
@dataclass
class Activation:
    """One attempt. `refusal` is a code to show words for; nothing typed is ever lost by it."""

    device: Device
    card: CardState
    busy: bool = False
    done: bool = False
    asks_to_replace: bool = False
    refusal: str | None = None
    retry_after_s: int | None = None

    def __post_init__(self) -> None:
        self._code = ""

    async def submit(self, text: str) -> None:
        """Try the code in *text*; a slip of the pen is found without asking the server."""
        if self.busy:
            return
        try:
            self._code = read_activation_code(text, base_url=self.device.base_url)
        except TokenError:
            self.refusal = SYMBOLS
            return
        if (here := self._held_by_code()) is not None and here.trouble is None:
            self.done = True
            return
        await self._activate(replace_phone=False)

    async def replace(self) -> None:
        """Take the card over from the other phone, now that the holder said yes."""
        self.asks_to_replace = False
        await self._activate(replace_phone=True)

    def leave(self) -> None:
        """Let the other phone keep the card; the code stays good."""
        self.asks_to_replace = False

    async def _activate(self, *, replace_phone: bool) -> None:
        self.busy, self.refusal, self.retry_after_s = True, None, None
        before = self.card.held
        try:
            held = await activate_card(self.device, self._code, replace_phone=replace_phone)
            await self.card.take(held)
            self.done = True  # whatever else a slow phone still has to tidy up
            await self.card.drop(before)
        except ServerUnreachable:
            self.refusal = UNREACHABLE
        except Refused as refused:
            await self._refused(refused)
        except (KeyLost, KeysAway):
            _log.exception("the phone keeps no key")
            self.refusal = KEYS_AWAY
        except (TokenError, ValueError):
            _log.exception("the server issued something that is not a credential")
            self.refusal = "malformed_credential"
        finally:
            self.busy = False

    def _held_by_code(self) -> HeldCard | None:
        """Give the card on this phone if it came with this code: the link was opened again."""
        held = self.card.held
        return held if held is not None and held.key_name == key_name_of(self._code) else None

    async def _refused(self, refused: Refused) -> None:
        if refused.code == ON_ANOTHER_PHONE:
            self.asks_to_replace = True
            return
        if refused.code == CODE_REFUSED and self._held_by_code() is None:
            await forget_key(self.device, key_name_of(self._code))
        self.refusal, self.retry_after_s = refused.code, refused.retry_after_s
