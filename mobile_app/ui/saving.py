"""Give a file to the phone, and say what became of it."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import flet as ft

from mobile_app.ui.context import use_app
from mobile_app.ui.notice import Tone, notice

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Saving:
    """How a screen saves files: call `save` with a name and the bytes, and draw what is `told`."""

    save: Callable[[str, bytes], Awaitable[None]]
    told: list[ft.Control]


def use_saving(*, opens: bool = False) -> Saving:
    """Let the component save files; with *opens* the holder is told to open them.

    One that cannot be saved says so, and can be tried again.
    """
    t = use_app().texts
    said, set_said = ft.use_state("")
    failed, set_failed = ft.use_state(initial=False)
    picker = ft.use_memo(ft.FilePicker, [])

    async def save(name: str, content: bytes) -> None:
        try:
            await picker.save_file(file_name=name, src_bytes=content)
        except RuntimeError:  # the platform's own words, in its own language
            _log.exception("the file could not be saved")
            set_failed(True)
            set_said(t("The file could not be saved. Look whether the phone has room."))
        else:
            set_failed(False)
            if opens:
                set_said(t("The file {name} was given to your phone. Open it.", name=name))
            else:
                set_said(t("The file {name} was given to your phone.", name=name))

    told = [notice(said, tone=Tone.HEED if failed else Tone.CALM, live=True)] if said else []
    return Saving(save, told)
