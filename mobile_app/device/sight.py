"""Whether somebody can see the app: a phone puts it away, and takes it out again.

Losing the focus is not enough: a question of the system or a second window beside ours covers
nothing that a door must read.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import flet as ft

from mobile_app.device.lens import is_phone

Do = Callable[[], Awaitable[None] | None]

_AWAY = (ft.AppLifecycleState.HIDE, ft.AppLifecycleState.PAUSE)
_HERE = (ft.AppLifecycleState.SHOW, ft.AppLifecycleState.RESUME)

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Onlooker:
    """What one part of the app does when the app goes out of sight, and when it comes back."""

    on_away: Do
    on_here: Do


class Sight:
    """Passes on what the system says about one page; it says most things twice."""

    def __init__(self) -> None:
        self._onlookers: list[Onlooker] = []
        self._away = False

    def join(self, onlooker: Onlooker) -> None:
        """Tell *onlooker* from now on."""
        self._onlookers.append(onlooker)

    def leave(self, onlooker: Onlooker) -> None:
        """Tell *onlooker* no more; harmless when it is not told anyway."""
        if onlooker in self._onlookers:
            self._onlookers.remove(onlooker)

    async def hear(self, event: ft.AppLifecycleStateChangeEvent) -> None:
        """Take what the system says."""
        if event.state in _AWAY and not self._away:
            self._away = True
            await self._tell([onlooker.on_away for onlooker in self._onlookers])
        elif event.state in _HERE and self._away:
            self._away = False
            await self._tell([onlooker.on_here for onlooker in self._onlookers])

    async def _tell(self, errands: list[Do]) -> None:
        for do in errands:
            try:
                done = do()
                if done is not None:
                    await done
            except Exception:  # noqa: BLE001 - one part's failure must not keep the others awake
                _log.exception("a part of the app could not follow the phone")


def use_sight(*, on_away: Do, on_here: Do, in_browsers: bool = False) -> None:
    """Do something when a phone puts the app away, and when it takes it out again.

    Browsers are left alone, unless asked for: they put a page to sleep themselves.
    """
    page = ft.context.page
    heard = in_browsers or is_phone(page)
    onlooker = ft.use_memo(lambda: Onlooker(on_away, on_here), [])
    onlooker.on_away, onlooker.on_here = on_away, on_here

    def join() -> None:
        if heard:
            _sight_of(page).join(onlooker)

    def leave() -> None:
        if heard:
            _sight_of(page).leave(onlooker)

    ft.use_effect(join, [], cleanup=leave)


def _sight_of(page: ft.Page) -> Sight:
    """Give the page's one listener; the page itself remembers it."""
    sight = getattr(page.on_app_lifecycle_state_change, "__self__", None)
    if not isinstance(sight, Sight):
        sight = Sight()
        page.on_app_lifecycle_state_change = sight.hear
    return sight
