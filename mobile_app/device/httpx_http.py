"""HTTP by httpx: phones, desks and the live preview."""

from collections.abc import Mapping

import httpx

from mobile_app.device.http import Answer, NoAnswer

MOST_BYTES = 4 << 20
"""A thousand times what any answer of ours is; the browser's adapter has the same."""


class HttpxHttp:
    """Requests through one client.

    Args:
        client: Its base URL is the server's own address, with no path.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def send(
        self, method: str, path: str, *, content: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        """See `Http`."""
        asked = self._client.stream(method, path, content=content, headers=headers)
        body = bytearray()
        try:
            async with asked as answer:
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise NoAnswer
        except httpx.HTTPError as error:
            raise NoAnswer from error
        return Answer(answer.status_code, bytes(body))
