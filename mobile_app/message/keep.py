"""Quietly keeping in touch: nothing is pushed, the open app asks now and then."""

from datetime import datetime, timedelta

from mobile_app.card.held import CARD
from mobile_app.device.device import Device
from mobile_app.feedback.context import use_feedback
from mobile_app.feedback.state import Feedback
from mobile_app.message.context import use_inbox
from mobile_app.message.state import Inbox
from mobile_app.ui.every import use_every
from mobile_app.ui.made import use_made

LOOK_EVERY_S = 5
BEGIN_AFTER = timedelta(seconds=10)
"""The card comes first: people open the app at a door."""

ASK_EVERY = timedelta(minutes=15)
TRY_AGAIN_AFTER = timedelta(seconds=30)
"""How soon the next try follows while something waits that could not be sent."""


class Postman:
    """Asks when it is time."""

    def __init__(self, device: Device, feedback: Feedback, inbox: Inbox) -> None:
        self._device, self._feedback, self._inbox = device, feedback, inbox
        self._next_at: datetime | None = None

    async def look(self) -> None:
        """Ask the server when it is time; call it as often as you like."""
        now = self._device.clock.now()
        if self._next_at is None:
            self._next_at = now + BEGIN_AFTER
        if timedelta() < self._next_at - now <= ASK_EVERY:  # longer: the clock was put back
            return
        if await self._device.store.get(CARD) is None:
            self._next_at = now + BEGIN_AFTER
            return
        await self._feedback.refresh()
        await self._inbox.refresh()
        unsent = any(post.refused is None for post in self._feedback.waiting)
        soon = unsent and self._feedback.offline
        self._next_at = self._device.clock.now() + (TRY_AGAIN_AFTER if soon else ASK_EVERY)


def use_post(device: Device) -> None:
    """Keep in touch for as long as the component is there."""
    feedback, inbox = use_feedback(), use_inbox()
    postman = use_made(lambda: Postman(device, feedback, inbox))
    use_every(LOOK_EVERY_S, postman.look)
