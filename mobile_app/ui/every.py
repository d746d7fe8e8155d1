"""Something that happens again and again while a component is on the screen."""

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable

import flet as ft
from flet.components.hooks.use_ref import MutableRef

Beat = Callable[[], Awaitable[None] | None]

_log = logging.getLogger(__name__)


def use_every(seconds: float, do: Beat) -> None:
    """Do it now, and then every *seconds*, until the component goes away.

    While the browser is gone nothing is done. A failure is logged and does not stop the beat: a
    countdown that once stumbled must not stand still for the rest of the evening.
    """
    latest: MutableRef[Beat] = ft.use_ref(lambda: do)  # a bare function would be called
    latest.current = do

    async def beat() -> None:
        page = ft.context.page
        while (connected := _is_connected(page)) is not None:
            if connected:
                await _once(latest.current)
            await asyncio.sleep(seconds)

    # The cleanup does nothing, and is needed: Flet 1.0.5 cancels the task of an effect when its
    # component goes away only if the effect has one (flet.messaging.session).
    ft.use_effect(beat, dependencies=[], cleanup=_nothing)


async def _once(do: Beat | None) -> None:
    try:
        done = do() if do is not None else None
        if inspect.isawaitable(done):
            await done
    except Exception:  # noqa: BLE001 - any failure of one beat; the next may do better
        _log.exception("a beat failed")


def _is_connected(page: ft.Page) -> bool | None:
    """Tell whether somebody looks at *page*; nothing when the session is over for good.

    A closed session never unmounts its components (Flet 1.0.5), so nobody else ends our task.
    """
    try:
        return page.session.connection is not None
    except RuntimeError:
        return None


def _nothing() -> None:
    pass
