"""What a phone says to the hand that holds it: three answers that differ with the eyes closed."""

import asyncio
import contextlib
from enum import Enum
from typing import Any, Protocol

import flet as ft


class Feel(Enum):
    """An answer; the value is how many knocks it has."""

    YES = 1
    HEED = 2
    NO = 3


class Touch(Protocol):
    """The phone's motor."""

    async def feel(self, feel: Feel) -> None:
        """Let the hand feel an answer; harmless where there is no motor."""


class NoTouch:
    """Where there is no motor: browsers, desks, the live preview."""

    async def feel(self, feel: Feel) -> None:
        """See `Touch`."""


KNOCK_EVERY_S = 0.15


class PhoneTouch:
    """By Flet's haptics. The count tells the answers apart: strength feels alike on many phones."""

    def __init__(self) -> None:
        self._motor: Any = ft.HapticFeedback()  # its methods are untyped (Flet 1.0.5)

    async def feel(self, feel: Feel) -> None:
        """See `Touch`."""
        knock = self._motor.light_impact if feel is Feel.YES else self._motor.heavy_impact
        for number in range(feel.value):
            if number:
                await asyncio.sleep(KNOCK_EVERY_S)
            with contextlib.suppress(RuntimeError, TimeoutError):  # a verdict needs no motor
                await knock()
