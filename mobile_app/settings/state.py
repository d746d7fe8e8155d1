"""What a person chose about the app; kept on the phone."""

import logging
from dataclasses import dataclass

import flet as ft

from mobile_app.device.store import Store
from mobile_app.ui.texts import Language
from mobile_app.ui.theme import Brightness, Look

SETTINGS = "settings"
"""The name of the record in the Store."""

TEXT_PERCENTS = (100, 125, 150, 200)

_log = logging.getLogger(__name__)


@ft.observable
@dataclass
class Settings:
    """The choices; every change is drawn at once and then kept."""

    store: Store
    language: Language = Language.FINNISH
    look: Look = Look()  # noqa: RUF009 - frozen

    async def load(self, *, device_language: str | None = None) -> None:
        """Take the choices out of the Store; at the first start follow the phone's language."""
        record = await self.store.get(SETTINGS)
        try:
            if record is not None:
                self.language = Language(record["language"])
                self.look = Look(
                    text_percent=int(record["text_percent"]),
                    brightness=Brightness(record["brightness"]),
                    high_contrast=bool(record["high_contrast"]),
                    still=bool(record.get("still", False)),
                )
            else:
                spoken = (one for one in Language if one.tag == device_language)
                self.language = next(spoken, self.language)
        except (ValueError, KeyError, TypeError):
            _log.info("no such choice: the defaults stay")

    async def choose_language(self, language: Language) -> None:
        """Speak another language."""
        self.language = language
        await self._keep()

    async def choose_look(self, look: Look) -> None:
        """Look another way."""
        self.look = look
        await self._keep()

    async def _keep(self) -> None:
        record = {
            "language": self.language,
            "text_percent": self.look.text_percent,
            "brightness": self.look.brightness,
            "high_contrast": self.look.high_contrast,
            "still": self.look.still,
        }
        await self.store.put(SETTINGS, record)
