"""The caret in the one field of a screen, without a touch: for keyboards and readers that type."""

import asyncio
from collections.abc import Callable
from typing import Any

import flet as ft

from mobile_app.ui.made import use_made

ARRIVES_S = (0.6, 1.0)
"""The waits before the caret is put. A screen slides in within 0.3 s; on slow phones it is late."""


def use_caret(unless: Callable[[], bool]) -> ft.Ref[Any]:
    """Make the `ref` of a field that has the caret when its screen has arrived.

    *unless* tells whether the caret had then better stay where it is. With `autofocus` alone it is
    there at first; but in a browser with semantics on it is gone when the transition ends, and
    what is typed goes nowhere (Flet 1.0.5, Flutter 3.44).
    """
    box: ft.Ref[Any] = use_made(ft.Ref)

    async def put() -> None:
        for wait_s in ARRIVES_S:
            await asyncio.sleep(wait_s)
            if box.current is not None and not unless():
                await box.current.focus()

    ft.use_effect(put, [], cleanup=_nothing)  # without it the task outlives the screen: use_every
    return box


def _nothing() -> None:
    pass
