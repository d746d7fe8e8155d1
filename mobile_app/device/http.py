"""One HTTP exchange with the server, whatever carries it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class NoAnswer(Exception):
    """Nothing came back; the request may or may not have arrived."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said, whole."""

    status: int
    content: bytes


class Http(Protocol):
    """Carries requests to one server."""

    async def send(
        self, method: str, path: str, *, content: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        """Send to *path*, query included, and wait for the whole answer.

        Raises:
            NoAnswer: There was none in time.
        """
