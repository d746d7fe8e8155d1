"""HTTP by httpx: phones, desks and the live preview."""

from collections.abc import Mapping

import httpx

from mobile_app.device.http import Answer, NoAnswer


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
        try:
            answer = await self._client.request(method, path, content=content, headers=headers)
        except httpx.HTTPError as error:
            raise NoAnswer from error
        return Answer(answer.status_code, answer.content)
