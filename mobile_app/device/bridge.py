"""What the page's JavaScript does for the Python in its worker (assets/pwa/page/worker.js).

Records cross as JSON text and bytes as arrays of bytes: nothing that is shared, nothing to free.
"""

from typing import Protocol


class Octets(Protocol):
    """Bytes on the JavaScript side."""

    def to_bytes(self) -> bytes:
        """Copy them here."""


class HttpAnswer(Protocol):
    """An answer of the server."""

    status: int
    content: Octets


class PickedFile(Protocol):
    """A file on the JavaScript side, unread."""

    size: int


class Phone(Protocol):
    """The browser. What is not there is None; other failures are JavaScript's exceptions."""

    baseUrl: str  # noqa: N815 - JavaScript's name

    async def get(self, name: str) -> str | None:
        """Give the JSON text of a record."""

    async def putAll(self, records: str) -> None:
        """Write all or nothing: JSON of pairs, null deletes."""

    async def under(self, prefix: str) -> str:
        """Give JSON of the pairs whose names begin with *prefix*, by name."""

    async def isLasting(self) -> bool:
        """Tell whether the browser promised not to clear the records away."""

    async def makeKey(self, name: str) -> Octets:
        """Make a key; give its point, compressed."""

    async def pointOf(self, name: str) -> Octets | None:
        """Give the point of a key, compressed."""

    async def sign(self, name: str, data: object) -> Octets | None:
        """Sign; r then s."""

    async def forget(self, name: str) -> None:
        """Destroy a key."""

    async def verify(self, point: object, signature: object, data: object) -> bool:
        """Tell whether a signature holds."""

    async def send(self, method: str, url: str, content: object, headers: str) -> HttpAnswer | None:
        """Fetch; headers are JSON."""

    async def readPicture(self, picture: object) -> str | None:
        """Give JSON: the bytes of each code, and whether it is made of stripes."""

    async def choosePhoto(self) -> PickedFile | None:
        """Let the holder choose a photo; it stays on the JavaScript side."""

    async def shrinkPhoto(self, photo: object, wanted: str) -> Octets | None:
        """Give a photo as a small JPEG; JSON says how small."""

    async def stretch(self, secret: str, salt: object, rounds: int) -> Octets:
        """Hash slowly: PBKDF2 with HMAC-SHA-256."""

    def loadAgain(self) -> None:
        """Fetch the newest version of the app and start it."""

    def appReady(self) -> None:
        """The app's first view is drawn: the instant card may go."""


def to_octets(content: bytes) -> object:
    """Copy bytes to the JavaScript side."""
    from pyodide.ffi import to_js  # noqa: PLC0415 - only there in a browser

    return to_js(content)
