"""The holder's card on this phone: what is shown, and when a new QR is signed."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import flet as ft

from mobile_app.card.held import CARD, HISTORY, PRIVATE, HeldCard, Trouble
from mobile_app.card.proofs import forget_key, kept_card, present_card, prove_holder
from mobile_app.card.standing import Hindrance, Standing, standing_of
from mobile_app.device.api import Refused, Role, ServerUnreachable
from mobile_app.device.clock import CLOCK
from mobile_app.device.device import Device
from mobile_app.device.key_store import KeyLost, KeysAway
from mobile_app.device.store import StoreRefused
from mobile_app.ui.qr_code import draw_qr
from shared.token.errors import TokenError

WINDOW_S = 30
"""How long one QR is shown (K1 section 4)."""

ASK_AGAIN_AFTER = timedelta(minutes=15)
"""How often an open card asks the register whether it still stands."""

TRY_AGAIN_AFTER = timedelta(seconds=30)
"""How soon a card that heard no answer tries again."""

_log = logging.getLogger(__name__)


@ft.observable
@dataclass
class CardState:
    """One per session. `held` is nothing while no card is on this phone."""

    device: Device
    loaded: bool = False
    held: HeldCard | None = None
    qr: bytes = b""
    qr_text: str = ""
    seconds_left: int = 0
    standing: Standing | None = None
    offline: bool = False
    lasting: bool = True

    def __post_init__(self) -> None:
        self._window: tuple[str, int] | None = None
        self._next_contact_at: datetime | None = None
        self._key_trouble: Hindrance | None = None
        self._resting = False

    async def load(self) -> None:
        """Take the card out of the Store, and let it sign in."""
        held = await kept_card(self.device)
        if held is not None:
            self._hold(held)
        await self.tick()
        self.loaded = True

    async def take(self, held: HeldCard) -> None:
        """Show a card that was just activated; it is already in the Store."""
        self.offline = False
        self._hold(held)
        await self.tick()

    async def drop(self, before: HeldCard | None) -> None:
        """Destroy the key of the card *before* this one when nothing can bring that one back.

        An answer about it may have been under way to the Store: this card is written once more.
        """
        held = self.held
        if before is None or held is None or before.key_name == held.key_name:
            return
        try:
            if await self._keep(held, while_=held):
                await forget_key(self.device, before.key_name)
        except StoreRefused:
            _log.warning("the key of the card before stays: it opens nothing")

    async def tick(self) -> None:
        """Sign and draw a new QR if its window is over. Harmless at any time.

        Windows are half-minutes of the clock, not counted ticks: a phone that slept catches up.
        A key that cannot be had is asked for again in the next window.
        """
        held = self.held
        if held is None or self._resting:
            return
        clock = self.device.clock
        now = clock.now()
        believed = clock.is_sure() or clock.is_likely()
        standing = standing_of(held, now=now, clock_error=clock.error(), clock_believed=believed)
        now_s = int(now.timestamp())
        if standing.hindrance is not None:
            self._blank()
        elif (window := (held.key_name, now_s // WINDOW_S)) != self._window:
            await self._present(held, now)
            self._window = window
        if standing.hindrance is None and self._key_trouble is not None:
            standing = replace(standing, hindrance=self._key_trouble, days_left=None)
        self.standing = standing
        self.seconds_left = WINDOW_S - now_s % WINDOW_S

    def rest(self) -> None:
        """Leave no code behind, and make none, while nobody looks at this phone."""
        self._resting = True
        self._blank()

    async def wake(self) -> None:
        """Sign at once, and hear the server: the phone's clock may have gone wrong meanwhile."""
        self._resting, self._window, self._next_contact_at = False, None, None
        await self.tick()
        await self.keep_in_touch()

    async def keep_in_touch(self) -> None:
        """Ask the server when it is time; call it as often as you like."""
        now = self.device.clock.now()
        if self.held is None or self.held.trouble is Trouble.MOVED:
            return
        if self._next_contact_at is not None:
            wait = self._next_contact_at - now
            if timedelta() < wait <= ASK_AGAIN_AFTER:  # longer: the clock was put back meanwhile
                return
        self._next_contact_at = now + TRY_AGAIN_AFTER
        await self.contact()
        if not self.offline:
            self._next_contact_at = self.device.clock.now() + ASK_AGAIN_AFTER

    async def see_whether_it_lasts(self) -> None:
        """Ask whether this phone may clear the card away by itself."""
        lasting = await self.device.store.is_lasting()
        if lasting is not self.lasting:
            self.lasting = lasting

    async def contact(self) -> None:
        """Renew the credential when it is due, otherwise ask the register about the card."""
        held = self.held
        if held is None:
            return
        try:
            changed = await self._heard(held)
        except ServerUnreachable:
            self.offline = True
            return
        except Refused as refused:
            changed = _after_refusal(held, refused, self.device.clock.now())
        except (TokenError, ValueError):
            _log.exception("the server issued something that is not a credential")
            return
        self.offline = False
        if changed.credential == held.credential and not self._has_lost(held):
            self._hold(held := changed)  # shown even where it cannot be kept
            await self.tick()
        if self._has_lost(held):
            return
        if await self._keep(changed, while_=held):
            self._hold(changed)
            await self.tick()

    async def sign_out(self) -> None:
        """Forget the card, its key, its history and all that its holder wrote on this phone."""
        held, self.held = self.held, None
        self.device.api.sign_in_with(Role.HOLDER, None)
        self._blank()
        self.standing, self.offline = None, False
        store = self.device.store
        theirs = [*await store.under(HISTORY), *await store.under(PRIVATE)]
        await store.put_all({CARD: None} | dict.fromkeys(key for key, _ in theirs))
        if held is not None:
            await forget_key(self.device, held.key_name)

    async def _present(self, held: HeldCard, now: datetime) -> None:
        try:
            text = await present_card(self.device, held, at=now)
        except KeyLost:
            _log.warning("the key of the card is lost")
            self._key_trouble = Hindrance.KEY_LOST
        except KeysAway:
            _log.warning("the key of the card cannot be had")
            self._key_trouble = Hindrance.KEY_AWAY
        else:
            self._key_trouble = None
            if not self._has_lost(held) and not self._resting:  # while the phone signed
                self.qr, self.qr_text = draw_qr(text), text
            return
        self._blank()

    def _blank(self) -> None:
        self.qr, self.qr_text, self._window = b"", "", None

    async def _heard(self, held: HeldCard) -> HeldCard:
        if held.is_due(self.device.clock.now()):
            issued = await self.device.api.renew()
            return HeldCard.of(issued, key_name=held.key_name)
        facts = await self.device.api.card()
        return held.heard(facts, self.device.clock.now())

    async def _keep(self, card: HeldCard, *, while_: HeldCard) -> bool:
        """Write *card*; if another one is held by then, write that one, and tell so."""
        records = {CARD: card.to_record(), CLOCK: self.device.clock.record()}
        await self.device.store.put_all(records)
        if not self._has_lost(while_):
            return True
        now_held = None if self.held is None else self.held.to_record()
        await self.device.store.put_all({CARD: now_held})
        return False

    def _has_lost(self, held: HeldCard) -> bool:
        """Tell whether the holder signed out, or activated anew, while we waited for something."""
        return self.held is not held

    def _hold(self, held: HeldCard) -> None:
        """Show *held* from now on, and sign in with its credential when signing in is needed."""
        before, self.held = self.held, held
        if before is not None and before.credential == held.credential:
            return
        self._next_contact_at = None
        self._window = None

        async def prove(nonce: bytes) -> bytes:
            return await prove_holder(self.device, held, nonce)

        self.device.api.sign_in_with(Role.HOLDER, prove)


def _after_refusal(held: HeldCard, refused: Refused, at: datetime) -> HeldCard:
    """The server was there; only some of its refusals say something about the card."""
    try:
        return held.refused(Trouble(refused.code), at)
    except ValueError:
        _log.warning("the server refused the card: %s", refused.code)
        return held
