"""From a picture to the texts of the codes in it."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

MAX_PHOTO_BYTES = 40_000_000
"""A telephone's largest photo is about half of this; more is not a photo of a card."""

CODE_39_LENGTH = 9
"""A card code has nine symbols. Stripes in the background read as short nonsense; they are not
held to the camera by anybody."""


class PictureTrouble(StrEnum):
    """Why a picture was not even looked at."""

    TOO_BIG = "too_big"
    NOT_A_PICTURE = "not_a_picture"


class PictureRefused(Exception):
    """The picture cannot be opened; `trouble` says why."""

    def __init__(self, trouble: PictureTrouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class Decoder(Protocol):
    """Reads QR codes and Code 39."""

    async def decode(self, image: bytes) -> list[str]:
        """Give the text of every code in an encoded picture; our own kind first.

        A code whose bytes are not text comes back with U+FFFD in it: it is nobody's card, and the
        person at the door should hear so.

        Raises:
            PictureRefused: These bytes are no picture that we open.
        """


class BlindDecoder:
    """Where no reader is installed: sees nothing, so that staff are told to type the code."""

    async def decode(self, image: bytes) -> list[str]:  # noqa: ARG002 - it is blind
        """See `Decoder`."""
        return []


def texts_of(found: Iterable[tuple[bytes, bool]]) -> list[str]:
    """Give the texts of what was read, each once, our own kind first.

    Args:
        found: The bytes of each code, and whether it is made of stripes.
    """
    texts = [_text_of(raw) for raw, striped in found if not striped or len(raw) == CODE_39_LENGTH]
    return sorted(dict.fromkeys(texts), key=lambda text: not text.startswith("K1:"))


def _text_of(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace")
