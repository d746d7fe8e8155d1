"""A line between a scanner and its server that a test can cut, at three places."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import Enum, auto

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Cut(Enum):
    """Where one exchange ends."""

    BEFORE_THE_REQUEST = auto()
    IN_ITS_BODY = auto()
    BEFORE_THE_ANSWER = auto()


class Line:
    """Carries HTTP requests to *port*, one at a time and unchanged.

    `cuts` are used up by uploads, in their order. `when_sent` is called when an upload has
    left for the server and its answer is not there yet.
    """

    def __init__(self, port: int, of: str) -> None:
        self._port = port
        self._upload = f"POST /api/v1/{of}".encode()
        self.url = ""
        self.cuts: list[Cut] = []
        self.down = False
        self.body_most_bytes = 1 << 30
        self.uploads = 0
        self.when_sent: Callable[[], None] = lambda: None

    async def carry(self, phone: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        try:
            while not self.down and await self._carry_one(phone, back):
                pass
        except (OSError, EOFError):
            pass  # either end is gone, and so is the line
        finally:
            back.close()

    async def _carry_one(self, phone: asyncio.StreamReader, back: asyncio.StreamWriter) -> bool:
        head = await phone.readuntil(b"\r\n\r\n")
        upload = head.startswith(self._upload)
        cut = self.cuts.pop(0) if upload and self.cuts else None
        self.uploads += upload
        if cut is Cut.BEFORE_THE_REQUEST or self.down:
            return False
        body = await phone.readexactly(_length_of(head))
        if len(body) > self.body_most_bytes:
            back.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 6\r\n\r\n<html>")
            return True
        server, forth = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            forth.write(head + (body[: len(body) // 2] if cut is Cut.IN_ITS_BODY else body))
            await forth.drain()
            if cut is Cut.IN_ITS_BODY:
                return False
            if upload:
                self.when_sent()
            answer = await server.readuntil(b"\r\n\r\n")
            answer += await server.readexactly(_length_of(answer))
        finally:
            forth.close()
        if cut is Cut.BEFORE_THE_ANSWER:
            return False
        back.write(answer)
        await back.drain()
        return True


@asynccontextmanager
async def line_to(port: int, *, of: str = "scans") -> AsyncIterator[Line]:
    """Lay a line to the server on *port*, on which uploads *of* something are cut."""
    line = Line(port, of)
    listening = await asyncio.start_server(line.carry, "127.0.0.1", 0)
    line.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield line
    finally:
        listening.close()


def _length_of(head: bytes) -> int:
    found = _LENGTH.search(head)
    return int(found[1]) if found else 0
